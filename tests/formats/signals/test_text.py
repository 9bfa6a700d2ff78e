"""The fields of text recordings."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelloop.formats.signals.text import ABSENT, number, shorten, split_row, unique_names, wrong


@given(st.floats(allow_nan=False))
def test_numbers_are_read_as_they_were_written(value: float) -> None:
    assert number(repr(value)) == value


@pytest.mark.parametrize("field", sorted(ABSENT))
def test_what_stands_for_no_value_is_a_gap(field: str) -> None:
    value = number(field)
    assert value is not None
    assert math.isnan(value)


@pytest.mark.parametrize("field", ["x", "1_000", "1,5", "0x10"])
def test_text_is_no_number(field: str) -> None:
    assert number(field) is None


def test_fields_lose_the_space_around_them() -> None:
    assert split_row("1, 2 ,3") == ["1", "2", "3"]


def test_commas_inside_quotes_part_nothing() -> None:
    assert split_row('"x, left", y') == ["x, left", "y"]


@given(st.lists(st.sampled_from(["x", "y", "x (2)", ""]), max_size=6))
def test_names_of_channels_are_unique(given_names: list[str]) -> None:
    names = unique_names(given_names)
    assert len(set(names)) == len(names) == len(given_names)


def test_a_message_names_the_line_when_there_is_one() -> None:
    assert str(wrong(Path("a.csv"), 3, "no.")) == "a.csv, line 3: no."
    assert str(wrong(Path("a.csv"), None, "no.")) == "a.csv: no."


@given(st.text(max_size=100), st.integers(1, 50))
def test_a_value_in_a_message_is_short_and_printable(text: str, limit: int) -> None:
    shown = shorten(text, limit)
    assert len(shown) <= limit
    assert shown.isprintable()
