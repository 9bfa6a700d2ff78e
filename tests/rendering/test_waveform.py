"""Signals as dots: shape, gaps, odd values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from labelloop.rendering.cells import text_of, width_of
from labelloop.rendering.glyphs import Glyphs
from labelloop.rendering.waveform import Trace, dot_columns, draw, value_range

ANY = hnp.arrays(np.float64, st.integers(0, 60), elements=st.floats(allow_nan=True, allow_infinity=True))


def lines(rows: list[list[tuple[str, str]]]) -> list[str]:
    return [text_of(row) for row in rows]


@settings(deadline=None)
@given(ANY, ANY, st.floats(), st.floats(), st.integers(0, 5), st.integers(0, 30), st.sampled_from(Glyphs))
def test_any_values_make_rows_of_the_size(
    lo: np.ndarray, hi: np.ndarray, low: float, high: float, rows: int, columns: int, glyphs: Glyphs
) -> None:
    size = min(len(lo), len(hi))
    traces = [Trace(lo[:size], hi[:size], low, high, "a"), Trace(hi[:size], lo[:size], low, high, "b")]
    drawn = draw(traces, rows, columns, glyphs, [(-3, 2, "t"), (5, 99, "u")])
    assert len(drawn) == rows
    assert all(width_of(row) == columns for row in drawn if columns)


@given(ANY, ANY)
def test_range_is_finite_and_ordered(lo: np.ndarray, hi: np.ndarray) -> None:
    low, high = value_range(lo, hi)
    assert np.isfinite([low, high, high - low]).all()
    assert low <= high


@pytest.mark.parametrize("glyphs", list(Glyphs))
def test_a_rising_line_is_connected(glyphs: Glyphs) -> None:
    values = np.linspace(0, 1, 4)
    rows = lines(draw([Trace(values, values, 0, 1)], 2, 4 // dot_columns(1, glyphs), glyphs))
    inked = [[char != " " for char in row] for row in rows]
    assert all(any(column) for column in zip(*inked, strict=True))
    assert inked[0][-1]
    assert inked[1][0]
    assert "".join(rows).isascii() == (glyphs is Glyphs.ASCII)


def test_gap_is_blank_and_not_bridged() -> None:
    values = np.ones(40)
    values[16:24] = np.nan
    (row,) = lines(draw([Trace(values, values, 0, 2)], 1, 20))
    assert row[8:12] == "    "
    assert " " not in row[:8] + row[12:]


def test_constant_and_single_sample() -> None:
    values = np.full(20, 7.0)
    low, high = value_range(values, values)
    assert low < 7 < high
    assert len(set(lines(draw([Trace(values, values, low, high)], 1, 10))[0])) == 1
    assert text_of(draw([Trace(values, values, 7, 7)], 1, 10)[0]).strip()
    one = np.full(20, np.nan)
    one[4] = 3
    assert len(lines(draw([Trace(one, one, 0, 5)], 1, 10))[0].strip()) == 1


def test_overlay_cell_belongs_to_the_trace_with_most_dots() -> None:
    flat, high = np.zeros(8), np.array([0, 0, 0, 0, 1.0, 1, 1, 1])
    rows = draw([Trace(flat, high, 0, 1, "a"), Trace(flat, flat, 0, 1, "b")], 1, 4)
    assert [style for _, style in rows[0]] == ["b", "a"]


def test_runs_of_one_style_are_one_run() -> None:
    values = np.sin(np.arange(400) / 9)
    rows = draw([Trace(values, values, -1, 1)], 8, 200)
    assert all(len(row) == 1 for row in rows)


def test_tint_colours_columns() -> None:
    values = np.zeros(20)
    (row,) = draw([Trace(values, values, -1, 1)], 1, 10, Glyphs.BRAILLE, [(2, 4, "label.0")])
    assert [(len(text), style) for text, style in row] == [(2, "wave"), (2, "label.0"), (6, "wave")]
