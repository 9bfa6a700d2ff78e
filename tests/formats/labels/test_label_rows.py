"""Rows of label files, taken apart and written in their dialect."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelloop.formats.labels.label_rows import HEADER, Dialect, column_places, same_row, split_row
from labelloop.project.labels import Label

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@given(name=texts, comment=texts, start=st.floats(-1e6, 1e6), length=st.floats(0, 1e6))
def test_a_written_row_reads_back(name: str, comment: str, start: float, length: float) -> None:
    label = Label(start, length, name, 0.5, comment)
    assert same_row(Dialect().read(Dialect().write(label)), label)


def test_columns_are_found_by_their_names() -> None:
    assert column_places("Label,Confidence,Onset,Duration") == (2, 3, 0, 1, -1)


def test_studios_header_is_the_usual_order() -> None:
    assert column_places(HEADER) == (0, 1, 2, 3, 4)


def test_commas_inside_quotes_part_nothing() -> None:
    assert split_row('1,2,"a, ""b""",1,') == ["1", "2", 'a, "b"', "1", ""]


def test_a_sample_row_gives_the_space_behind_commas() -> None:
    assert Dialect().like("1, 2, a, 1, ").write(Label(3, 4, "b")) == "3, 4, b, 1, "


def test_unknown_columns_are_those_of_the_row_before() -> None:
    dialect = Dialect((0, 1, 2, -1, -1), 4)
    assert dialect.write(Label(3, 4, "b"), "1,2,a,kept") == "3,4,b,kept"


@pytest.mark.parametrize(
    "other", [Label(1, 1, "b"), Label(1, 2, "a"), Label(0, 1, "a"), Label(1, 1, "a", 0.5)]
)
def test_rows_that_differ_are_not_the_same(other: Label) -> None:
    assert not same_row(Label(1, 1, "a"), other)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("1,2", "it has 2 columns where"),
        ("x,2,a", "its start 'x' is not a number"),
        ("1,inf,a", "its length 'inf' is not a finite number"),
        ("1,-1,a", "it ends before it starts"),
        ("1,2,a,1,b,c", "needs quotes around it"),
        ("1_0,2,a", "is not a number"),
    ],
)
def test_a_row_that_is_no_label_says_why(row: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Dialect().read(row)
