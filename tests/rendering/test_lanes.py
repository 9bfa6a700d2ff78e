"""Lanes of labels as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelloop.rendering.cells import text_of, width_of
from labelloop.rendering.glyphs import Glyphs
from labelloop.rendering.lanes import Event, Marks, lane_row

D = "label.0"


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], "····················"),
        ([Event(2, 8, "d", D)], "··[d═══]············"),
        ([Event(2, 10, "d", D, False, 0.58)], "··(d 58 %)··········"),
        ([Event(2, 12, "d", D, False, 0.58)], "··(d 58 %──)········"),
        ([Event(2, 7, "d", D, False, 0.58)], "··(d58)·············"),
        ([Event(2, 5, "d", D, False, 0.58)], "··(d)···············"),
        ([Event(2, 2.4, "d", D)], "··d·················"),
        ([Event(2, 4, "d", D)], "··[d················"),
        ([Event(2, 6, "d", D), Event(6, 10, "u", D)], "··[d═][u═]··········"),
        ([Event(2, 6.2, "d", D), Event(6.2, 10, "u", D)], "··[d═][u═]··········"),
        ([Event(2, 2.1, "d", D), Event(2.3, 2.4, "d", D)], "··2·················"),
        ([Event(-3, 4, "d", D)], "d══]················"),
        ([Event(17, 30, "d", D)], "·················[d═"),
        ([Event(-9, 99, "d", D)], "d═══════════════════"),
        ([Event(2, 12, "d", D), Event(5, 9, "u", D)], "··[d═[u═]══]········"),
    ],
)
def test_lane(events: list[Event], expected: str) -> None:
    assert text_of(lane_row(events, 0, 20, 20)) == expected


def test_lane_marks_cursor_and_selection() -> None:
    row = lane_row([Event(2, 8, "d", D, selected=True)], 0, 20, 20, Marks(4, (10, 12)))
    assert ("═", "label.0 selected cursor") in row
    assert ("░░░", "selection") in row


def test_crowded_lane_counts() -> None:
    events = [Event(k / 10, k / 10 + 0.05, "d", D) for k in range(200)]
    assert text_of(lane_row(events, 0, 20, 20)) == "+" * 20
    assert set(text_of(lane_row(events, 0, 20, 60))) == {"3", "4"}
    assert set(text_of(lane_row(events, 0, 20, 45))) == {"4", "5"}


EVENTS = st.builds(
    lambda start, length, letter, ok, sure: Event(start, start + length, letter, D, ok, sure),
    st.floats(-50, 50),
    st.floats(0, 60),
    st.sampled_from("du走"),
    st.booleans(),
    st.floats(allow_nan=True),
)


@given(st.lists(EVENTS, max_size=30), st.integers(1, 60), st.sampled_from(Glyphs))
def test_lane_is_as_wide_as_it_should_be(events: list[Event], columns: int, glyphs: Glyphs) -> None:
    events.sort(key=lambda e: e.start)
    assert width_of(lane_row(events, -10, 10, columns, Marks(3, (1, 99)), glyphs)) == columns
