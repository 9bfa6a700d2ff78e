"""From samples to frames: what a network sees of a recording, and the targets it learns.

A frame is ``stride`` samples. Its features are, for each channel, a few means within the frame and the log
energies of some frequency bands. The time of a frame is the recording's own time at its first sample.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from labelloop.contract.front_end import CHANGES
from labelloop.contract.front_end import FrontEnd as FrontEnd
from labelloop.contract.front_end import choose_front_end as choose_front_end
from labelloop.labeling.matching import Event

Array = npt.NDArray[Any]
ENERGY_FLOOR = 1e-4  # of a band's mean energy in Train; less than that is not told apart
CHUNK_VALUES = 1 << 22
FAR = 4  # frames to both sides whose means differ by the wider change
SMALL_FFT = 128  # samples of an analysis window up to which a matrix is faster than a fast transform


class Recording(Protocol):
    """What learning needs of a recording; app.storage's signals are like that."""

    @property
    def times(self) -> Array:
        """Seconds of each sample, float64, increasing."""

    @property
    def names(self) -> Sequence[str]:
        """Channel names."""

    @property
    def rate_hz(self) -> float:
        """Samples a second, by the median step."""

    def read(self, i: int, j: int) -> Array:
        """Samples i to j, float32, (j - i, channels)."""


