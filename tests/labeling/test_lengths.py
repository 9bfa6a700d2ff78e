"""Lengths of known events limit others as far as there are enough of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelloop.labeling.lengths import LONGER, longest, shared_spread, shortest


def spread(middle: float, count: int, width: float = 0.3) -> list[float]:
    """Lengths about a middle, evenly over three spreads."""
    return [float(v) for v in middle * np.exp(width * np.linspace(-1.5, 1.5, count))]


def test_one_example_limits_nothing() -> None:
    lengths = {"dry": [120.0], "wet": spread(1.0, 40)}
    assert "dry" not in shortest(lengths)
    assert "dry" not in longest(lengths, 1)


def test_many_examples_speak_for_themselves() -> None:
    known = spread(1.0, 40)
    assert shortest({"wet": known})["wet"] == pytest.approx(np.quantile(known, 0.05))
    assert longest({"wet": spread(1.0, 80)}, 8)["wet"] >= LONGER * max(known)


def test_few_examples_limit_less_than_many() -> None:
    few, many = spread(1.0, 4, 0.05), spread(1.0, 40, 0.05)
    lengths = {"few": few, "many": many, "other": spread(5.0, 40, 0.5)}
    assert shortest(lengths)["few"] < 0.8 * shortest(lengths)["many"]
    assert longest(lengths, 3)["few"] > longest(lengths, 3)["many"]


def test_a_class_borrows_the_spread_of_the_others() -> None:
    alone = {"few": spread(1.0, 4, 0.05)}
    beside = alone | {"other": spread(5.0, 60, 0.6)}
    assert shared_spread(beside) > shared_spread({"few": spread(1.0, 40, 0.2)})
    assert (
        longest(beside, 3)["few"]
        > longest({"few": spread(1.0, 4, 0.05), "o": spread(5.0, 60, 0.1)}, 3)["few"]
    )


@given(st.dictionaries(st.sampled_from("abc"), st.lists(st.floats(1e-3, 1e4), max_size=30)))
def test_limits_are_finite_and_in_order(lengths: dict[str, list[float]]) -> None:
    low, high = shortest(lengths), longest(lengths, 8)
    for name, known in lengths.items():
        if name in low:
            assert 0 < low[name] <= np.median(known) + 1e-9
        if name in high:
            assert np.isfinite(high[name])
            assert high[name] > max(known)
