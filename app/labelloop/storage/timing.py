"""The usual time step of a signal, and its gaps."""

from __future__ import annotations

import math

import numpy as np

from labelloop.storage.layout import MARK_EVERY
from labelloop.storage.samples import SampleFile

GAP = 5.0  # a step this many times the usual one is a gap
_WINDOWS, _WINDOW = 32, 2048  # where the usual step is looked for


def usual_rate(samples: SampleFile) -> float:
    """Samples a second, gaps left out; 0 when no two times differ."""
    n = samples.layout.n
    length = float(samples.times(n - 1, n)[0] - samples.times(0, 1)[0])
    windows = [samples.times(i, min(i + _WINDOW, n)) for i in _window_starts(n)]
    steps = np.concatenate([np.diff(window) for window in windows])
    steps, gaps = steps[steps > 0], []
    if len(steps):
        gaps = find_gaps(samples, GAP * float(np.median(steps)))
    between = length - sum(b - a for a, b in gaps)
    if between <= 0:
        gaps, between = [], length
    rate = (n - 1 - len(gaps)) / between if between > 0 else 0.0
    return round(rate, 9) if math.isfinite(rate) else 0.0


def _window_starts(n: int) -> list[int]:
    if n <= _WINDOWS * _WINDOW:
        return list(range(0, n, _WINDOW - 1))
    return [int(i) for i in np.linspace(0, n - _WINDOW, _WINDOWS)]


def find_gaps(samples: SampleFile, threshold: float) -> list[tuple[float, float]]:
    """Last time before and first time after each step longer than ``threshold`` seconds."""
    n, gaps = samples.layout.n, []
    full = len(samples.steps)
    for block in [*np.flatnonzero(samples.steps > threshold), full]:
        low = int(block) * MARK_EVERY
        times = samples.times(low, min(low + MARK_EVERY + 1, n))
        gaps += [(float(times[i]), float(times[i + 1])) for i in np.flatnonzero(np.diff(times) > threshold)]
    return gaps
