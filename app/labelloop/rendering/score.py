"""Values between nothing and full as one row of rising blocks."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from labelloop.rendering.cells import Row, merged
from labelloop.rendering.glyphs import Glyphs, symbols

Floats = NDArray[np.floating]


def spark(
    values: Floats, low: float = 0.0, high: float = 1.0, glyphs: Glyphs = Glyphs.BRAILLE, floor: bool = True
) -> str:
    """One sign per value; NaN is a space. With ``floor`` the lowest value still draws a line.

    >>> spark(np.array([0, 0.5, 1, np.nan]))
    '▁▅█ '
    """
    signs = symbols(glyphs).levels
    least = 1 if floor else 0
    size = high - low
    values = np.asarray(values, np.float64)
    if not size > 0 or not np.isfinite(size):
        shares = np.zeros(len(values))
    else:
        with np.errstate(invalid="ignore", over="ignore"):
            shares = np.clip((values - low) / size, 0, 1)
    top = len(signs) - 1
    level = least + np.floor(np.nan_to_num(shares) * (top - least) + 0.5).astype(np.intp)
    level[np.isnan(values)] = 0
    return "".join(signs[k] for k in level.tolist())


def score_row(
    values: Floats,
    threshold: float | None = None,
    style: str = "score",
    glyphs: Glyphs = Glyphs.BRAILLE,
) -> Row:
    """A model's score per column, 0 to 1; columns at or over the threshold stand out."""
    text = spark(values, 0.0, 1.0, glyphs)
    if threshold is None:
        return merged([(text, style)])
    over = np.asarray(values) >= threshold
    turns = np.flatnonzero(np.diff(over)) + 1
    bounds = [0, *turns.tolist(), len(text)]
    return merged((text[a:b], style if over[a] else "dim") for a, b in pairwise(bounds) if a < b)


def highest_per_column(
    times: NDArray[np.floating], values: NDArray[np.floating], edges: NDArray[np.floating]
) -> NDArray[np.floating]:
    """The highest value of the frames that each column covers, NaN where there is none.

    Args:
        times: (frames + 1,) where each frame starts, and where the last one ends.
        values: (frames,).
        edges: (columns + 1,) where each column starts, and where the last one ends.
    """
    if not len(values):
        return np.full(len(edges) - 1, np.nan)
    first = np.clip(np.searchsorted(times, edges[:-1], side="right") - 1, 0, len(values) - 1)
    last = np.clip(np.searchsorted(times, edges[1:], side="left"), first + 1, len(values))
    out = np.maximum.reduceat(np.append(values, -np.inf), np.stack([first, last], axis=1).ravel())[::2]
    outside = (edges[1:] <= times[0]) | (edges[:-1] >= times[-1])
    return np.where(outside, np.nan, out)
