"""Label files of every make: what holds for all of them, and what damaged ones do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from labelloop.errors import UserError
from labelloop.formats.labels.label_file import EMPTY_LABELS, parse_labels
from labelloop.project.labels import Label, problem_of

HEADERS = (
    "Time(Seconds),Length(Seconds),Label(string),Confidence(double),Comment(string)",
    "Time(seconds), Length(seconds), Label(string), Confidence(double), Comment(string) ",
    "#Time(Seconds),Length(Seconds),Label(string),Confidence(double),Comment(string)",
    "Time,Length,Label",
    "Label,Confidence,Time,Length,Extra",
)
names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=8)
times = st.floats(-1e6, 1e6) | st.floats(0, 100).map(lambda x: round(x, 3)) | st.integers(0, 50).map(float)
lengths = st.floats(0, 1e6) | st.integers(0, 5).map(float)
labels = st.builds(
    Label,
    times,
    lengths,
    names | st.sampled_from(["a", "b", "Live Labeling"]),
    st.sampled_from([0.0, 1.0, 0.25]),
).filter(lambda label: problem_of(label) is None)


def numbers(value: float) -> st.SearchStrategy[str]:
    return st.sampled_from([repr(value), f"{value:.10E}", f" {value!r}", f"{value!r} ", f"{value:g}"])


@st.composite
def rows(draw: st.DrawFn, header: str) -> str:
    plain = st.text(st.characters(exclude_categories=["Cs"], exclude_characters='\x00\r\n,"'), max_size=6)
    quoted = plain.map(lambda text: f'"{text}, ""x"""')
    start, length = draw(numbers(draw(times))), draw(numbers(draw(lengths)))
    name = draw(st.sampled_from(["a", " b", "c d", "ü"]) | quoted)
    confidence = draw(st.sampled_from(["1", "1.0", "0", " 0.5", "1E+000", ""]))
    if header.startswith("Label"):
        return ",".join([name, confidence, start, length, draw(plain)])
    if header == HEADERS[3]:
        return ",".join([start, length, name])
    tail = draw(st.sampled_from(["", ",", ", ", ",x", ",,", ', "a,b"']))
    return ",".join([start, length, name, confidence]) + tail


@st.composite
def files(draw: st.DrawFn) -> bytes:
    header = draw(st.sampled_from(HEADERS))
    other = st.sampled_from(["", "  ", "# a comment", ",,,,"])
    lines = [header, *draw(st.lists(rows(header) | other | st.just("0,1,a,1,"), max_size=8))]
    if header in HEADERS[3:]:
        lines = [line for line in lines if line != "0,1,a,1,"]
    ends = draw(st.sampled_from([["\n"], ["\r\n"], ["\n", "\r\n"]]))
    text = "".join(line + draw(st.sampled_from(ends)) for line in lines)
    if draw(st.booleans()):
        text = text.rstrip("\r\n")
    return draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + text.encode()


def values(found: Sequence[Label]) -> Counter[Label]:
    return Counter(replace(label, source_text="") for label in found)


@given(files())
def test_unchanged_is_identical(data: bytes) -> None:
    document = parse_labels(data, "x")
    assert document.render(document.labels) == data


@given(files(), st.data())
def test_edits_are_in_the_file_and_undo_takes_them_out(data: bytes, choose: st.DataObject) -> None:
    document = parse_labels(data, "x")
    kept = [label for label in document.labels if choose.draw(st.booleans())]
    new = choose.draw(st.lists(labels, max_size=4))
    has_confidence = not data.removeprefix(b"\xef\xbb\xbf").startswith(b"Time,Length,Label")
    new = [replace(label, confidence=label.confidence if has_confidence else 1.0) for label in new]
    edited = bytes(document.render([*new, *kept]))
    again = parse_labels(edited, "x")
    assert values(again.labels) == values([*new, *kept])
    assert again.render(again.labels) == edited
    written = [label.source_text for label in kept]
    texts = Counter(label.source_text for label in [*document.labels, *again.labels])
    if all(texts[row] <= 2 for row in written):
        left = iter([label.source_text for label in again.labels])
        assert all(row in left for row in written)  # as they were, in the file's order
    assert document.render(document.labels) == data


@given(st.lists(labels, max_size=12))
def test_what_is_written_reads_back_sorted(found: list[Label]) -> None:
    again = parse_labels(bytes(parse_labels(EMPTY_LABELS, "x").render(found)), "x").labels
    assert again == sorted(found, key=Label.key) or values(again) == values(found)
    assert [label.key() for label in again] == sorted(label.key() for label in found)


@given(files(), st.data())
def test_damaged_files_are_read_or_refused(data: bytes, choose: st.DataObject) -> None:
    at = choose.draw(st.integers(0, len(data)))
    damage = choose.draw(st.binary(max_size=6) | st.sampled_from([b'"', b",", b"\n", b"nan", b"\r", b"-"]))
    cut = choose.draw(st.integers(0, 5))
    check(data[:at] + damage + data[at + cut :])
    check(data[:at])


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    check(data)


def check(data: bytes) -> None:
    try:
        document = parse_labels(data, "x")
    except UserError as error:
        told = str(error)
    else:
        told = ""
    assert told.isprintable()
    if told:
        return
    assert document.render(document.labels) == data
    assert all(problem_of(label) is None for label in document.labels)