def fit_front_end(front: FrontEnd, recordings: Sequence[Recording]) -> FrontEnd:
    """The front end with scales measured on recordings (those of Train)."""
    count, total, square = 0, 0.0, 0.0
    for rec in recordings:
        for i in range(0, len(rec.times), CHUNK_VALUES // 16):
            x = np.asarray(rec.read(i, min(len(rec.times), i + CHUNK_VALUES // 16)), dtype=np.float64)
            x = filled(x)
            count, total, square = count + len(x), total + x.sum(axis=0), square + (x**2).sum(axis=0)
    mean = np.asarray(total / max(1, count))
    spread = np.sqrt(np.maximum(square / max(1, count) - mean**2, 0))
    spread = np.where(spread > 1e-6 * np.maximum(1e-6, np.abs(mean)), spread, 1.0)
    front = replace(front, centre=tuple(mean.tolist()), scale=tuple(spread.tolist()))
    if not front.fft:
        return front
    power = [_energies(front, rec, 0, front.frames(len(rec.times))) for rec in recordings]
    energy = np.maximum(np.concatenate(power).mean(axis=0), 1e-8)
    return replace(front, energy=tuple(energy.ravel().tolist()))


def filled(x: Array) -> Array:
    """Samples with NaN and infinities replaced: interpolated within the channel, 0 when all miss."""
    bad = ~np.isfinite(x)
    if not bad.any():
        return x
    x = x.copy()
    for k in np.flatnonzero(bad.any(axis=0)):
        good = ~bad[:, k]
        x[bad[:, k], k] = (
            np.interp(np.flatnonzero(bad[:, k]), np.flatnonzero(good), x[good, k]) if good.any() else 0
        )
    return x


def features(front: FrontEnd, rec: Recording, first: int, last: int) -> Array:
    """Features of frames first to last, float32, (frames, groups, channels), not yet normalised."""
    channels = len(front.centre)
    out = np.empty((last - first, front.groups, channels), dtype=np.float32)
    for a in range(first, last, step := _chunk(front, channels)):
        b = min(last, a + step)
        x = _span(front, rec, a * front.stride, b * front.stride)
        part = x.reshape(b - a, front.sub, front.stride // front.sub, channels)
        out[a - first : b - first, : front.sub] = part.mean(axis=2)
        if front.fft:
            energy = np.asarray(front.energy, dtype=np.float32).reshape(-1, channels)
            power = _energies(front, rec, a, b)
            bands = energy.shape[0]
            out[a - first : b - first, front.sub : front.sub + bands] = np.log10(
                power / energy + ENERGY_FLOOR
            )
        if front.changes:
            usual = np.asarray(front.changes, dtype=np.float32).reshape(CHANGES, channels)
            out[a - first : b - first, -CHANGES:] = np.arcsinh(_changes(front, rec, a, b) / usual)
    return out


def fit_changes(front: FrontEnd, recordings: Sequence[Recording]) -> FrontEnd:
    """The front end with changes, and their usual size on recordings (those of Train)."""
    parts = [_changes(front, rec, 0, front.frames(len(rec.times))) for rec in recordings]
    usual = np.median(np.abs(np.concatenate(parts)), axis=0)
    floor = 1e-3 * np.abs(np.concatenate(parts)).mean(axis=0) + 1e-9
    return replace(front, changes=tuple(np.maximum(usual, floor).ravel().tolist()))


def _changes(front: FrontEnd, rec: Recording, first: int, last: int) -> Array:
    """Mean step and its mean size in a frame, and the step over FAR frames: (frames, CHANGES, channels)."""
    count, far = last - first, FAR * front.stride
    x = _span(front, rec, first * front.stride - far, last * front.stride + far)
    step = np.diff(x, axis=0, prepend=x[:1])[far : len(x) - far].reshape(count, front.stride, -1)
    total = np.concatenate([np.zeros((1, x.shape[1])), np.cumsum(x, axis=0, dtype=np.float64)])
    at = np.arange(count) * front.stride + far
    wide = (total[at + far] - 2 * total[at] + total[at - far]) / far
    return np.stack([step.mean(axis=1), np.abs(step).mean(axis=1), wide], axis=1).astype(np.float32)


def _chunk(front: FrontEnd, channels: int) -> int:
    """Frames to work on at a time."""
    per_frame = max(front.stride, front.fft * (front.stride // front.hop) if front.fft else 0) * channels
    return max(1, CHUNK_VALUES // per_frame)


def _span(front: FrontEnd, rec: Recording, i: int, j: int) -> Array:
    """Scaled samples i to j, where places outside the recording repeat its first or last sample."""
    n = len(rec.times)
    low, high = min(max(i, 0), n - 1), max(min(j, n), 1)
    x = filled(np.asarray(rec.read(low, high), dtype=np.float32))
    x = (x - np.asarray(front.centre, dtype=np.float32)) / np.asarray(front.scale, dtype=np.float32)
    if low - i or j - high:
        x = np.pad(x, ((max(0, low - i), max(0, j - high)), (0, 0)), mode="edge")
    return np.asarray(x, dtype=np.float32)


def _energies(front: FrontEnd, rec: Recording, first: int, last: int) -> Array:
    """Energy of each band, (frames, bands, channels), by a Hann window that slides by ``hop``."""
    parts = []
    channels = len(front.centre)
    lag = front.fft // 2 - front.hop // 2
    for a in range(first, last, step := _chunk(front, channels)):
        b = min(last, a + step)
        x = _span(front, rec, a * front.stride - lag, b * front.stride - lag + front.fft)
        views = np.lib.stride_tricks.sliding_window_view(x, front.fft, axis=0)[:: front.hop]
        power = _power(views[: (b - a) * (front.stride // front.hop)])
        bands = np.add.reduceat(power[:, :, : front.bands[-1]], front.bands[:-1], axis=2)
        bands = bands.reshape(b - a, -1, channels, bands.shape[2]).mean(axis=1)
        parts.append(bands.transpose(0, 2, 1))
    return np.concatenate(parts)


def _power(views: Array) -> Array:
    """Power spectra of windows (windows, channels, samples) without their mean, float32."""
    size = views.shape[2]
    if size <= SMALL_FFT:
        real, imaginary = _fourier(size)
        return np.asarray(np.square(views @ real) + np.square(views @ imaginary))
    window = np.hanning(size + 1)[:-1].astype(np.float32)
    spectrum = np.fft.rfft((views - views.mean(axis=2, keepdims=True)) * window, axis=2)
    return np.asarray(np.abs(spectrum) ** 2 / size, dtype=np.float32)


@cache
def _fourier(size: int) -> tuple[Array, Array]:
    """Matrices (samples, bins) that do what ``_power`` does before squaring; faster for few samples."""
    centred = np.eye(size) - 1 / size
    window = np.hanning(size + 1)[:-1]
    matrix = np.fft.rfft(centred * window, axis=1) / np.sqrt(size)
    return matrix.real.astype(np.float32), matrix.imag.astype(np.float32)


def frame_times(front: FrontEnd, times: Array) -> Array:
    """Edges of all frames in the recording's own seconds, float64, (frames + 1,)."""
    n = len(times)
    at = np.minimum(np.arange(front.frames(n) + 1) * front.stride, n - 1)
    return np.asarray(times[at], dtype=np.float64)


def snapped_to_samples(events: Sequence[Event], times: Array) -> list[Event]:
    """Events whose edges are moved to the nearest sample time: each edge is a time of the recording."""
    if not events:
        return []
    edges = np.array([(e.start, e.end) for e in events])
    low = np.clip(np.searchsorted(times, edges, side="right") - 1, 0, len(times) - 1)
    high = np.minimum(low + 1, len(times) - 1)
    near = np.where(edges - times[low] <= times[high] - edges, times[low], times[high])
    return [e._replace(start=float(a), end=float(b)) for e, (a, b) in zip(events, near, strict=True) if b > a]


@dataclass(frozen=True, slots=True)
class Targets:
    """What frames should say.

    classes: (frames, 1 + classes) the share of each frame that each class covers, background first.
    boundary: (frames, 2) nearness of an onset and an offset, 1 at the edge. weight: (frames,) 0 is ignored.
    """

    classes: Array
    boundary: Array
    weight: Array


def make_targets(
    front: FrontEnd,
    times: Array,
    events: Sequence[Event],
    classes: Sequence[str],
    ignore: Sequence[tuple[float, float]] = (),
    width: float = 1.2,
) -> Targets:
    """Targets of a recording; events of classes that are not asked for are background.

    Where events overlap, the shorter one counts. ``width`` is the spread of a boundary in frames: Gaussian
    targets around each edge, as boundary heads of action segmentation have them (ASRF, Ishikawa et al. 2021).
    """
    n, frames = len(times), front.frames(len(times))
    place = {name: k + 1 for k, name in enumerate(classes)}
    at = np.zeros(n, dtype=np.int64)
    boundary = np.zeros((frames, 2), dtype=np.float32)
    for event in sorted((e for e in events if e.name in place), key=lambda e: e.start - e.end):
        a, b = np.searchsorted(times, (event.start, event.end))
        if a >= n or b <= 0:
            continue
        at[a : max(b, a + 1)] = place[event.name]
        for side, sample in ((0, a), (1, b)):
            _mark(boundary[:, side], sample / front.stride, width)
    cover = np.bincount(
        (np.arange(n) // front.stride) * (len(classes) + 1) + at, minlength=frames * (len(classes) + 1)
    )
    cover = cover.reshape(frames, -1).astype(np.float32)
    weight = np.ones(frames, dtype=np.float32)
    for start, end in ignore:
        a, b = np.searchsorted(times, (start, end))
        weight[a // front.stride : -(-b // front.stride)] = 0
    return Targets(cover / cover.sum(axis=1, keepdims=True), boundary, weight)


def _mark(column: Array, position: float, width: float) -> None:
    """Raise a column (frames,) to a Gaussian bump around an edge, in frames."""
    low, high = max(0, int(position - 4 * width)), min(len(column), int(position + 4 * width) + 2)
    bump = np.exp(-0.5 * ((np.arange(low, high) + 0.5 - position) / width) ** 2)
    column[low:high] = np.maximum(column[low:high], bump)
