"""Bars on one scale."""

from __future__ import annotations

from labelloop.rendering.bars import bar_table
from labelloop.rendering.cells import text_of, width_of

D = "label.0"


def test_bars_share_one_scale() -> None:
    rows = bar_table({"down": ([44, 0], D), "走る": ([11, 22], "label.1")}, ["Train", "Test"], 50, 10)
    assert all(width_of(row) == 50 for row in rows)
    assert text_of(rows[1]).count("█") == 16
    assert text_of(rows[2]).count("█") == 4 + 8
