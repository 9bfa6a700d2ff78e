"""Least and greatest sample in each column of a picture, from the pyramid level that suits it."""

from __future__ import annotations

import math

import numpy as np

from labelloop.storage.layout import Level
from labelloop.storage.samples import F32, I64, SampleFile

CELLS_PER_COLUMN = 8  # at least; edges inside a picture move by at most half a cell
_EXACT_ROWS = 1024


def even_edges(i: int, j: int, columns: int) -> I64:
    """Row numbers that cut ``[i, j)`` into equal columns."""
    return i + (np.arange(columns + 1, dtype=np.int64) * (j - i)) // max(columns, 1)


def envelope(samples: SampleFile, channel: int, edges: I64) -> tuple[F32, F32]:
    """Least and greatest finite sample of rows ``edges[c]`` to ``edges[c + 1]`` for each column c.

    NaN where a column has no finite sample. Each valid row of ``[edges[0], edges[-1])`` counts. Columns of
    fewer than 128 samples on average are exact; in others the edges between two columns that both have
    samples move to the nearest cell, those beside an empty column don't.
    """
    edges = np.clip(edges, 0, samples.layout.n)
    low = np.full(max(len(edges) - 1, 0), np.nan, np.float32)
    high = low.copy()
    filled = np.flatnonzero(np.diff(edges) > 0)
    if not len(filled):
        return low, high
    first, last = int(edges[0]), int(edges[-1])
    level = _level(samples, (last - first) / len(filled) / CELLS_PER_COLUMN)
    if level is None:
        raw, starts = samples.raw(channel, first, last), edges[filled] - first
        low[filled] = np.fmin.reduceat(raw, starts)
        high[filled] = np.fmax.reduceat(raw, starts)
        return low, high
    for run in np.split(filled, np.flatnonzero(np.diff(filled) > 1) + 1):
        part = slice(run[0], run[-1] + 1)
        low[part], high[part] = _run(samples, channel, level, edges[run[0] : run[-1] + 2])
    return low, high


def _level(samples: SampleFile, largest: float) -> Level | None:
    """The coarsest level with cells of at most ``largest`` samples."""
    fitting = [level for level in samples.layout.levels if level.factor <= largest]
    return fitting[-1] if fitting else None


def _run(samples: SampleFile, channel: int, level: Level, edges: I64) -> tuple[F32, F32]:
    """The columns of a stretch without empty ones; its outer edges are exact."""
    factor = level.factor
    c0, c1 = -(-int(edges[0]) // factor), int(edges[-1]) // factor
    cuts = np.clip((edges + factor // 2) // factor, c0, max(c1, c0))
    cuts[0], cuts[-1] = c0, max(c1, c0)
    thick = np.diff(cuts) > 0
    low = np.full(len(edges) - 1, np.nan, np.float32)
    high = low.copy()
    if thick.any():
        least, greatest = samples.cells(level, channel, c0, c1)
        starts = cuts[:-1][thick] - c0
        low[thick] = np.fmin.reduceat(least, starts)
        high[thick] = np.fmax.reduceat(greatest, starts)
        wide = np.flatnonzero(thick)
        rests = [(wide[0], edges[wide[0]], c0 * factor), (wide[-1], c1 * factor, edges[wide[-1] + 1])]
    else:
        rests = []
    rests += [(c, edges[c], edges[c + 1]) for c in np.flatnonzero(~thick)]
    for c, a, b in rests:
        least_here, greatest_here = extremes(samples, channel, int(a), int(b))
        low[c] = np.fmin(low[c], least_here)
        high[c] = np.fmax(high[c], greatest_here)
    return low, high


def extremes(samples: SampleFile, channel: int, a: int, b: int) -> tuple[float, float]:
    """The least and greatest finite sample of rows a to b, exact; NaN when there is none."""
    if b <= a:
        return math.nan, math.nan
    level = _level(samples, (b - a) / 4) if b - a > _EXACT_ROWS else None
    if level is None:
        raw = samples.raw(channel, a, b)
        return float(np.fmin.reduce(raw)), float(np.fmax.reduce(raw))
    c0, c1 = -(-a // level.factor), b // level.factor
    least, greatest = samples.cells(level, channel, c0, c1)
    before = extremes(samples, channel, a, c0 * level.factor)
    after = extremes(samples, channel, c1 * level.factor, b)
    low = np.fmin(np.fmin.reduce(least), np.fmin(before[0], after[0]))
    high = np.fmax(np.fmax.reduce(greatest), np.fmax(before[1], after[1]))
    return float(low), float(high)
