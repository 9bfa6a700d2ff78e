"""Facts that both sides hold alike."""

from __future__ import annotations

import doctest

from labelloop.contract import recipes
from labelloop.contract.recipes import COUNTS, DENSE_RATES, EPOCHS, LEARN_RATES, PRESETS, rates_alike


def test_examples() -> None:
    assert doctest.testmod(recipes).failed == 0


def test_every_preset_has_its_numbers() -> None:
    assert set(PRESETS) == set(COUNTS) == set(EPOCHS)
    assert set(LEARN_RATES) == set(DENSE_RATES)


def test_rates_differ_by_a_factor() -> None:
    assert rates_alike(50, 61)
    assert not rates_alike(50, 63)
    assert not rates_alike(63, 50)
