"""Windowed models: a class for each window of samples, as Studio's families work."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from labelloop.labeling.matching import Event
from labelloop.learning.data.frames import Recording, filled
from labelloop.learning.data.units import Chain
from labelloop.learning.networks.description import Network
from labelloop.learning.networks.numpy_run import run_network

Array = npt.NDArray[Any]
BATCH = 1024


@dataclass(frozen=True, slots=True)
class Windowing:
    """Windows of ``window`` samples every ``stride`` samples, with channels scaled by centre and scale."""

    window: int
    stride: int
    centre: tuple[float, ...] = ()
    scale: tuple[float, ...] = ()

    def count(self, samples: int) -> int:
        """How many whole windows there are."""
        return max(0, (samples - self.window) // self.stride + 1)

    def cut(self, rec: Recording, first: int, last: int) -> Array:
        """Windows first to last, (windows, samples, channels) float32."""
        return windows(self, rec, first, last)

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Windowing:
        """Read back what ``to_json`` made."""
        return cls(int(data["window"]), int(data["stride"]), tuple(data["centre"]), tuple(data["scale"]))


def windows(w: Windowing, rec: Recording, first: int, last: int) -> Array:
    """Windows first to last, (windows, samples, channels) float32; zeros behind the recording's end."""
    i, j = first * w.stride, (last - 1) * w.stride + w.window
    n = len(rec.times)
    x = filled(np.asarray(rec.read(i, min(j, n)), dtype=np.float32))
    if w.centre:
        x = (x - np.asarray(w.centre, dtype=np.float32)) / np.asarray(w.scale, dtype=np.float32)
    x = np.pad(x, ((0, max(0, j - n)), (0, 0)))
    view = np.lib.stride_tricks.sliding_window_view(x, w.window, axis=0)[:: w.stride]
    return np.ascontiguousarray(view.transpose(0, 2, 1))


def window_scores(
    w: Windowing | Chain, network: Network, weights: Mapping[str, Sequence[Array]], rec: Recording
) -> tuple[Array, Array]:
    """Scores of all windows (windows, 1 + classes), and the edges of what each speaks for (windows + 1,).

    A window speaks for the ``stride`` samples about its middle; the first and the last reach to the ends.
    """
    n = len(rec.times)
    count = max(1, w.count(n))
    parts = []
    for a in range(0, count, BATCH):
        x = w.cut(rec, a, min(count, a + BATCH))
        parts.append(run_network(network.nodes, weights, x, network.outputs)[0])
    at = np.floor(np.arange(count + 1) * w.stride + (w.window - w.stride) // 2).astype(np.int64)
    at[0], at[-1] = 0, n - 1
    return np.concatenate(parts), np.asarray(rec.times[np.clip(at, 0, n - 1)], dtype=np.float64)


def window_targets(
    w: Windowing, times: Array, events: Sequence[Event], classes: Sequence[str], rate_hz: float
) -> Array:
    """The class number of each window, 0 for none, by Studio's rule.

    With W = (window - 1) / rate and S = stride / rate, windows round((start - t0) / S) up to
    round((end - W - t0) / S) get the class; a label that is too short for that gets the one in the middle.
    """
    count = max(1, w.count(len(times)))
    out = np.zeros(count, dtype=np.int64)
    span, step, t0 = (w.window - 1) / rate_hz, w.stride / rate_hz, float(times[0])
    for event in sorted(events):
        if event.name not in classes:
            continue
        first = math.floor((event.start - t0) / step + 0.5)
        last = math.floor((event.end - span - t0) / step + 0.5)
        if last < first:
            first = last = (first + last) // 2
        out[max(0, min(first, count - 1)) : max(0, last + 1)] = classes.index(event.name) + 1
    return out
