"""Rulers, lanes, overview, scores, bars, matrices and curves as text."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelloop.rendering.bars import bar_table
from labelloop.rendering.cells import fitted, spread, text_of, width_of
from labelloop.rendering.charts import curves
from labelloop.rendering.format import cell_width, clock, fit, number, shorten, span
from labelloop.rendering.glyphs import Glyphs, plain
from labelloop.rendering.lanes import Event, Marks, lane_row
from labelloop.rendering.matrix import Matrix, matrix_rows
from labelloop.rendering.ruler import nice_step, ruler, ticks
from labelloop.rendering.score import score_row, spark


def test_ruler_like_the_sketch() -> None:
    made = ruler(8, 16, 72, 40)
    assert text_of(made.ticks) == "├────────┬────────┬────────┬────────┬───▼────┬────────┬────────┬────────"
    assert text_of(made.labels).split() == ["8", "s", "9", "10", "11", "12", "13", "14", "15"]


@given(st.floats(-1e12, 1e12), st.floats(1e-6, 1e9), st.integers(1, 300), st.sampled_from(Glyphs))
def test_ruler_fits_any_view(start: float, shown: float, columns: int, glyphs: Glyphs) -> None:
    made = ruler(start, start + shown, columns, 3, glyphs)
    assert width_of(made.ticks) == width_of(made.labels) == columns


@given(st.floats(1e-9, 1e9))
def test_nice_steps_are_no_smaller(smallest: float) -> None:
    assert nice_step(smallest) >= smallest * (1 - 1e-6)


def test_ruler_of_a_clock_since_1970() -> None:
    _, marks = ticks(1.6e9, 1.6e9 + 40, 78)
    assert len(marks) > 2
    assert "12:26:40" in text_of(ruler(1.6e9, 1.6e9 + 40, 78).labels)


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


def test_score() -> None:
    assert spark(np.array([np.inf, -np.inf, 0.5]), glyphs=Glyphs.ASCII) == "@.+"
    assert score_row(np.array([0.1, 0.9, 0.9]), 0.5) == [("▂", "dim"), ("▇▇", "score")]


def test_bars_share_one_scale() -> None:
    rows = bar_table({"down": ([44, 0], D), "走る": ([11, 22], "label.1")}, ["Train", "Test"], 50, 10)
    assert all(width_of(row) == 50 for row in rows)
    assert text_of(rows[1]).count("█") == 16
    assert text_of(rows[2]).count("█") == 4 + 8


def test_matrix() -> None:
    matrix = Matrix(("down", "(missed)"), ("down", "(none)"), ((27, 2), (1, 0)))
    rows = [text_of(row) for row in matrix_rows(matrix)]
    assert rows[0].split() == ["predicted", "╲", "actual", "down", "(none)"]
    assert rows[1].split() == ["down", "27", "2"]
    assert rows[2].split() == ["(missed)", "1", "·"]
    shares = Matrix(matrix.rows, matrix.columns, matrix.counts, in_percent=True)
    assert "96 %" in text_of(matrix_rows(shares)[1])
    assert any("cursor" in style for _, style in matrix_rows(matrix, (0, 1))[1])


@pytest.mark.parametrize("glyphs", list(Glyphs))
def test_curves_fill_their_size(glyphs: Glyphs) -> None:
    values = {"train": [1 / (i + 1) for i in range(30)], "valid": [math.nan, 0.5, math.inf, 0.4]}
    rows = curves(values, 60, 9, glyphs, length=60)
    assert len(rows) == 9
    assert all(width_of(row) == 60 for row in rows)
    styles = {style for row in rows for _, style in row}
    assert {"series.0", "series.1", "axis"} <= styles
    if glyphs is Glyphs.ASCII:
        assert "".join(text_of(row) for row in rows).isascii()


@pytest.mark.parametrize(
    "values", [{}, {"train": []}, {"train": [math.nan]}, {"train": [0.5]}, {"a": [2, 2]}]
)
def test_curves_of_little(values: dict[str, list[float]]) -> None:
    assert len(curves(values, 40, 6)) == 6
    assert len(curves(values, 5, 2)) == 2


@given(st.text(max_size=40), st.integers(0, 30), st.sampled_from(["left", "right", "centre"]))
def test_fit_is_exact_and_printable(text: str, width: int, align: str) -> None:
    fitted_text = fit(text, width, align)
    assert cell_width(fitted_text) == width
    assert fitted_text.isprintable()


def test_hostile_names_are_shown_as_text() -> None:
    assert shorten("\x1b[2J[b]走る[/b]\n", 40) == "␛[2J[b]走る[/b]␊"
    assert fit("走る走る", 5) == "走る…"
    assert fit("走る走る", 6) == "走る… "


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_numbers_of_any_size(value: float) -> None:
    assert number(value)
    assert len(number(value)) <= 12
    assert clock(value, 1)
    assert span(value)


def test_rows_fit_and_spread() -> None:
    assert text_of(fitted([("走る", "a")], 3)) == "走 "
    assert text_of(spread([("left", "")], [("right", "")], 12)) == "left   right"
    assert text_of(spread([("a long left part", "")], [("right", "")], 12)) == "a lon  right"


def test_plain_keeps_widths() -> None:
    text = "▸▾▴▹◂★✓✗–−…·═─│├┬┼╲┤█▏▎▍▌▋▊▉▁▂▃▄▅▆▇▼▲␣±≥≤→←↑↓░▒«»╪×└┘┌┐╌"
    assert plain(text).isascii()
    assert len(plain(text)) == len(text)
