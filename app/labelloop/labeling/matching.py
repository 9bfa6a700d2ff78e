"""How well found events agree with true ones: one-to-one matching and the figures made from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Event(NamedTuple):
    """A class from ``start`` to ``end`` (seconds) with a confidence, 0 to 1."""

    start: float
    end: float
    name: str
    confidence: float = 1.0


class Match(NamedTuple):
    """A true and a found event that belong together: their indices and their overlap, 0 to 1."""

    truth: int
    found: int
    iou: float


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one comparison, and what follows from them."""

    hits: int
    truth: int
    found: int

    @property
    def precision(self) -> float:
        """The share of found events that are right; 1 when nothing was found and nothing was there."""
        return self.hits / self.found if self.found else float(self.truth == 0)

    @property
    def recall(self) -> float:
        """The share of true events that were found; 1 when there are none."""
        return self.hits / self.truth if self.truth else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, 0 to 1; 1 when there is nothing and nothing was found."""
        total = self.truth + self.found
        return 2 * self.hits / total if total else 1.0

    def __add__(self, other: Score) -> Score:
        return Score(self.hits + other.hits, self.truth + other.truth, self.found + other.found)


def match_events(
    truth: Sequence[Event], found: Sequence[Event], least: float = 0.5, *, classes: bool = True
) -> list[Match]:
    """Pairs of events, best overlap first, each event used once.

    Args:
        truth: true events, in any order; overlaps allowed.
        found: found events, likewise.
        least: smallest IoU (overlap over union) of a pair, 0 to 1; 0 asks for any overlap.
        classes: whether the two must be of one class.
    """
    if not truth or not found:
        return []
    i, j = _overlapping(_bounds(truth), _bounds(found))
    if classes:
        ids = {name: n for n, name in enumerate({e.name for e in (*truth, *found)})}
        same = _codes(truth, ids)[i] == _codes(found, ids)[j]
        i, j = i[same], j[same]
    value = _iou(_bounds(truth)[i], _bounds(found)[j])
    good = (value >= least) & (value > 0)
    return _greedy(i[good], j[good], value[good])


def _bounds(events: Sequence[Event]) -> Floats:
    return np.array([(e.start, e.end) for e in events], dtype=np.float64).reshape(-1, 2)


def _codes(events: Sequence[Event], ids: dict[str, int]) -> Ints:
    return np.array([ids[e.name] for e in events], dtype=np.int64)


def _overlapping(truth: Floats, found: Floats) -> tuple[Ints, Ints]:
    """Indices of all pairs that share time: a sweep over the found events sorted by start."""
    order = np.argsort(found[:, 0], kind="stable")
    starts, reach = found[order, 0], np.maximum.accumulate(found[order, 1])
    low = np.searchsorted(reach, truth[:, 0], side="right")
    high = np.maximum(np.searchsorted(starts, truth[:, 1], side="left"), low)
    count = high - low
    i = np.repeat(np.arange(len(truth)), count)
    step = np.arange(len(i)) - np.repeat(np.cumsum(count) - count, count)
    j = order[np.repeat(low, count) + step]
    shared = found[j, 1] > truth[i, 0]
    return i[shared].astype(np.int64), j[shared].astype(np.int64)


def _iou(a: Floats, b: Floats) -> Floats:
    """Overlap over union of the rows (start, end) of two equally long arrays."""
    common = np.minimum(a[:, 1], b[:, 1]) - np.maximum(a[:, 0], b[:, 0])
    union = np.maximum(a[:, 1], b[:, 1]) - np.minimum(a[:, 0], b[:, 0])
    return np.asarray(np.maximum(common, 0) / np.maximum(union, 1e-12))


def _greedy(i: Ints, j: Ints, value: Floats) -> list[Match]:
    out: list[Match] = []
    used_i: set[int] = set()
    used_j: set[int] = set()
    for k in np.lexsort((j, i, -value)).tolist():
        a, b = int(i[k]), int(j[k])
        if a not in used_i and b not in used_j:
            used_i.add(a)
            used_j.add(b)
            out.append(Match(a, b, float(value[k])))
    return out


def event_score(
    truth: Sequence[Event], found: Sequence[Event], iou: float = 0.5, *, classes: bool = True
) -> Score:
    """Hits, true and found counts at one IoU."""
    return Score(len(match_events(truth, found, iou, classes=classes)), len(truth), len(found))


def per_class_scores(truth: Sequence[Event], found: Sequence[Event], iou: float = 0.5) -> dict[str, Score]:
    """The score of each class that occurs on either side, by class name in alphabetical order."""
    hits: dict[str, int] = {}
    for match in match_events(truth, found, iou):
        name = truth[match.truth].name
        hits[name] = hits.get(name, 0) + 1
    names = sorted({e.name for e in (*truth, *found)})
    return {
        name: Score(hits.get(name, 0), sum(e.name == name for e in truth), sum(e.name == name for e in found))
        for name in names
    }


class EdgeErrors(NamedTuple):
    """Mean absolute distance of the edges of matched events in seconds, None without matches."""

    onset_s: float | None
    offset_s: float | None


def edge_errors(truth: Sequence[Event], found: Sequence[Event], matches: Sequence[Match]) -> EdgeErrors:
    """Mean absolute onset and offset error of matched events."""
    if not matches:
        return EdgeErrors(None, None)
    onset = [abs(truth[m.truth].start - found[m.found].start) for m in matches]
    offset = [abs(truth[m.truth].end - found[m.found].end) for m in matches]
    return EdgeErrors(sum(onset) / len(onset), sum(offset) / len(offset))


def centre_score(truth: Sequence[Event], found: Sequence[Event]) -> Score:
    """Hits by centre: same class, and the found centre within half the true length of the true centre."""
    if not truth or not found:
        return Score(0, len(truth), len(found))
    a, b = _bounds(truth), _bounds(found)
    centres = b.mean(axis=1)
    points = np.stack([centres, np.nextafter(centres, np.inf)], axis=1)
    i, j = _overlapping(a, points)
    ids = {name: n for n, name in enumerate({e.name for e in (*truth, *found)})}
    same = _codes(truth, ids)[i] == _codes(found, ids)[j]
    i, j = i[same], j[same]
    half = np.maximum((a[i, 1] - a[i, 0]) / 2, 1e-9)
    value = 1 - np.abs(a[i].mean(axis=1) - centres[j]) / half
    near = value > 0
    return Score(len(_greedy(i[near], j[near], value[near])), len(truth), len(found))


def confusion(
    truth: Sequence[Event], found: Sequence[Event], classes: Sequence[str], iou: float = 0.5
) -> Ints:
    """Counts of events, found class in rows and true class in columns.

    The last row holds missed events (true, not found) and the last column false ones (found, not true).
    Events are matched whatever their class. Events of classes that are not in ``classes`` are left out.
    """
    place = {name: k for k, name in enumerate(classes)}
    truth = [e for e in truth if e.name in place]
    found = [e for e in found if e.name in place]
    other = len(classes)
    table = np.zeros((other + 1, other + 1), dtype=np.int64)
    pairs = match_events(truth, found, iou, classes=False)
    for m in pairs:
        table[place[found[m.found].name], place[truth[m.truth].name]] += 1
    hit_truth, hit_found = {m.truth for m in pairs}, {m.found for m in pairs}
    for i, event in enumerate(truth):
        if i not in hit_truth:
            table[other, place[event.name]] += 1
    for j, event in enumerate(found):
        if j not in hit_found:
            table[place[event.name], other] += 1
    return table


def time_confusion(
    truth: Sequence[Event], found: Sequence[Event], classes: Sequence[str], start: float, end: float
) -> Floats:
    """Seconds of ``start`` to ``end``, found class in rows and true class in columns, background last.

    Time is cut at every edge of either side, so the result is what frames of no length would give. Where
    events of one side overlap, the one that starts last counts.
    """
    edges = {start, end}
    for event in (*truth, *found):
        edges.update((min(max(event.start, start), end), min(max(event.end, start), end)))
    cuts = np.array(sorted(edges), dtype=np.float64)
    rows, columns = (_paint(side, classes, cuts) for side in (found, truth))
    table = np.zeros((len(classes) + 1, len(classes) + 1), dtype=np.float64)
    np.add.at(table, (rows, columns), np.diff(cuts))
    return table


def _paint(events: Sequence[Event], classes: Sequence[str], cuts: Floats) -> Ints:
    """The class number of each piece between cuts; ``len(classes)`` where there is no event."""
    place = {name: k for k, name in enumerate(classes)}
    out = np.full(len(cuts) - 1, len(classes), dtype=np.int64)
    for event in sorted(events):
        if event.name in place:
            low, high = np.searchsorted(cuts, (event.start, event.end))
            out[low:high] = place[event.name]
    return out


def time_accuracy(table: Floats) -> float:
    """The share of time with the right class, from a time confusion; 1 for no time at all."""
    total = float(table.sum())
    return float(np.trace(table)) / total if total > 0 else 1.0


def time_f1(table: Floats) -> float:
    """Mean over the classes that occur (background left out) of the F1 of time, from a time confusion."""
    right = np.diag(table)[:-1]
    total = table.sum(axis=0)[:-1] + table.sum(axis=1)[:-1]
    seen = total > 0
    return float(np.mean(2 * right[seen] / total[seen])) if seen.any() else 1.0
