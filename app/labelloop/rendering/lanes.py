"""A lane of labels: what users confirmed in square brackets, what only a model says in round ones."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from labelloop.rendering.cells import Row, row_of_cells
from labelloop.rendering.format import cell_width
from labelloop.rendering.glyphs import Glyphs, Symbols, symbols


@dataclass(frozen=True, slots=True)
class Event:
    """One label as a lane shows it; ``letter`` is the sign of its class and takes one column."""

    start: float
    end: float
    letter: str
    style: str
    confirmed: bool = True
    confidence: float = 1.0
    selected: bool = False


@dataclass(frozen=True, slots=True)
class Marks:
    """What a lane marks beside its labels, in columns: the cursor, and a stretch (first, last)."""

    cursor: int | None = None
    selection: tuple[int, int] | None = None


def event_columns(start: float, end: float, event: Event, columns: int) -> tuple[int, int]:
    """First and last column of an event in a view; they may lie some screens outside of it."""
    scale = columns / (end - start)
    first = math.floor(_near((event.start - start) * scale + 1e-6, columns))
    last = math.ceil(_near((event.end - start) * scale - 1e-6, columns)) - 1
    return first, max(first, last)


def _near(column: float, columns: int) -> float:
    """A column no further than a few screens away, so that an event of any length costs the same."""
    return min(max(column, -4.0 * columns), 5.0 * columns)


def lane_row(
    events: Sequence[Event],
    start: float,
    end: float,
    columns: int,
    marks: Marks = Marks(),
    glyphs: Glyphs = Glyphs.BRAILLE,
) -> Row:
    """One lane of the stretch ``[start, end)``; events come sorted by start.

    Where several events start in one column, the column says how many (``+`` for ten or more).
    """
    signs = symbols(glyphs)
    cells, styles = [signs.quiet] * columns, ["dim"] * columns
    if marks.selection is not None:
        for column in range(max(0, marks.selection[0]), min(columns, marks.selection[1] + 1)):
            cells[column], styles[column] = signs.selected, "selection"
    if columns > 0 and end > start:
        if len(events) > 4 * columns:
            _crowd(events, start, end, cells, styles)
        else:
            _place(events, start, end, cells, styles, signs)
    if marks.cursor is not None and 0 <= marks.cursor < columns:
        styles[marks.cursor] = f"{styles[marks.cursor]} cursor".strip()
    return row_of_cells(cells, styles)


def _place(
    events: Sequence[Event], start: float, end: float, cells: list[str], styles: list[str], signs: Symbols
) -> None:
    """Draw each event; one that starts in the last column of the one before cuts that one short."""
    columns = len(cells)
    spans = [event_columns(start, end, event, columns) for event in events]
    starts: dict[int, int] = {}
    for first, _ in spans:
        starts[first] = starts.get(first, 0) + 1
    for i, (event, (first, last)) in enumerate(zip(events, spans, strict=True)):
        if last < 0 or first >= columns:
            continue
        following = spans[i + 1][0] if i + 1 < len(spans) else columns + last + 1
        if first < following <= last and following >= last:
            last = following - 1
        _paint(event, first, last, cells, styles, signs)
        if starts[first] > 1 and 0 <= first < columns:
            cells[first] = str(starts[first]) if starts[first] < 10 else "+"


def _paint(event: Event, first: int, last: int, cells: list[str], styles: list[str], signs: Symbols) -> None:
    style = event.style + ("" if event.confirmed else " unsure") + (" selected" if event.selected else "")
    text = label_text(event, last - first + 1, max(0, -first), signs)
    for column in range(max(0, first), min(len(cells), last + 1)):
        cells[column] = text[column - first]
        styles[column] = style


def label_text(event: Event, width: int, hidden: int, signs: Symbols) -> list[str]:
    """The cells of one event ``width`` columns wide of which the first ``hidden`` are left of the view."""
    letter = event.letter if cell_width(event.letter) == 1 else "?"
    if width == 1:
        return [letter]
    opening, closing, fill = ("[", "]", signs.fill) if event.confirmed else ("(", ")", signs.unsure)
    if width == 2:
        cells = [opening, letter]
    else:
        inside = letter
        if not event.confirmed:
            room = width - 2 - min(hidden, max(0, width - 3))
            inside = next((t for t in _confidence(event, letter) if len(t) <= room), letter)
        cells = [opening, *inside.ljust(width - 2, fill), closing]
    if 0 < hidden < width:
        shown = width - hidden
        rest = cells[1 : 1 + shown] if width > 2 else [letter]
        tail = [closing] if width > 2 and shown > 1 else []
        body = (rest + [fill] * shown)[: shown - len(tail)]
        cells = [fill] * hidden + body + tail
    return cells


def _confidence(event: Event, letter: str) -> list[str]:
    """What an unconfirmed label can say, longest first."""
    if not math.isfinite(event.confidence):
        return [letter]
    share = 100 if event.confidence >= 1 else min(99, round(max(event.confidence, 0.0) * 100))
    return [f"{letter} {share} %", f"{letter} {share}", f"{letter}{share}", letter]


def _crowd(events: Sequence[Event], start: float, end: float, cells: list[str], styles: list[str]) -> None:
    """More events than the lane can tell apart: each column says how many start in it."""
    columns = len(cells)
    times = np.fromiter((event.start for event in events), np.float64, len(events))
    where = np.floor((times - start) * (columns / (end - start))).astype(np.intp)
    inside = np.flatnonzero((where >= 0) & (where < columns))
    counts = np.bincount(where[inside], minlength=columns)
    last = np.full(columns, -1, np.intp)
    last[where[inside]] = inside
    for column in np.flatnonzero(counts).tolist():
        event, amount = events[int(last[column])], int(counts[column])
        cells[column] = event.letter if amount == 1 else str(amount) if amount < 10 else "+"
        styles[column] = event.style + ("" if event.confirmed else " unsure")
