"""Sessions made ready for a network: features, normalised, with targets and padding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from labelloop.labeling.matching import Event
from labelloop.learning.data.frames import FrontEnd, Recording, Targets, features, frame_times, make_targets

Array = npt.NDArray[Any]
GLOBAL, SESSION = "global", "session"
KNEE, LIMIT = 3.0, 12.0  # standard deviations: from where features are squashed, and where they end
LEAST = 0.4  # of Train's spread that a session's own counts as, at least


@dataclass(frozen=True, slots=True)
class Example:
    """A recording with its true events; in the stretches ``ignore`` (start, end) nothing is known."""

    name: str
    recording: Recording
    events: tuple[Event, ...]
    ignore: tuple[tuple[float, float], ...] = ()
    id: str = ""


@dataclass(frozen=True, slots=True)
class Norm:
    """How features are brought to one scale: by Train's mean and spread, or by the session's own.

    mean, spread: (groups, channels) of Train's features.
    """

    mode: str
    mean: Array
    spread: Array

    def apply(self, x: Array) -> Array:
        """Normalised features of a whole session, (frames, groups, channels) float32, within +-LIMIT."""
        if self.mode == SESSION and len(x):
            return self.of_session(x.mean(axis=0, dtype=np.float64), x.std(axis=0, dtype=np.float64)).apply(x)
        y = np.asarray(x - np.asarray(self.mean, dtype=np.float32))
        y /= np.asarray(self.spread, dtype=np.float32)
        return squashed(y)

    def of_session(self, mean: Array, spread: Array) -> Norm:
        """The normalisation for a session with this mean and spread (groups, channels) of its own."""
        if self.mode != SESSION:
            return self
        return Norm(GLOBAL, mean, np.maximum(spread, LEAST * self.spread))

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"mode": self.mode, "mean": self.mean.tolist(), "spread": self.spread.tolist()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Norm:
        """Read back what ``to_json`` made."""
        return cls(data["mode"], np.asarray(data["mean"]), np.asarray(data["spread"]))


def squashed(x: Array) -> Array:
    """Values left as they are up to KNEE and growing like a logarithm beyond, at most LIMIT; x is changed."""
    far = np.flatnonzero(np.abs(x) > KNEE)
    values = x.flat[far]
    size = np.minimum(KNEE + 2 * np.log1p((np.abs(values) - KNEE) / 2), LIMIT)
    x.flat[far] = np.copysign(size, values)
    return x


def fit_norm(mode: str, parts: Sequence[Array], inside: Sequence[Array] | None = None) -> Norm:
    """Mean and spread of features over sessions, each (frames, groups, channels).

    ``inside`` holds the share of each frame that events cover, (frames,). Where given, events and background
    weigh the same, so that the level of rare events is not squashed.
    """
    x = np.concatenate(parts)
    weight = np.full(len(x), 1 / max(1, len(x)))
    if inside is not None:
        share = np.concatenate(inside).astype(np.float64)
        if 0 < share.mean() < 0.5:
            weight = weight / 2 + share / share.sum() / 2
    mean = np.tensordot(weight, x, axes=1)
    spread = np.sqrt(np.maximum(np.tensordot(weight, np.square(x - mean.astype(np.float32)), axes=1), 0))
    return Norm(mode, mean, np.where(spread > 1e-6, spread, 1.0))


class Warped:
    """A recording played ``factor`` times as long: samples between samples, the clock unchanged."""

    def __init__(self, base: Recording, factor: float) -> None:
        self._base = base
        self._at = np.linspace(0, len(base.times) - 1, max(2, round(len(base.times) * factor)))
        self.times = np.interp(self._at, np.arange(len(base.times)), base.times)
        self.names = base.names
        self.rate_hz = base.rate_hz * factor

    def read(self, i: int, j: int) -> Array:
        """Samples i to j by linear interpolation, float32, (j - i, channels)."""
        at = self._at[i:j]
        low, high = int(at[0]), int(at[-1]) + 2
        x = np.asarray(self._base.read(low, min(high, len(self._base.times))), dtype=np.float32)
        k = np.minimum(at.astype(np.int64) - low, max(0, len(x) - 2))
        share = (at - low - k).astype(np.float32)[:, None]
        return np.asarray(x[k] * (1 - share) + x[np.minimum(k + 1, len(x) - 1)] * share)


def known(events: Sequence[Event], ignore: Sequence[tuple[float, float]]) -> list[Event]:
    """Events whose centre lies outside the stretches of which nothing is known."""
    return [e for e in events if not any(a <= (e.start + e.end) / 2 < b for a, b in ignore)]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A session as a network sees it: x (frames, groups, channels), targets, times of frame edges, truth."""

    name: str
    x: Array
    targets: Targets
    times: Array
    truth: tuple[Event, ...]
    ignore: tuple[tuple[float, float], ...] = ()


def prepare(
    front: FrontEnd, norm: Norm, example: Example, classes: Sequence[str], raw: Array | None = None
) -> Prepared:
    """Features and targets of one session; ``raw`` are its features when they are known already."""
    rec = example.recording
    x = features(front, rec, 0, front.frames(len(rec.times))) if raw is None else raw
    targets = make_targets(front, rec.times, example.events, classes, example.ignore)
    truth = tuple(known(example.events, example.ignore))
    return Prepared(
        example.name, norm.apply(x), targets, frame_times(front, rec.times), truth, example.ignore
    )
