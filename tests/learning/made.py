"""Made-up recordings for tests of learning."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from labelloop.labeling.matching import Event
from labelloop.learning.data.prepared import Example

Array = npt.NDArray[Any]


class Made:
    """A recording in memory."""

    def __init__(self, times: Array, x: Array, names: list[str] | None = None) -> None:
        self.times = np.asarray(times, dtype=np.float64)
        self.x = np.asarray(x, dtype=np.float32)
        self.names = names or [f"c{k}" for k in range(self.x.shape[1])]
        self.rate_hz = float(1 / np.median(np.diff(self.times))) if len(times) > 1 else 0.0

    def read(self, i: int, j: int) -> Array:
        return self.x[i:j]


def movements(
    seed: int, events: int = 12, rate: float = 50.0, channels: int = 3, shift: float = 0.0
) -> Example:
    """Bumps up ('up') and down ('down') of about 1.2 s in noise, with free time between."""
    rng = np.random.default_rng(seed)
    starts = np.cumsum(rng.uniform(2.0, 4.0, events))
    n = int((starts[-1] + 4) * rate)
    times = np.arange(n) / rate + rng.normal(0, 0.1 / rate, n) + shift
    times = np.maximum.accumulate(times) + np.arange(n) * 1e-9
    x = rng.normal(0, 0.1, (n, channels))
    made = []
    for k, start in enumerate(starts):
        length = rng.uniform(1.0, 1.4)
        a, b = np.searchsorted(times, (start + shift, start + shift + length))
        name = ("up", "down")[k % 2]
        bump = np.sin(np.linspace(0, np.pi, b - a)) * (1 if name == "up" else -1)
        x[a:b] += bump[:, None] * np.linspace(0.6, 1.4, channels)
        made.append(Event(float(times[a]), float(times[b]), name))
    return Example(f"made_{seed}", Made(times, x), tuple(made), id=f"id{seed}")


def repetitions(seed: int, sets: int = 3, rate: float = 50.0) -> Example:
    """Sets of repetitions of one exercise that touch each other, with a phase that can be seen."""
    rng = np.random.default_rng(seed)
    pieces, made, now = [], [], 0.0
    for _ in range(sets):
        rest = int(rng.uniform(3, 6) * rate)
        pieces.append(rng.normal(0, 0.1, (rest, 3)))
        now += rest / rate
        for _ in range(int(rng.integers(5, 9))):
            n = int(rng.uniform(1.6, 2.4) * rate)
            phase = np.linspace(0, 2 * np.pi, n, endpoint=False)
            shape = np.stack([1 - np.cos(phase), np.sin(phase), 0.5 * np.sin(2 * phase)], axis=1)
            pieces.append(shape + rng.normal(0, 0.1, (n, 3)))
            made.append(Event(now, now + n / rate, "rep"))
            now += n / rate
    x = np.concatenate([*pieces, rng.normal(0, 0.1, (int(3 * rate), 3))])
    return Example(f"reps_{seed}", Made(np.arange(len(x)) / rate, x), tuple(made), id=f"id{seed}")
