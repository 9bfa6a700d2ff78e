"""The whole session in one row."""

from __future__ import annotations

import numpy as np
import pytest

from labelloop.rendering.cells import text_of
from labelloop.rendering.overview import activity, overview_row

NONE = np.full(5, -1)


def test_activity_is_the_greatest_move_in_each_column() -> None:
    lo, hi = np.zeros(6), np.array([1.0, 2, 0, 0, 4, 1])
    assert activity(lo, hi, 3).tolist() == [0.5, 0.0, 1.0]


def test_columns_without_samples_are_unknown() -> None:
    lo, hi = np.array([0, np.nan]), np.array([1, np.nan])
    found = activity(lo, hi, 2)
    assert found[0] == 1.0
    assert np.isnan(found[1])


@pytest.mark.parametrize("columns", [0, 3])
def test_nothing_at_all(columns: int) -> None:
    assert np.isnan(activity(np.zeros(0), np.zeros(0), columns)).all()
    assert len(activity(np.zeros(0), np.zeros(0), columns)) == columns


def test_a_flat_signal_does_not_move() -> None:
    assert activity(np.ones(4), np.ones(4), 2).tolist() == [0.0, 0.0]


def test_events_stand_over_the_activity() -> None:
    row = overview_row(
        np.full(5, np.nan), np.array([-1, 0, -1, 1, -1]), [("d", "label.0"), ("u", "label.1 unsure")]
    )
    assert text_of(row) == " d u "
    assert [style for text, style in row if text == "u"] == ["label.1 unsure"]


@pytest.mark.parametrize(
    ("shown", "text"), [((1, 3), " [ ] "), ((2, 2), "  |  "), ((-5, 99), "[   ]"), (None, "     ")]
)
def test_brackets_stand_about_what_is_on_the_screen(shown: tuple[int, int] | None, text: str) -> None:
    assert text_of(overview_row(np.full(5, np.nan), NONE, [], shown)) == text
