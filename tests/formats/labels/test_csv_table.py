"""The table of all sessions' labels."""

from __future__ import annotations

import pytest
from hypothesis import given

from labelloop.formats.labels.csv_table import read, write
from labelloop.formats.labels.session_labels import SessionLabels
from labelloop.project.labels import Label
from tests.formats.labels.made import labels_of, refusal, there_and_back, tracks


@given(found=tracks)
def test_confidence_and_comment_come_back(found: list[Label]) -> None:
    back = there_and_back("csv", found).labels
    assert {(x.confidence, x.comment) for x in back} == {(x.confidence, x.comment) for x in found}


def test_a_session_without_labels_has_a_row() -> None:
    data = write([SessionLabels("empty", ())])
    assert data.splitlines()[1] == b"empty,,,,,"
    assert read(data, "f") == [SessionLabels("empty", ())]


def test_other_programs_column_names_are_known() -> None:
    assert labels_of("csv", "Onset, Offset, Label\n1,2,a\n") == (Label(1, 1, "a"),)


def test_a_label_without_a_confidence_is_certain() -> None:
    assert labels_of("csv", "start,end,class,confidence\n1,2,a,\n")[0].confidence == 1.0


def test_a_line_break_inside_quotes_counts_as_a_line() -> None:
    text = 'start,end,class,comment\n1,2,a,"two\nlines"\n1,x,a,\n'
    assert "line 4: the end 'x' is no number" in refusal("csv", text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("start,end\n1,2\n", "line 1: the header lacks the column class"),
        ('start,end,class\n1,2,"a\n', "can't be read as a table"),
        ("session,start,end,class\ns,1,x,a\n", "line 2: the end 'x' is no number"),
        ("start,end,class\n1,2\n", "line 2: the row has 2 cells, not 3"),
        ("", "f is empty"),
    ],
)
def test_what_is_wrong_is_said_with_the_line(text: str, says: str) -> None:
    assert says in refusal("csv", text)
