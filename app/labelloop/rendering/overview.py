"""The whole session in one row: how much happens, where events lie, which part is on the screen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from labelloop.rendering.cells import Row, row_of_cells
from labelloop.rendering.glyphs import Glyphs
from labelloop.rendering.score import spark

Floats = NDArray[np.floating]


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
