"""Envelopes of channels drawn as rows of braille dots, half blocks or ASCII."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labelloop.rendering.cells import DEFAULT, Row
from labelloop.rendering.glyphs import Glyphs

Floats = NDArray[np.floating]
Ints = NDArray[np.intp]

_LARGEST = 1e300  # so that the difference of two values is a number
_BRAILLE_BITS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]], np.int64)
_BLOCK_BITS = np.array([[1], [2]], np.int64)
_ASCII_BITS = np.array([[1], [2], [4]], np.int64)
_CODEPOINTS = {
    Glyphs.BRAILLE: np.array([0x20, *range(0x2801, 0x2900)], "<u4"),
    Glyphs.BLOCK: np.array([ord(c) for c in " ▀▄█"], "<u4"),
    Glyphs.ASCII: np.array([ord(c) for c in " '-:_|.|"], "<u4"),
}
_BITS = {Glyphs.BRAILLE: _BRAILLE_BITS, Glyphs.BLOCK: _BLOCK_BITS, Glyphs.ASCII: _ASCII_BITS}


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """One channel over the shown stretch: the lowest and highest value per dot column, NaN for gaps.

    ``low`` and ``high`` are the values at the bottom and the top of the lane.
    """

    lo: Floats
    hi: Floats
    low: float
    high: float
    style: str = "wave"


def dot_columns(columns: int, glyphs: Glyphs) -> int:
    """How many values a lane of ``columns`` terminal columns can tell apart."""
    return columns * int(_BITS[glyphs].shape[1])


def value_range(lo: Floats, hi: Floats, margin: float = 0.0) -> tuple[float, float]:
    """The finite lowest and highest value of an envelope with a margin; (−1, 1) around nothing at all."""
    low = float(np.min(lo, where=np.isfinite(lo), initial=np.inf))
    high = float(np.max(hi, where=np.isfinite(hi), initial=-np.inf))
    if not low <= high:
        return -1.0, 1.0
    low, high = (min(max(value, -_LARGEST), _LARGEST) for value in (low, high))
    pad = (high - low) * margin
    if high == low:
        pad = abs(high) * 0.1 or 1.0
    return low - pad, high + pad


def draw(
    traces: Sequence[Trace],
    rows: int,
    columns: int,
    glyphs: Glyphs = Glyphs.BRAILLE,
    tints: Sequence[tuple[int, int, str]] = (),
) -> list[Row]:
    """Rows of text for one lane, first row on top; later traces lie over earlier ones.

    A cell is coloured by the trace with the most dots in it. ``tints`` are stretches of columns
    (first, one past the last, style) that colour every trace, for the labels beneath.
    """
    if rows <= 0 or columns <= 0:
        return [[] for _ in range(max(0, rows))]
    shape = _BITS[glyphs].shape
    codes = np.zeros((rows, columns), np.int64)
    owner = np.zeros((rows, columns), np.intp)
    most = np.zeros((rows, columns), np.int64)
    for number, trace in enumerate(traces):
        dots = _dots(trace, rows * shape[0], columns * shape[1])
        cells = dots.reshape(rows, shape[0], columns, shape[1]).transpose(0, 2, 1, 3)
        codes |= (cells * _BITS[glyphs]).sum(axis=(2, 3))
        if len(traces) > 1:
            amount = cells.sum(axis=(2, 3))
            owner[amount >= np.maximum(most, 1)] = number
            most = np.maximum(most, amount)
    names = [trace.style for trace in traces] or [DEFAULT]
    for first, past, style in tints:
        names.append(style)
        owner[:, max(0, first) : max(0, past)] = len(names) - 1
    chars = _CODEPOINTS[glyphs][codes]
    return [_row(chars[i], owner[i], codes[i], names) for i in range(rows)]


def _dots(trace: Trace, height: int, width: int) -> NDArray[np.bool_]:
    """Which dots a trace sets, top row first; neighbouring columns touch."""
    lo, hi = _spans(trace, height, width)
    levels = np.arange(height - 1, -1, -1)[:, None]
    return (lo <= levels) & (levels <= hi)


def _spans(trace: Trace, height: int, width: int) -> tuple[Ints, Ints]:
    """First and last dot per column, counted from the bottom; an empty column has first > last."""
    lo, hi = _sized(trace.lo, width), _sized(trace.hi, width)
    gap = np.isnan(lo) | np.isnan(hi)
    bottom, top = _levels(np.minimum(lo, hi), trace, height), _levels(np.maximum(lo, hi), trace, height)
    joined = ~(gap[1:] | gap[:-1])
    rise = joined & (bottom[1:] > top[:-1] + 1)
    fall = joined & (top[1:] + 1 < bottom[:-1])
    up, down = (top[:-1] + bottom[1:]) // 2, (bottom[:-1] + top[1:]) // 2
    first, last = bottom.copy(), top.copy()
    last[:-1][rise] = up[rise]
    first[1:][rise] = up[rise] + 1
    first[:-1][fall] = np.minimum(first[:-1], down + 1)[fall]
    last[1:][fall] = np.maximum(last[1:], down)[fall]
    first[gap], last[gap] = 1, 0
    return first, last


def _sized(values: Floats, width: int) -> NDArray[np.float64]:
    """The values in exactly ``width`` columns, gaps where there are none."""
    sized = np.full(width, np.nan)
    part = np.asarray(values, np.float64)[:width]
    sized[: len(part)] = part
    return sized


def _levels(values: NDArray[np.float64], trace: Trace, height: int) -> Ints:
    """The dot row of each value, 0 at the bottom, kept inside the lane; NaN gives 0."""
    size = trace.high - trace.low
    if not size > 0 or not np.isfinite(size):
        middle = (height - 1) // 2
        return np.full(len(values), middle, np.intp)
    with np.errstate(invalid="ignore", over="ignore"):
        scaled = (values - trace.low) / size * (height - 1)
    scaled = np.nan_to_num(np.clip(scaled, 0, height - 1), nan=0.0)
    return np.rint(scaled).astype(np.intp)


def _row(chars: NDArray[np.uint32], owner: Ints, codes: NDArray[np.int64], names: list[str]) -> Row:
    """One row's runs; blank cells take the style before them, so that they break no run."""
    text = chars.tobytes().decode("utf-32-le")
    inked = np.flatnonzero(codes)
    if not len(inked):
        return [(text, DEFAULT)]
    if len(names) == 1:
        return [(text, names[0])]
    owners = owner[inked]
    turns = np.flatnonzero(np.diff(owners)) + 1
    bounds = [0, *inked[turns].tolist(), len(text)]
    firsts = owners[[0, *turns.tolist()]].tolist()
    return [(text[a:b], names[k]) for a, b, k in zip(bounds, bounds[1:], firsts, strict=False)]
