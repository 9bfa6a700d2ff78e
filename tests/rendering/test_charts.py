"""Curves as text."""

from __future__ import annotations

import math

import pytest

from labelloop.rendering.cells import text_of, width_of
from labelloop.rendering.charts import curves
from labelloop.rendering.glyphs import Glyphs


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
