"""A time ruler: ticks at round times, labelled as sparsely as the width asks for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime

from labelloop.rendering.cells import Row, row_of_cells
from labelloop.rendering.format import MINUS
from labelloop.rendering.glyphs import Glyphs, symbols

_LONG_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)
_EPOCH = 1e8  # seconds; a clock that has gone this far counts from 1970
SMALLEST = 9  # columns between labels


@dataclass(frozen=True, slots=True)
class Ruler:
    """The two rows of a ruler."""

    ticks: Row
    labels: Row


def nice_step(smallest: float) -> float:
    """The smallest round step that is no smaller than ``smallest`` seconds.

    >>> nice_step(0.03), nice_step(0.7), nice_step(7), nice_step(40), nice_step(100_000)
    (0.05, 1, 10, 60, 172800)
    """
    if not math.isfinite(smallest) or smallest <= 0:
        return 1
    if smallest <= 0.5:
        small = math.pow(10, math.floor(math.log10(smallest)))
        return next(float(f"{k * small:.3g}") for k in (1, 2, 5, 10) if k * small >= smallest * (1 - 1e-9))
    if smallest <= _LONG_STEPS[-1]:
        return next(step for step in _LONG_STEPS if step >= smallest)
    days = smallest / 86400
    power = int(math.pow(10, math.floor(math.log10(days))))
    return next(k * power for k in (1, 2, 5, 10) if k * power >= days) * 86400


def tick_label(time: float, step: float, unit: bool = False) -> str:
    """How a tick is named: seconds below a minute's length, else a clock; the first one says its unit.

    >>> tick_label(8, 1, unit=True), tick_label(9.5, 0.5), tick_label(65, 5), tick_label(7200, 600)
    ('8 s', '9.5', '1:05', '2:00:00')
    """
    decimals = 0 if step >= 1 else min(9, max(1, math.ceil(-math.log10(step) - 1e-9)))
    if abs(time) >= _EPOCH:
        return _time_of_day(time, decimals)
    size = abs(round(time, 9))
    sign = MINUS if time < 0 and size else ""
    if size < 60 and step < 60:
        return f"{sign}{size:.{decimals}f}" + (" s" if unit else "")
    whole = math.floor(size + 1e-9)
    part = f"{size - whole:.{decimals}f}"[1:] if decimals else ""
    hours, rest = divmod(whole, 3600)
    text = f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"
    return sign + text + part


def _time_of_day(time: float, decimals: int) -> str:
    try:
        moment = datetime.fromtimestamp(time, UTC)
    except (OverflowError, ValueError, OSError):
        return f"{time:.3g}"
    text = f"{moment:%H:%M:%S}"
    return text + (f"{time - math.floor(time):.{decimals}f}"[1:] if decimals else "")


def ticks(start: float, end: float, columns: int) -> tuple[float, list[tuple[int, float]]]:
    """The step, and (column, time) of each tick of a view, the labels of which have room."""
    seconds = (end - start) / columns if columns > 0 else 0.0
    if not math.isfinite(seconds) or seconds <= 0:
        return 1.0, []
    step = nice_step(seconds * SMALLEST)
    longest = max(len(tick_label(t, step, unit=True)) for t in (start, end))
    step = nice_step(seconds * max(SMALLEST, longest + 2))
    first = math.ceil(start / step - 1e-9)
    found = []
    for k in range(first, first + columns + 1):
        column = math.floor((k * step - start) / seconds + 1e-6)
        if column >= columns:
            break
        found.append((column, k * step))
    return step, found


def ruler(
    start: float, end: float, columns: int, cursor: int | None = None, glyphs: Glyphs = Glyphs.BRAILLE
) -> Ruler:
    """The tick row and the label row of the stretch ``[start, end)``; the cursor marks its column."""
    signs = symbols(glyphs)
    step, marks = ticks(start, end, columns)
    line = [signs.line] * columns
    text = [" "] * columns
    for i, (column, time) in enumerate(marks):
        line[column] = signs.tick_first if column == 0 else signs.tick
        name = tick_label(time, step, unit=i == 0)
        if column + len(name) <= columns:
            text[column : column + len(name)] = list(name)
    styles = ["axis"] * columns
    if cursor is not None and 0 <= cursor < columns:
        line[cursor] = signs.caret
        styles[cursor] = "cursor"
    return Ruler(row_of_cells(line, styles), [("".join(text), "axis")])
