"""Large label files read by columns mean and are written as those that are read row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelloop.formats.labels import label_table
from labelloop.formats.labels.label_file import LabelDocument, parse_labels
from labelloop.formats.labels.label_rows import HEADER
from labelloop.formats.labels.label_table import read_table
from labelloop.project.label_rows import LabelRows
from labelloop.project.labels import Label, LabelTrack
from labelloop.storage.provenance import records_of, with_records
from labelloop.storage.saving import totals_of

NAMES = ["up", "down", " a b ", "é", "under_score"]


@pytest.fixture(autouse=True)
def small_files_too() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    patch.setattr(label_table, "SMALLEST", 0)
    patch.setattr(label_table, "_CHUNK", 3)
    patch.setattr(label_table, "_BLOCK", 7)
    yield
    patch.undo()


def carefully(data: bytes) -> LabelDocument:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("labelloop.formats.labels.label_file.read_table", lambda _: None)
        return parse_labels(data, "x.label")


rows = st.lists(
    st.tuples(st.floats(0, 100).map(lambda v: round(v, 3)), st.sampled_from(NAMES), st.floats(0, 2)),
    min_size=1,
    max_size=12,
    unique_by=lambda row: row[0],
).map(sorted)
ENDINGS = st.sampled_from(["\n", "\r\n"])


def file_of(some: Sequence[tuple[float, str, float]], ending: str, bom: bool = False) -> bytes:
    lines = [HEADER, *(f"{start}, {length},{name},0.5, c" for start, name, length in some)]
    return (b"\xef\xbb\xbf" if bom else b"") + (ending.join(lines) + ending).encode()


@given(rows, ENDINGS, st.booleans())
def test_the_labels_are_the_same(some: list[tuple[float, str, float]], ending: str, bom: bool) -> None:
    data = file_of(some, ending, bom)
    table, plain = parse_labels(data, "x.label"), carefully(data)
    assert isinstance(table.labels, LabelRows)
    assert list(table.labels) == plain.labels
    assert [x.source_text for x in table.labels] == [x.source_text for x in plain.labels]
    assert table.warnings == plain.warnings
    assert totals_of(table.labels) == totals_of(plain.labels)
    assert bytes(table.render(table.labels)) == data


new_labels = st.builds(
    Label,
    st.floats(0, 100).map(lambda v: round(v, 1)),
    st.floats(0, 3),
    st.sampled_from(["up", "new"]),
    origin=st.sampled_from(["", "run:1"]),
    confirmed=st.booleans(),
)


@given(rows, ENDINGS, st.data())
def test_edits_write_the_same_file(
    some: list[tuple[float, str, float]], ending: str, data: st.DataObject
) -> None:
    content = file_of(some, ending)
    document, plain = parse_labels(content, "x.label"), carefully(content)
    track, by_row = LabelTrack(document.labels), LabelTrack(plain.labels)
    taken: list[Label] = []
    for _ in range(data.draw(st.integers(1, 8))):
        step = data.draw(st.sampled_from(["insert", "remove", "again", "unsure"]))
        label = data.draw(new_labels)
        if step != "insert":
            if step == "again" and taken:
                label = taken.pop()
            elif len(track):
                label = track[data.draw(st.integers(0, len(track) - 1))]
                track.remove(label)
                by_row.remove(label)
                taken.append(label)
                if step == "remove":
                    continue
                label = replace(label, confirmed=not label.confirmed)
        track.insert(label)
        by_row.insert(label)
    assert list(track) == list(by_row)
    assert track.unconfirmed == by_row.unconfirmed == len(track.unsure())
    assert [x.source_text for x in track] == [x.source_text for x in by_row]
    written = bytes(document.render(track.now()))
    assert written == plain.render(by_row.now())
    assert {t.name: t.count for t in totals_of(track)} == {t.name: t.count for t in totals_of(list(by_row))}
    assert sorted(records_of(track.now())) == sorted(records_of(by_row))
    again = parse_labels(written, "x.label")
    read = LabelTrack(with_records(again.labels, records_of(track.now())))
    assert list(read) == list(by_row)


@pytest.mark.parametrize(
    "row",
    [
        "2,1,up,1,c",  # starts with the one before
        "1,1,up,1,c",  # goes back
        "3,1,up,1",
        '3,1,"up",1,c',
        "# a comment",
        "",
        "3,1, ,1,c",
        HEADER,
    ],
)
def test_what_is_not_plain_is_left_to_the_careful_reader(row: str) -> None:
    data = f"{HEADER}\n2,1,up,1,c\n{row}\n".encode()
    assert read_table(data) is None
    assert bytes(parse_labels(data, "x").render(carefully(data).labels)) == data


@pytest.mark.parametrize(
    "row", ["nan,1,up,1,c", "3,-1,up,1,c", "3,1_0,up,1,c", "3,inf,up,1,c", "x,1,up,1,c", "3,1,up,1,c,d"]
)
def test_a_bad_row_is_named_as_ever(row: str) -> None:
    with pytest.raises(Exception, match=r"x\.label, line 3"):
        parse_labels(f"{HEADER}\n2,1,up,1,c\n{row}\n".encode(), "x.label")
