"""Other programs' label files: what is written comes back, what is damaged is refused with its line."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelloop.errors import UserError
from labelloop.formats.labels.session_labels import SessionLabels
from labelloop.formats.registry import as_list, by_name
from labelloop.project.labels import Label

NAMES = [label_format.name for label_format in as_list()]
plain = st.characters(exclude_categories=["C", "Zl", "Zp"])
names = st.text(plain, min_size=1, max_size=8).map(str.strip).filter(bool)
times = st.floats(0, 1e6).map(lambda x: round(x, 6))
labels = st.builds(
    lambda start, length, name, sure, comment: Label(start, length, name, sure, comment),
    times,
    st.floats(0, 100).map(lambda x: round(x, 6)),
    names,
    st.sampled_from([0.0, 0.25, 1.0]),
    st.text(plain, max_size=6),
)
tracks = st.lists(labels, max_size=8).map(lambda found: sorted(found, key=Label.key))


def rows(found: Sequence[Label]) -> list[tuple[str, str, str]]:
    return sorted((f"{x.start:.6f}", f"{x.end:.6f}", x.name) for x in found)


@pytest.mark.parametrize("name", NAMES)
@given(found=tracks)
def test_what_is_written_comes_back(name: str, found: list[Label]) -> None:
    label_format = by_name(name)
    part = SessionLabels("down/down_01", tuple(found), "label", 0.0, 1e6)
    (back,) = label_format.read(label_format.write([part]), "file")
    assert back.session == ("down/down_01" if label_format.together else "")
    assert rows(back.labels) == rows(found)
    if name in ("csv", "json"):
        assert {(x.confidence, x.comment) for x in back.labels} == {(x.confidence, x.comment) for x in found}


@pytest.mark.parametrize("name", NAMES)
@given(data=st.binary(max_size=200) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_are_labels_or_a_sentence(name: str, data: bytes) -> None:
    said = "file"
    try:
        by_name(name).read(data, "file")
    except UserError as error:
        said = str(error)
    assert "file" in said
    assert said.isprintable()


def read(name: str, text: str) -> tuple[Label, ...]:
    (part,) = by_name(name).read(text.encode(), "f")
    return part.labels


def test_audacity_as_it_writes() -> None:
    text = "1.000000\t2.500000\tdown\n\\\t100.0\t200.0\n3.000000\t3.000000\tup now\r\n"
    assert [(x.start, x.end, x.name) for x in read("audacity", text)] == [(1, 2.5, "down"), (3, 3, "up now")]


SHORT = (
    'File type = "ooTextFile"\nObject class = "TextGrid"\n\n0\n5\n<exists>\n1\n"IntervalTier"\n"w"\n0\n5\n2\n'
)


def test_praat_short_long_and_utf16() -> None:
    text = SHORT + '0\n2\n""\n2\n5\n"say ""a"""\n'
    assert [(x.start, x.end, x.name) for x in read("praat", text)] == [(2, 5, 'say "a"')]
    (part,) = by_name("praat").read(text.encode("utf-16"), "f")
    assert len(part.labels) == 1
    assert read("praat", "! a remark\n" + text)[0].name == 'say "a"'


def test_praat_keeps_overlaps_in_tiers_of_their_own() -> None:
    found = (Label(0, 2, "a"), Label(1, 2, "b"), Label(2, 1, "a"))
    data = by_name("praat").write([SessionLabels("s", found, "label", 0, 4)])
    assert data.count(b"IntervalTier") == 2
    assert b'name = "label 2"' in data


def test_event_lists_with_and_without_names() -> None:
    assert read("dcase", "0.5\t1.5\tdown\n")[0].end == 1.5
    parts = by_name("dcase").read(
        b"filename\tonset\toffset\tevent_label\na.wav\t1\t2\tup\nb.wav\t\t\t\n", "f"
    )
    assert [(p.session, len(p.labels)) for p in parts] == [("a.wav", 1), ("b.wav", 0)]


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("audacity", "1\t2\ta\n3\t2\tb\n", "f, line 2: the label ends (2 s) before it starts (3 s)"),
        ("audacity", "1\t2\n", "f, line 1: this is no Audacity label"),
        ("audacity", "1\tnan\ta\n", "line 1: the end 'nan' is no number"),
        ("audacity", "1\t2\t \n", "line 1: the label has no class"),
        ("audacity", "1\t2\t\x1b[31mred\n", "line 1: the class '␛[31mred' holds control characters"),
        ("csv", "start,end\n1,2\n", "line 1: the header lacks the column class"),
        ("csv", 'start,end,class\n1,2,"a\n', "can't be read as a table"),
        ("csv", "session,start,end,class\ns,1,x,a\n", "line 2: the end 'x' is no number"),
        ("csv", "start,end,class\n1,2\n", "line 2: the row has 2 cells, not 3"),
        ("csv", "", "f is empty"),
        ("dcase", "a\tb\n", "line 1: this is no event"),
        ("json", "{\n", "line 2: this is no JSON"),
        ("json", "[" * 100_000, "nested too deep"),
        ("json", '{"sessions": [{"session": "a", "labels": [{}]}]}', "f, session 1, label 1: a label needs"),
        ("praat", SHORT, "it was cut off"),
        ("praat", "hello", "it was cut off"),
        ("praat", SHORT.replace('"IntervalTier"', '"Odd"'), "line 8: 'Odd' is no kind of tier"),
        ("praat", SHORT + '0\n"x"\n', "line 14: '\"x\"' stands where end is expected"),
    ],
)
def test_what_is_wrong_is_said_with_the_line(name: str, text: str, says: str) -> None:
    with pytest.raises(UserError) as caught:
        by_name(name).read(text.encode(), "f")
    assert says in str(caught.value)
    assert str(caught.value).isprintable()


def test_unknown_format_names_those_there_are() -> None:
    with pytest.raises(UserError, match="use one of audacity, csv"):
        by_name("elan")
