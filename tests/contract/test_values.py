"""Values of JSON that may be anything."""

from __future__ import annotations

import doctest

import pytest

from labelloop.contract import values
from labelloop.contract.values import items, mapping, names, number, rows, text, whole


def test_examples() -> None:
    assert doctest.testmod(values).failed == 0


@pytest.mark.parametrize("value", [None, 3, "x", [1], True])
def test_what_is_no_object_is_an_empty_one(value: object) -> None:
    assert mapping(value) == {}


def test_only_objects_of_a_list_are_rows() -> None:
    assert rows([{"a": 1}, 2, None, {"b": 2}]) == [{"a": 1}, {"b": 2}]
    assert rows({"a": 1}) == []


def test_only_lists_have_items() -> None:
    assert items([1, 2]) == [1, 2]
    assert items("ab") == []


def test_numbers_are_finite_and_no_truths() -> None:
    assert (number(2), number(2.5)) == (2.0, 2.5)
    assert [number(v) for v in (True, float("inf"), "2", None)] == [None] * 4
    assert (whole(2.9), whole(None)) == (2, None)


def test_texts() -> None:
    assert (text(None), text(3), names([1, "a"])) == ("", "3", ("1", "a"))
