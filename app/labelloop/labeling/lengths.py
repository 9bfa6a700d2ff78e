"""How long events of a class may be, told by the known ones; few examples tell little and limit little."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

ENOUGH = 20  # events from which a class speaks for itself
FEWEST = 3  # events that a limit needs at all
BORROWED = 6.0  # events that the spread of all classes together counts as
LEAST_SPREAD = 0.15  # of the logarithm of lengths: people's edges alone differ by that
SHORT_SPREADS, LONG_SPREADS = 1.9, 3.5  # how many spreads from the middle a length is out of the question
LONGER = 2.0  # times the longest of many known events is too long


def shortest(lengths: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """The length in seconds that few events of a class fall short of; none for a class with too few events.

    With many events it is what one in twenty falls short of. With fewer it moves towards what their middle
    and the spread of all classes together allow (a log-normal with a spread shrunk to the shared one, as in
    empirical Bayes; Efron & Morris 1975), which is less.
    """
    shared = shared_spread(lengths)
    out: dict[str, float] = {}
    for name, known in lengths.items():
        if len(known) < FEWEST:
            continue
        seen = float(np.quantile(known, 0.05))
        guess = math.exp(_middle(known) - SHORT_SPREADS * _spread(known, shared))
        trust = min(1.0, len(known) / ENOUGH)
        out[name] = math.exp(trust * math.log(seen) + (1 - trust) * math.log(min(seen, guess)))
    return out


def longest(lengths: Mapping[str, Sequence[float]], least: int) -> dict[str, float]:
    """The length in seconds that no event of a class should exceed, for classes with ``least`` events."""
    shared = shared_spread(lengths)
    out: dict[str, float] = {}
    for name, known in lengths.items():
        if len(known) >= max(least, FEWEST):
            rare = math.sqrt(max(1.0, 3 * ENOUGH / len(known)))  # a longer tail than few examples show
            guess = math.exp(_middle(known) + LONG_SPREADS * rare * _spread(known, shared))
            out[name] = max(LONGER * max(known), guess)
    return out


def shared_spread(lengths: Mapping[str, Sequence[float]]) -> float:
    """The spread of the logarithm of lengths within classes, over all of them."""
    parts = [np.log(known) - _middle(known) for known in lengths.values() if len(known) > 1]
    freedom = sum(len(part) - 1 for part in parts)
    if freedom <= 0:
        return 0.5
    return max(LEAST_SPREAD, math.sqrt(float(sum(np.square(part).sum() for part in parts)) / freedom))


def _middle(known: Sequence[float]) -> float:
    return float(np.mean(np.log(known)))


def _spread(known: Sequence[float], shared: float) -> float:
    """The spread of one class, shrunk to the shared one, and what the middle itself may be off by."""
    own = float(np.square(np.log(known) - _middle(known)).sum())
    variance = (own + BORROWED * shared**2) / (len(known) - 1 + BORROWED)
    return math.sqrt(variance * (1 + 1 / len(known)))
