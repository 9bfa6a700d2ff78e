"""Which of the trained models is the best, by its figures on Validation and what they are worth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from labelloop.contract.recipes import DISTILLED, ENSEMBLE
from labelloop.errors import printable
from labelloop.learning.training.judging import Candidate

APART = 0.15  # event F1 between members on Validation from which they count as of different minds


@dataclass(frozen=True, slots=True)
class Choice:
    """The best candidate, None when none found an event, and why it is."""

    best: Candidate | None
    reason: str


def choose_best(found: Sequence[Candidate], events: int) -> Choice:
    """The best of the candidates; one that found no event is never the best.

    The distilled network goes first, then the ensemble: both learned from Validation, too, which their
    figures don't show, and an average of models is a safer choice than the one that came first on a few
    events. But neither is the best when it is behind the first by more than chance.

    Args:
        found: the candidates.
        events: how many events Validation has.
    """
    good = [c for c in found if c.value >= 0]
    first = max(good, key=lambda c: c.value, default=None)
    if first is None:
        return Choice(None, "")
    for name in (DISTILLED, ENSEMBLE):
        preferred = next((c for c in good if c.row["name"] == name), None)
        if preferred is None:
            continue
        if first.value - preferred.value <= noise(first.value, preferred.value, events):
            return Choice(preferred, _reason(preferred, first, events))
    return Choice(first, _reason(first, _next_best(good, first), events))


def noise(a: float, b: float, events: int) -> float:
    """How far two event F1 may differ by the chance of so few events: one standard error."""
    return math.sqrt((a * (1 - a) + b * (1 - b)) / max(1, events))


def _next_best(good: Sequence[Candidate], first: Candidate) -> Candidate | None:
    return max((c for c in good if c is not first), key=lambda c: c.value, default=None)


def _reason(best: Candidate, other: Candidate | None, events: int) -> str:
    name, value = printable(best.row["name"]), f"{best.value:.2f}"
    if other is None:
        return f"{name} is the only one (event F1 {value} on Validation)"
    beside = f"{printable(other.row['name'])} {other.value:.2f}"
    if other is best or best.value >= other.value:
        return f"{name} has event F1 {value} on Validation" + ("" if other is best else f", {beside}")
    return f"{name} has event F1 {value} on Validation, {beside}: no more than the chance of {events} events"


def disagreement(members: Sequence[Candidate]) -> str:
    """A sentence when members come out far apart on Validation; empty when they don't."""
    values = sorted(max(0.0, c.value) for c in members)
    if len(values) < 2 or values[-1] - values[0] < APART:
        return ""
    return (
        f"The models differ widely on Validation (event F1 {values[0]:.2f} to {values[-1]:.2f}): examples "
        "are too few; label more events of the classes with low figures, in other sessions."
    )
