"""Event lists of DCASE and sed_eval."""

from __future__ import annotations

from labelloop.formats.labels.dcase import read, write
from labelloop.formats.labels.session_labels import SessionLabels
from tests.formats.labels.made import labels_of, refusal


def test_three_columns_are_one_files_events() -> None:
    assert labels_of("dcase", "0.5\t1.5\tdown\n")[0].end == 1.5


def test_four_columns_name_the_file() -> None:
    parts = read(b"filename\tonset\toffset\tevent_label\na.wav\t1\t2\tup\nb.wav\t1\t2\tup\n", "f")
    assert [(p.session, len(p.labels)) for p in parts] == [("a.wav", 1), ("b.wav", 1)]


def test_a_file_without_events_is_named() -> None:
    assert read(b"b.wav\t\t\t\n", "f") == read(b"b.wav\n", "f") == [SessionLabels("b.wav", ())]


def test_a_session_without_labels_is_written() -> None:
    assert write([SessionLabels("s", ())]).splitlines()[1:] == [b"s\t\t\t"]


def test_a_row_of_two_cells_is_refused() -> None:
    assert "f, line 1: this is no event" in refusal("dcase", "a\tb\n")
