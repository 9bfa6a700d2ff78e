"""Studio's preprocessors at work: a flat stream of numbers, cut into windows again and again."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from labelloop.learning.data.frames import Recording, filled

Array = npt.NDArray[Any]
AT_ONCE = 1 << 22  # numbers of windows that are in memory together


@dataclass(frozen=True, slots=True)
class Level:
    """Windows of ``shape`` every ``stride`` numbers, what is done to each, and their shape ``out`` then."""

    shape: tuple[int, ...]
    stride: int
    ops: tuple[Mapping[str, Any], ...]
    out: tuple[int, ...]

    @property
    def taken(self) -> int:
        """Numbers that a window takes."""
        return math.prod(self.shape)

    @property
    def given(self) -> int:
        """Numbers that it gives."""
        return math.prod(self.out)


@dataclass(frozen=True, slots=True)
class Chain:
    """A preprocessor: ``channels`` numbers a sample go in, windows for a network come out."""

    channels: int
    levels: tuple[Level, ...]

    @property
    def stride(self) -> float:
        """Samples from one window to the next."""
        return self._samples([level.stride for level in self.levels])[0]

    @property
    def window(self) -> float:
        """Samples that one window spans."""
        return self._samples([level.stride for level in self.levels])[1]

    def _samples(self, strides: list[int]) -> tuple[float, float]:
        step, span, width = 1.0, 1.0, self.channels
        for level, stride in zip(self.levels, strides, strict=True):
            rows = level.taken / width
            span = (rows - 1) * step + span
            step, width = step * stride / width, level.given
        return step, span

    def count(self, samples: int) -> int:
        """How many whole windows there are."""
        numbers, found = samples * self.channels, 0
        for level in self.levels:
            found = max(0, (numbers - level.taken) // level.stride + 1)
            numbers = found * level.given
        return found

    def cut(self, rec: Recording, first: int, last: int) -> Array:
        """Windows first to last, (windows, ...) float32; zeros behind the recording's end."""
        return self._windows(rec, len(self.levels) - 1, first, last).astype(np.float32)

    def _windows(self, rec: Recording, at: int, first: int, last: int) -> Array:
        level = self.levels[at]
        most = max(1, AT_ONCE // level.taken)
        parts = []
        for a in range(first, last, most):
            b = min(last, a + most)
            flat = self._numbers(rec, at - 1, a * level.stride, (b - 1) * level.stride + level.taken)
            view = np.lib.stride_tricks.sliding_window_view(flat, level.taken)[:: level.stride]
            x = view.reshape(b - a, *level.shape)
            for op in level.ops:
                x = apply(op, x)
            parts.append(x)
        return np.concatenate(parts)

    def _numbers(self, rec: Recording, at: int, i: int, j: int) -> Array:
        """Numbers i to j of what a level gives, or of the recording where there is none before."""
        if at < 0:
            a, b, n = i // self.channels, -(-j // self.channels), len(rec.times)
            x = filled(np.asarray(rec.read(min(a, n), min(b, n)), dtype=np.float32))
            x = np.pad(x, ((0, b - a - len(x)), (0, 0)))
            return x.reshape(-1)[i - a * self.channels : j - a * self.channels]
        given = self.levels[at].given
        a, b = i // given, -(-j // given)
        flat = self._windows(rec, at, a, b).reshape(-1)
        return flat[i - a * given : j - a * given]

    def to_json(self) -> dict[str, Any]:
        """Plain values, which ``from_json`` reads back."""
        rows = [{"shape": list(x.shape), "stride": x.stride, "ops": list(x.ops)} for x in self.levels]
        return {"channels": self.channels, "levels": rows}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Chain:
        """A chain from what ``formats.model.units`` read of a file."""
        levels = []
        for row in data["levels"]:
            shape = tuple(int(v) for v in row["shape"])
            ops = tuple(row["ops"])
            levels.append(Level(shape, int(row["stride"]), ops, shape_after(ops, shape)))
        return cls(int(data["channels"]), tuple(levels))


def shape_after(ops: tuple[Mapping[str, Any], ...], shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of a window when everything was done to it."""
    for op in ops:
        if op["op"] == "rfft":
            shape = (*shape[:-1], shape[-1] // 2 + 1)
        elif op["op"] == "mel":
            shape = (*shape[:-1], int(op["filters"]))
    return shape


def apply(op: Mapping[str, Any], x: Array) -> Array:
    """Do one thing to windows (windows, ...). Raises ValueError for what is not known."""
    name = op["op"]
    if name in ("hann", "hamming"):
        shape = [1] * x.ndim
        axis = int(op["axis"]) + 1
        shape[axis] = x.shape[axis]
        return x * _taper(name, x.shape[axis], bool(op["sym"])).reshape(shape)
    if name == "rfft":
        return np.fft.rfft(x, axis=-1)
    if name == "abs":
        return np.abs(x)
    if name == "mel":
        filters = mel_filters(op["filters"], op["bins"], op["rate"], op["low"], op["high"])
        return np.asarray(x @ filters)
    if name == "clip":
        return np.clip(x, op["min"], op["max"])
    if name == "log":
        y = np.log(np.maximum(x, np.finfo(np.float32).tiny))
        return np.asarray(y / math.log(op["base"])) if op["base"] > 0 else y
    if name == "add":
        return np.asarray(x + op["value"])
    if name == "multiply":
        return np.asarray(x * op["value"])
    raise ValueError(f"the preprocessor step {name} is not known")


@lru_cache(maxsize=8)
def _taper(name: str, length: int, symmetric: bool) -> Array:
    window = np.hanning if name == "hann" else np.hamming
    return np.asarray(window(length) if symmetric else window(length + 1)[:-1])


@lru_cache(maxsize=8)
def mel_filters(filters: int, bins: int, rate: float, low: float, high: float) -> Array:
    """Triangles over the bins of a spectrum, (bins, filters), as HTK has them (Young et al., The HTK Book).

    Their corners are whole bins, equally spaced in mel; none is normalised.
    """

    def mel(hz: float) -> float:
        return 2595 * math.log10(1 + hz / 700)

    points = np.linspace(mel(low), mel(high), filters + 2)
    corners = np.floor((2 * (bins - 1) + 1) * (700 * (10 ** (points / 2595) - 1)) / rate).astype(int)
    out = np.zeros((bins, filters))
    for n in range(filters):
        left, top, right = corners[n : n + 3]
        for k in range(max(0, left), min(top, bins)):
            out[k, n] = (k - left) / (top - left)
        for k in range(max(0, top), min(right, bins)):
            out[k, n] = (right - k) / (right - top)
    return out
