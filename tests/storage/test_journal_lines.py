"""A line is the entry that was written, or is known to be none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelloop.project.history import DO, Entry
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.storage.journal_lines import (
    Damaged,
    Newer,
    ended,
    entry_of_line,
    entry_to_line,
    has_sum,
    pieces,
    with_sum,
)

ENTRY = Entry(3, DO, EditLabels("id", "label", (), (Label(1, 2, "up"),)), "edit", "run:g1", time=1.5)
LINE = entry_to_line(ENTRY)


def test_an_entry_comes_back() -> None:
    assert entry_of_line(LINE) == ENTRY
    assert has_sum(LINE)


@given(st.integers(0, len(LINE) - 2), st.integers(1, 255))
def test_no_other_byte_goes_unnoticed(at: int, by: int) -> None:
    line = LINE[:at] + bytes([LINE[at] ^ by]) + LINE[at + 1 :]
    with pytest.raises(Damaged):
        entry_of_line(line)


def test_a_whole_line_of_a_kind_that_is_not_known_is_of_a_newer_version() -> None:
    with pytest.raises(Newer):
        entry_of_line(with_sum(b'{"seq":1,"op":"do","t":1,"title":"","change":{"kind":"later"}}'))


def test_a_line_feed_that_became_another_byte() -> None:
    assert pieces(LINE[:-1] + b"x" + LINE) == [LINE, LINE]
    assert pieces(LINE) == [LINE]
    assert ended(LINE[:-1] + b"x") == LINE
    assert ended(LINE) == LINE
