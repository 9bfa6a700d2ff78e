"""The whole session in one row: how much happens, where events lie, which part is on the screen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from labelloop.rendering.cells import Row, row_of_cells
from labelloop.rendering.glyphs import Glyphs
from labelloop.rendering.score import spark

Floats = NDArray[np.floating]


def occupancy(
    starts: Floats, ends: Floats, kinds: NDArray[np.integer], start: float, end: float, columns: int
) -> NDArray[np.intp]:
    """The kind of event that each column shows, -1 for none; a column with several shows the last one.

    Takes a million events in a few hundredths of a second.
    """
    found = np.full(max(0, columns), -1, np.intp)
    if columns <= 0 or not end > start or not len(starts):
        return found
    scale = columns / (end - start)
    with np.errstate(invalid="ignore", over="ignore"):
        first = np.nan_to_num(np.floor((np.asarray(starts, np.float64) - start) * scale + 1e-9), nan=-1.0)
        last = np.nan_to_num(np.ceil((np.asarray(ends, np.float64) - start) * scale - 1e-9) - 1, nan=-1.0)
    last = np.maximum(first, last)
    seen = (first < columns) & (last >= 0)
    first = np.clip(first[seen], 0, columns - 1).astype(np.intp)
    last = np.clip(last[seen], 0, columns - 1).astype(np.intp)
    kinds = np.asarray(kinds, np.intp)[seen]
    one = first == last
    found[first[one]] = kinds[one]
    for a, b, kind in zip(first[~one].tolist(), last[~one].tolist(), kinds[~one].tolist(), strict=True):
        found[a : b + 1] = kind
    return found


def activity(lo: Floats, hi: Floats, columns: int) -> NDArray[np.float64]:
    """How far the signal moves within each column, 0 to 1, from an envelope of any width."""
    moved = np.asarray(hi, np.float64) - np.asarray(lo, np.float64)
    if not len(moved) or columns <= 0:
        return np.full(max(0, columns), np.nan)
    edges = np.linspace(0, len(moved), columns + 1).astype(np.intp)[:-1]
    reach = np.maximum.reduceat(np.where(np.isfinite(moved), moved, -1.0), np.minimum(edges, len(moved) - 1))
    reach[reach < 0] = np.nan
    top = np.nanmax(reach) if np.isfinite(reach).any() else 0.0
    return reach / top if top > 0 else reach


def overview_row(
    values: Floats,
    kinds: NDArray[np.intp],
    marks: Sequence[tuple[str, str]],
    shown: tuple[int, int] | None = None,
    glyphs: Glyphs = Glyphs.BRAILLE,
) -> Row:
    """One column per value: the activity, or the mark (letter, style) of the kind of event that lies there.

    ``shown`` are the first and the last column on the screen; brackets stand on them.
    """
    cells = list(spark(values, 0.0, 1.0, glyphs))
    styles = ["overview"] * len(cells)
    for column in np.flatnonzero(kinds >= 0).tolist():
        cells[column], styles[column] = marks[int(kinds[column])]
    if shown is not None and cells:
        first, last = (min(max(0, k), len(cells) - 1) for k in shown)
        cells[first], styles[first] = "[", "accent"
        cells[last], styles[last] = ("]", "accent") if last > first else ("|", "accent")
    return row_of_cells(cells, styles)
