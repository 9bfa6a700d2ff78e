"""Rows are cut, filled and spread to a width."""

from __future__ import annotations

from labelloop.rendering.cells import fitted, spread, text_of


def test_rows_fit_and_spread() -> None:
    assert text_of(fitted([("走る", "a")], 3)) == "走 "
    assert text_of(spread([("left", "")], [("right", "")], 12)) == "left   right"
    assert text_of(spread([("a long left part", "")], [("right", "")], 12)) == "a lon  right"
