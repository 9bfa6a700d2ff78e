"""Edges from the signal itself: like those of labels that are there, or where the signal changes most."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from labelloop.project.segment import Segment

Floats = NDArray[np.float64]
_GRID = 80  # steps to the usual length of an event
_HALF = 24  # steps of context on either side of an edge
_STRIDE = 2  # of these, each second one is compared
_REACH = 40  # steps that an edge of a stamped event may move
_MOST_CHANNELS = 16
_MOST_EXAMPLES = 8
_MOST_ROWS = 400_000  # samples of one channel that are looked at
_LENGTH, _PLACE = 4.0, 8.0  # what a length or a place that is not the expected one costs
_ALIKE, _UNLIKE = 0.5, 1.0  # distances up to which an edge is surely like the examples, and surely not
_TRUST = 0.15  # of the usual length: examples that find each other no better than that tell nothing


class Samples(Protocol):
    """What is needed of a signal."""

    n: int

    def index_of(self, time: float) -> int:
        """The first row at or after a time."""
        ...

    def times_of(self, i: int, j: int) -> Floats:
        """Times of rows."""
        ...

    def read_channel(self, channel: int, i: int, j: int) -> NDArray[np.float32]:
        """Samples of rows."""
        ...


class Snapper:
    """Finds edges in some channels of a signal.

    ``examples`` are stretches of the same signal that a user labelled with the class in question: their
    edges show how a start and an end look. Without them edges go where the signal changes most.
    """

    def __init__(self, signal: Samples, channels: Sequence[int], examples: Sequence[Segment] = ()) -> None:
        step = max(1, -(-len(channels) // _MOST_CHANNELS))
        self._signal, self._channels = signal, list(channels)[::step]
        self._examples = [x for x in examples if x.length > 0]

    def event(self, at: float, length: float) -> Segment | None:
        """The event of about this length that starts about at a moment; None where nothing can be told."""
        near = sorted(self._examples, key=lambda x: abs(x.start - at))[:_MOST_EXAMPLES]
        if not near:
            return self._changes(Segment(at, at + length), length, 0.25)
        return self._alike(Segment(at, at + length), near, _REACH)

    def edges(self, segment: Segment) -> Segment:
        """The signal's own edges near those of a stretch; the stretch itself where nothing can be told."""
        others = [x for x in self._examples if x.iou(segment) < 0.5]
        near = sorted(others, key=lambda x: abs(x.start - segment.start))[:_MOST_EXAMPLES]
        if near:
            found = self._alike(segment, near, _REACH // 2)
        else:
            found = self._changes(segment, segment.length, 0.15)
        return found or segment

    # Like the examples

    def _alike(self, guess: Segment, examples: Sequence[Segment], reach: int) -> Segment | None:
        grid = float(np.median([x.length for x in examples])) / _GRID
        if not grid > 0:
            return None
        size = _HALF + _REACH
        starts = self._about([x.start for x in examples], grid, size)
        finishes = self._about([x.end for x in examples], grid, size)
        here = self._about([guess.start, guess.end], grid, size)
        if not (starts and finishes and here):
            return None
        scale = _scale([*starts, *finishes, *here])
        onset, offset = (_Edge([part / scale for part in parts]) for parts in (starts, finishes))
        first, last = here[0] / scale, here[1] / scale
        shifts = np.arange(-reach, reach + 1)
        cost_start = onset.costs(first)[_REACH + shifts]
        cost_end = offset.costs(last)[_REACH + shifts]
        length = guess.length / grid + shifts[None, :] - shifts[:, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            odd = np.where(length > 0.3 * _GRID, _LENGTH * np.log(np.maximum(length, 1) / _GRID) ** 2, np.inf)
        place = _PLACE * (shifts / _GRID) ** 2
        cost = cost_start[:, None] + cost_end[None, :] + odd + place[:, None] + 0.2 * place[None, :]
        if not np.isfinite(cost).any():
            return None
        a, b = np.unravel_index(int(np.argmin(cost)), cost.shape)
        return Segment(guess.start + float(shifts[a]) * grid, guess.end + float(shifts[b]) * grid)

    # Where it changes

    def _changes(self, guess: Segment, length: float, reach: float) -> Segment | None:
        """Each edge to the strongest change of level or liveliness near it."""
        grid = length / _GRID
        if not grid > 0:
            return None
        parts = self._about([guess.start, guess.end], grid, _HALF + _REACH)
        if not parts:
            return None
        scale = _scale(parts)
        moved = [_strongest(part / scale, round(reach * _GRID)) * grid for part in parts]
        start, end = guess.start + moved[0], guess.end + moved[1]
        return Segment(start, end) if end - start > guess.length / 3 else guess

    # From samples to features

    def _about(self, moments: Sequence[float], grid: float, size: int) -> list[Floats]:
        """Features about some moments; nothing when one of them has no samples."""
        parts = [self._features(moment, grid, size) for moment in moments]
        return [part for part in parts if part is not None] if all(p is not None for p in parts) else []

    def _features(self, centre: float, grid: float, size: int) -> Floats | None:
        """Level and liveliness on a grid about a moment: (2 * size + 1, 2 * channels)."""
        edges = centre + (np.arange(2 * size + 4) - size - 1.5) * grid
        i = max(0, self._signal.index_of(float(edges[0])) - 1)
        j = min(self._signal.n, self._signal.index_of(float(edges[-1])) + 1)
        if j - i < 4 or j - i > _MOST_ROWS:
            return None
        rows = np.interp(edges, self._signal.times_of(i, j) + 1e-12 * np.arange(j - i), np.arange(j - i))
        columns = [_level_and_life(self._signal.read_channel(k, i, j), rows) for k in self._channels]
        return np.concatenate(columns, axis=1) if columns else None


def _level_and_life(samples: NDArray[np.float32], rows: Floats) -> Floats:
    """Mean and logarithm of the spread over cells between (fractional) rows, the spread over three cells."""
    values = samples.astype(np.float64)
    known = np.isfinite(values)
    if not known.all():
        values = np.where(known, values, values[known].mean() if known.any() else 0.0)
    values -= values.mean()
    at = np.arange(len(values) + 1) - 0.5
    sums = [np.interp(rows, at, np.concatenate([[0.0], np.cumsum(power)])) for power in (values, values**2)]
    count = np.maximum(np.diff(rows), 1e-9)
    level = (np.diff(sums[0]) / count)[1:-1]
    wide = np.maximum(rows[3:] - rows[:-3], 1e-9)
    mean = (sums[0][3:] - sums[0][:-3]) / wide
    spread = np.sqrt(np.maximum((sums[1][3:] - sums[1][:-3]) / wide - mean**2, 0.0))
    level[np.diff(rows)[1:-1] <= 0] = 0.0
    floor = max(float(spread.max(initial=0.0)) * 0.02, 1e-12)
    return np.stack([level, np.log(spread + floor)], axis=1)


def _scale(parts: Sequence[Floats]) -> Floats:
    """The usual spread of each feature; features that never change count nothing."""
    spread = np.concatenate(parts).std(axis=0)
    return np.where(spread > 1e-9, spread, np.inf)


class _Edge:
    """How an edge looks, from examples: features about it, and how far the examples agree."""

    def __init__(self, parts: Sequence[Floats]) -> None:
        self._parts = parts
        self._look = np.mean([self._window(part) for part in parts], axis=0)
        self.trust = self._agreement() if len(parts) >= 3 else 1.0

    @staticmethod
    def _window(part: Floats, shift: int = 0) -> Floats:
        middle = len(part) // 2 + shift
        return part[middle - _HALF : middle + _HALF + 1 : _STRIDE]

    def distances(self, part: Floats, look: Floats | None = None) -> Floats:
        """How unlike the edge each place within reach is, 1 for what has nothing in common with it."""
        look = self._look if look is None else look
        windows = np.stack([self._window(part, shift) for shift in range(-_REACH, _REACH + 1)])
        energy = float(((look - look.mean(axis=0)) ** 2).mean())
        return np.asarray(((windows - look) ** 2).mean(axis=(1, 2)) / max(energy, 1e-3))

    def costs(self, part: Floats) -> Floats:
        """The distances, weighed by how much they can be relied on: little where no place looks alike."""
        found = self.distances(part)
        alike = (_UNLIKE - float(found.min())) / (_UNLIKE - _ALIKE)
        return found * self.trust * min(max(alike, 0.0), 1.0)

    def _agreement(self) -> float:
        """1 when each example's edge is found from the others', down to 0 when it is not."""
        total = self._look * len(self._parts)
        place = _PLACE * (np.arange(-_REACH, _REACH + 1) / _GRID) ** 2
        errors = []
        for part in self._parts:
            others = (total - self._window(part)) / (len(self._parts) - 1)
            found = int(np.argmin(self.distances(part, others) + place)) - _REACH
            errors.append(abs(found) / _GRID)
        return float(math.exp(-((float(np.median(errors)) / _TRUST) ** 2)))


def _strongest(part: Floats, reach: int) -> int:
    """The shift, in steps, of the strongest change from what lies before to what lies after; 0 for none."""
    middle = len(part) // 2
    sums = np.concatenate([np.zeros((1, part.shape[1])), np.cumsum(part, axis=0)])
    best, strongest = 0, 0.0
    for shift in range(-reach, reach + 1):
        at = middle + shift
        before = (sums[at] - sums[at - _HALF // 2]) / (_HALF // 2)
        after = (sums[at + _HALF // 2] - sums[at]) / (_HALF // 2)
        change = float(((after - before) ** 2).mean()) * (1 - 0.7 * abs(shift) / (reach + 1))
        if change > strongest * (1 + 1e-9):
            best, strongest = shift, change
    return best if strongest > 1e-6 else 0


def nearest_edge(edges: Sequence[float], at: float, reach: float) -> float | None:
    """The edge of another label within reach of a moment, the nearest one."""
    near = [edge for edge in edges if abs(edge - at) <= reach]
    return min(near, key=lambda edge: abs(edge - at), default=None)


def zero_crossing(signal: Samples, channel: int, at: float, reach: float) -> float | None:
    """The moment within reach where one channel passes its own mean, the nearest one."""
    i, j = signal.index_of(at - reach), signal.index_of(at + reach)
    i, j = max(0, i - 1), min(signal.n, j + 1)
    if not 2 <= j - i <= _MOST_ROWS:
        return None
    times, values = signal.times_of(i, j), signal.read_channel(channel, i, j).astype(np.float64)
    values = values - np.nanmean(values) if np.isfinite(values).any() else values
    turns = np.flatnonzero(np.diff(np.signbit(values)) & np.isfinite(values[1:]) & np.isfinite(values[:-1]))
    if not len(turns):
        return None
    share = values[turns] / (values[turns] - values[turns + 1])
    moments = times[turns] + share * (times[turns + 1] - times[turns])
    best = float(moments[int(np.argmin(np.abs(moments - at)))])
    return best if abs(best - at) <= reach else None
