"""One label."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelloop.project.label import Label, problem_of
from labelloop.project.segment import Segment

TIMES = st.floats(-1e6, 1e6)


@given(TIMES, st.floats(0, 1e5))
def test_a_label_never_passes_its_end(start: float, length: float) -> None:
    end = start + length
    label = Label.spanning(start, end, "up")
    assert label.end <= end
    assert label.end == pytest.approx(end, abs=1e-8)
    assert label.length >= 0


def test_lengths_are_short_to_write() -> None:
    assert Label.spanning(0.5, 0.75, "up").length == 0.25


def test_a_moved_label_is_no_row_that_was_read() -> None:
    label = Label(1, 2, "up", 0.5, "c", "run:g1", False, "1,2,up")
    moved = label.moved(3, 4)
    assert (moved.segment, moved.source_text) == (Segment(3, 4), "")
    assert (moved.name, moved.confidence, moved.comment) == ("up", 0.5, "c")
    assert (moved.origin, moved.confirmed) == ("run:g1", False)


def test_what_was_read_is_no_part_of_being_equal() -> None:
    assert Label(1, 2, "up", source_text="a") == Label(1, 2, "up", source_text="b")
    assert Label(1, 2, "up").key() < Label(1, 3, "up").key() < Label(1, 3, "up", 1.5).key()


@pytest.mark.parametrize(
    ("label", "why"),
    [
        (Label(math.nan, 1, "up"), "finite"),
        (Label(0, math.inf, "up"), "finite"),
        (Label(0, -1, "up"), "ends before it starts"),
        (Label(0, 1, " "), "no class"),
    ],
)
def test_labels_that_can_not_be(label: Label, why: str) -> None:
    assert why in (problem_of(label) or "")


def test_a_label_without_a_length_can_be() -> None:
    assert problem_of(Label(0, 0, "up")) is None
