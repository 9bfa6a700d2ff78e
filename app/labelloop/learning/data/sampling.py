"""Batches for training: crops of sessions, balanced over classes, with made-up variation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from labelloop.learning.data.prepared import Prepared

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Augment:
    """How strongly training data is varied; 0 is off. In standard deviations of a feature unless said."""

    gain: float = 0.35  # of a channel, as a share
    offset: float = 0.3
    noise: float = 0.1
    drop: float = 0.05  # chance that a channel is silent in a crop
    group: float = 0.1  # offset of one feature


class Sampler:
    """Draws batches of crops.

    Half of the crops lie about an event, rarer classes being drawn more often than they occur (by the square
    root of their number); the rest lie anywhere.
    """

    def __init__(
        self, sessions: Sequence[Prepared], length: int, batch: int, augment: Augment, pad: int, seed: int
    ) -> None:
        self._rng = np.random.default_rng(seed)
        self._length, self._batch, self._augment = length, batch, augment
        self._x = [_padded(s.x, pad, length) for s in sessions]
        self._y = [_padded(s.targets.classes, pad, length) for s in sessions]
        self._b = [_padded(s.targets.boundary, pad, length) for s in sessions]
        self._w = [_padded(s.targets.weight, pad, length) for s in sessions]
        self._places = _places(self._y)
        counts = np.sqrt([len(p) for p in self._places])
        self._odds = counts / max(1e-9, counts.sum())
        sizes = np.array([len(x) for x in self._x], dtype=np.float64)
        self._share = sizes / sizes.sum()

    def draw(self) -> tuple[Array, Array, Array, Array]:
        """One batch: x (batch, frames, features), class and boundary targets, weights (batch, frames)."""
        parts: list[list[Array]] = [[], [], [], []]
        for _ in range(self._batch):
            s, at = self._place()
            for part, source in zip(parts, (self._x, self._y, self._b, self._w), strict=True):
                part.append(source[s][at : at + self._length])
        x = self._varied(np.stack(parts[0]))
        return x.reshape(len(x), self._length, -1), np.stack(parts[1]), np.stack(parts[2]), np.stack(parts[3])

    def _place(self) -> tuple[int, int]:
        rng, length = self._rng, self._length
        if self._places and rng.random() < 0.5:
            places = self._places[int(rng.choice(len(self._places), p=self._odds))]
            s, frame = places[rng.integers(len(places))]
            at = int(frame) - int(rng.integers(length))
        else:
            s = int(rng.choice(len(self._x), p=self._share))
            at = int(rng.integers(len(self._x[s]) - length + 1))
        return int(s), min(max(at, 0), len(self._x[s]) - length)

    def _varied(self, x: Array) -> Array:
        """The batch (batch, frames, groups, channels) with random gain, offset, noise and silence."""
        rng, a = self._rng, self._augment
        n, _, groups, channels = x.shape
        outside = ~x.any(axis=(2, 3), keepdims=True)
        gain = np.exp(rng.normal(0, a.gain, (n, 1, 1, channels)))
        offset = rng.normal(0, a.offset, (n, 1, 1, channels)) + rng.normal(
            0, a.group, (n, 1, groups, channels)
        )
        x = x * gain.astype(np.float32) + offset.astype(np.float32)
        x += rng.standard_normal(x.shape, dtype=np.float32) * np.float32(a.noise)
        if channels > 1:
            x *= rng.random((n, 1, 1, channels)) >= a.drop
        return np.asarray(np.where(outside, 0, x), dtype=np.float32)


def _padded(x: Array, pad: int, length: int) -> Array:
    """Zeros around a session's frames, at least ``pad`` on both sides and ``length`` in all."""
    after = max(pad, length - pad - len(x))
    return np.pad(x, ((pad, after), *((0, 0),) * (x.ndim - 1)))


def _places(targets: Sequence[Array]) -> list[list[tuple[int, int]]]:
    """For each class that occurs, the (session, frame) pairs where its events lie, one an event."""
    columns = targets[0].shape[1]
    out: list[list[tuple[int, int]]] = []
    for k in range(1, columns):
        found: list[tuple[int, int]] = []
        for s, y in enumerate(targets):
            on = np.concatenate([[0], (y[:, k] >= 0.5).astype(np.int8), [0]])
            starts, ends = np.flatnonzero(np.diff(on) == 1), np.flatnonzero(np.diff(on) == -1)
            found += [(s, int(m)) for m in (starts + ends) // 2]
        if found:
            out.append(found)
    return out
