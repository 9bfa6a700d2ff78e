"""The whole session in one row."""

from __future__ import annotations

import numpy as np

from labelloop.rendering.cells import text_of
from labelloop.rendering.overview import activity, occupancy, overview_row

D = "label.0"


def test_overview_shows_activity_events_and_window() -> None:
    values = activity(np.zeros(80), np.tile([0, 0, 1, 0.5], 20), 40)
    assert len(values) == 40
    kinds = occupancy(np.array([2.0, 30]), np.array([4.0, 30.1]), np.array([0, 1]), 0, 40, 40)
    row = overview_row(values, kinds, [("d", D), ("?", "label.0 unsure")], (10, 20))
    text = text_of(row)
    assert text[2:4] == "dd"
    assert text[30] == "?"
    assert text[10] == "["
    assert text[20] == "]"


def test_occupancy_of_nothing_and_odd_times() -> None:
    none = np.zeros(0)
    assert list(occupancy(none, none, none.astype(int), 0, 1, 3)) == [-1, -1, -1]
    odd = np.array([np.nan, np.inf, -5])
    assert list(occupancy(odd, odd, np.zeros(3, int), 0, 1, 2)) == [-1, -1]
