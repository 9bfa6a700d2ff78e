"""The review queue: which generated labels, and which places without one, most need a user's look."""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from labelloop.labeling.matching import Event
from labelloop.project.labels import Label

_WEIGHTS = {"margin": 0.9, "rival": 0.8, "disagreement": 0.85, "length": 0.6, "missed": 0.7}
_AGAIN = 0.97  # how much less each further one of a session and class counts, so that the queue has variety
_LEAST_SPREAD = 0.15  # of log lengths; lengths of a few labels may agree by chance
_FEW = 3  # labels from which a class has a usual length


@dataclass(frozen=True, slots=True)
class Usual:
    """The usual length of a class: the median in seconds, and the spread of the logarithm."""

    length_s: float
    spread: float

    def outlier_score(self, length_s: float) -> float:
        """How unusual a length is: 0 for the usual one, towards 1 for one that never occurs."""
        if length_s <= 0:
            return 1.0
        away = abs(math.log(length_s / self.length_s)) / self.spread
        return 1.0 - math.exp(-0.5 * (away / 2) ** 2)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something to review: an unconfirmed label, or a place where one is perhaps missing.

    threshold: that of its class, which its confidence is measured from.
    rival: the score of the likeliest other class in its place, 0 to 1.
    agreement: how far the models of the list agree there, 0 to 1; None where there is only one.
    missed: no label is there; the model came close to making one.
    """

    session: str
    event: Event
    threshold: float = 0.5
    rival: float = 0.0
    agreement: float | None = None
    missed: bool = False


def usual_lengths(labels: Iterable[Label | Event]) -> dict[str, Usual]:
    """The usual length of each class that has a few labels, best taken from confirmed ones."""
    logs: dict[str, list[float]] = {}
    for label in labels:
        if label.end > label.start:
            logs.setdefault(label.name, []).append(math.log(label.end - label.start))
    return {name: _usual(values) for name, values in logs.items() if len(values) >= _FEW}


def _usual(logs: list[float]) -> Usual:
    middle = float(np.median(logs))
    spread = 1.4826 * float(np.median(np.abs(np.array(logs) - middle)))
    return Usual(math.exp(middle), max(spread, _LEAST_SPREAD))


def near_misses(found: Sequence[Event], lower: Sequence[Event], taken: Iterable[Label] = ()) -> list[Event]:
    """What a lower threshold finds in addition: "perhaps missed" places.

    Args:
        found: what the model's own threshold finds.
        lower: what a lower one finds.
        taken: labels that are there already; nothing is suggested where one covers half of it.
    """
    spans = [(e.start, e.end) for e in found] + [(x.start, x.end) for x in taken]
    held = np.array(sorted(spans), dtype=np.float64).reshape(-1, 2)
    return [event for event in lower if _covered(event, held) < 0.5]


def _covered(event: Event, held: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> float:
    common = np.minimum(held[:, 1], event.end) - np.maximum(held[:, 0], event.start)
    return float(np.maximum(common, 0).sum()) / max(event.end - event.start, 1e-12)


def error_probability(candidate: Candidate, usual: Mapping[str, Usual]) -> float:
    """How likely a user is to correct it, 0 to 1: reasons for doubt that count independently."""
    event, own = candidate.event, candidate.event.confidence
    if candidate.missed:
        doubts = {"missed": min(1.0, own / max(candidate.threshold, 1e-9))}
        known = usual.get(event.name)
        odd = known.outlier_score(event.end - event.start) if known else 0.0
        return _together(doubts) * (1 - 0.5 * odd)
    margin = (own - candidate.threshold) / max(1 - candidate.threshold, 1e-9)
    doubts = {"margin": 1 - min(1.0, max(0.0, margin))}
    doubts["rival"] = min(1.0, candidate.rival / max(own, 1e-9))
    if candidate.agreement is not None:
        doubts["disagreement"] = 1 - candidate.agreement
    if event.name in usual:
        doubts["length"] = usual[event.name].outlier_score(event.end - event.start)
    return _together(doubts)


def _together(doubts: Mapping[str, float]) -> float:
    confidence = 1.0
    for name, doubt in doubts.items():
        confidence *= 1 - _WEIGHTS[name] * doubt
    return 1 - confidence


def review_order(candidates: Sequence[Candidate], usual: Mapping[str, Usual]) -> list[int]:
    """The places of the candidates in the order of review: most suspicious first, with some variety.

    Each further one of the same session and class counts a little less, so that a queue which is left early
    has been everywhere. The order depends on nothing but the arguments.
    """
    scores = [error_probability(candidate, usual) for candidate in candidates]
    seen: Counter[tuple[str, str, bool]] = Counter()
    waiting = [(-scores[i], c.session, c.event.start, i) for i, c in enumerate(candidates)]
    heapq.heapify(waiting)
    out: list[int] = []
    while waiting:
        value, session, start, i = heapq.heappop(waiting)
        group = (session, candidates[i].event.name, candidates[i].missed)
        now = -scores[i] * _AGAIN ** seen[group]
        if now != value:
            heapq.heappush(waiting, (now, session, start, i))
            continue
        seen[group] += 1
        out.append(i)
    return out


@dataclass(frozen=True, slots=True)
class Estimate:
    """Errors among what was not reviewed yet: how many to expect, and a number that is hardly exceeded."""

    expected: float
    at_most: float


def errors_left(reviewed: Sequence[tuple[float, bool]], waiting: Sequence[float]) -> Estimate:
    """Estimate the errors that nobody has seen yet from those that were corrected.

    Args:
        reviewed: the error probability of each label that a user has looked at, and whether it was wrong.
        waiting: the error probability of those that wait.

    Labels are expected to be wrong as often as reviewed ones of about the same error probability were, and those less
    suspicious than all that were reviewed as often as the least suspicious of these. With nothing reviewed
    the error probability itself has to do.
    """
    if not waiting:
        return Estimate(0.0, 0.0)
    if not reviewed:
        return Estimate(float(sum(waiting)), float(len(waiting)))
    blocks = _falling(sorted(reviewed, reverse=True))
    expected = most = 0.0
    for doubt in waiting:
        wrong, count, _ = next((b for b in blocks if b[2] <= doubt), blocks[-1])
        expected += (wrong + 0.5) / (count + 1)
        most += _upper(wrong, count)
    return Estimate(expected, min(most, float(len(waiting))))


def _falling(ranked: Sequence[tuple[float, bool]], least: int = 10) -> list[tuple[int, int, float]]:
    """Blocks of (wrong, count, lowest error probability) whose error rates fall with the error probability."""
    blocks: list[tuple[int, int, float]] = []
    for at in range(0, len(ranked), least):
        part = ranked[at : at + least]
        blocks.append((sum(wrong for _, wrong in part), len(part), part[-1][0]))
        while len(blocks) > 1 and (blocks[-1][1] < least or _rate(blocks[-1]) >= _rate(blocks[-2])):
            last, before = blocks.pop(), blocks.pop()
            blocks.append((before[0] + last[0], before[1] + last[1], last[2]))
    return blocks


def _rate(block: tuple[int, int, float]) -> float:
    return block[0] / block[1]


def _upper(wrong: int, count: int, z: float = 1.645) -> float:
    """The rate that is exceeded in one case of twenty (Wilson's bound)."""
    rate = wrong / count
    middle = rate + z * z / (2 * count)
    reach = z * math.sqrt(rate * (1 - rate) / count + z * z / (4 * count * count))
    return min(1.0, (middle + reach) / (1 + z * z / count))
