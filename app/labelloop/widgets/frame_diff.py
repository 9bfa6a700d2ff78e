"""Write only the cells that changed: what the terminal shows is remembered and compared before writing.

Textual rewrites every dirty line from its widget's left edge. Over a slow line those bytes are latency,
so our screens use a compositor whose updates leave out the cells that the terminal already shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from rich.console import Console, ConsoleOptions, RenderResult
from rich.control import Control
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, Compositor, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

from labelloop.rendering.format import cell_width

Cell = tuple[str, Style | None]
_NARROW = re.compile(  # characters that take one column in every terminal
    "[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u2199\u2212"
    "\u2500-\u25fc\u2605\u2713\u2717\u2800-\u28ff]*"
)
_STYLE_NUMBERS: dict[Style | None, int] = {}
_NEAR = 10  # cells; moving the terminal's cursor over fewer costs more than writing them


class Frame:
    """What one terminal shows, a strip a row; None where nobody knows."""

    def __init__(self) -> None:
        self._rows: list[Strip | None] = []
        self._width = 0

    def forget(self) -> None:
        """Write everything anew the next time: another program may have drawn."""
        self._rows = []

    def resize(self, width: int, height: int) -> None:
        """Keep the rows only when the terminal has this size."""
        if width != self._width or height != len(self._rows):
            self._width = width
            self._rows = [None] * height

    def write(self, x: int, y: int, strip: Strip, console: Console) -> str:
        """The sequences that show ``strip`` at a place, empty when it is there already."""
        if y >= len(self._rows):
            return _placed(x, y, strip, console)
        shown = self._rows[y]
        width = strip.cell_length
        if shown is None:
            if x == 0 and width == self._width:
                self._rows[y] = strip
            return _placed(x, y, strip, console)
        row = strip
        if x or width != self._width:  # joined, as the edge of the part may halve a wide character
            row = Strip.join([shown.crop(0, x), strip, shown.crop(x + width, self._width)])
        if shown._segments == row._segments:
            return ""
        self._rows[y] = row
        return "".join(_placed(a, y, row.crop(a, b), console) for a, b in changed_spans(shown, row))


def _placed(x: int, y: int, strip: Strip, console: Console) -> str:
    return Control.move_to(x, y).segment.text + strip.render(console)


def changed_spans(old: Strip, new: Strip) -> list[tuple[int, int]]:
    """Stretches of columns in which two strips differ; all of it when their widths are in doubt."""
    if old.cell_length != new.cell_length:
        return [(0, new.cell_length)]
    if _NARROW.fullmatch(old.text) and _NARROW.fullmatch(new.text):
        differ = (_characters(old) != _characters(new)) | (_styles(old) != _styles(new))
        return _joined(np.flatnonzero(differ))
    return _wide_spans(cells_of(old), cells_of(new), new.cell_length)


def _characters(strip: Strip) -> NDArray[np.uint32]:
    return np.frombuffer(strip.text.encode("utf-32-le"), np.uint32)


def _styles(strip: Strip) -> NDArray[np.intp]:
    """A number per column that stands for its style."""
    numbers = [_STYLE_NUMBERS.setdefault(style, len(_STYLE_NUMBERS)) for _, style, _ in strip]
    return np.repeat(np.array(numbers, np.intp), [len(text) for text, _, _ in strip])


def _joined(columns: NDArray[np.intp]) -> list[tuple[int, int]]:
    """Stretches that hold all columns, those nearer to each other than a move of the cursor costs in one."""
    if not len(columns):
        return []
    breaks = np.flatnonzero(np.diff(columns) > _NEAR)
    firsts = columns[np.concatenate(([0], breaks + 1))].tolist()
    lasts = columns[np.concatenate((breaks, [len(columns) - 1]))].tolist()
    return [(first, last + 1) for first, last in zip(firsts, lasts, strict=True)]


def cells_of(strip: Strip) -> list[Cell]:
    """One (text, style) per terminal column; the second column of a wide character is empty."""
    cells: list[Cell] = []
    for text, style, _ in strip:
        for char in text:
            size = cell_width(char)
            if size == 0 and cells:
                cells[-1] = (cells[-1][0] + char, style)
            else:
                cells.append((char, style))
                cells += [("", style)] * (size - 1)
    return cells


def _wide_spans(before: list[Cell], after: list[Cell], width: int) -> list[tuple[int, int]]:
    """Stretches that differ, none of which begins or ends within a wide character."""
    if len(before) != width or len(after) != width:
        return [(0, width)]
    columns: list[int] = []
    for i in (k for k in range(width) if before[k] != after[k]):
        first, past = i, i + 1
        while first > 0 and not (before[first][0] and after[first][0]):
            first -= 1
        while past < width and not (before[past][0] and after[past][0]):
            past += 1
        columns += range(first, past)
    return _joined(np.unique(np.array(columns, np.intp)))


class FrameUpdate(CompositorUpdate):
    """Strips at places, compared with the frame at the moment of writing."""

    def __init__(self, frame: Frame, pieces: Iterable[tuple[int, int, Strip]], size: tuple[int, int]) -> None:
        self._frame = frame
        self._pieces = list(pieces)
        self._size = size

    def render_segments(self, console: Console) -> str:
        """The sequences to write; nothing else may be written between this and the terminal."""
        self._frame.resize(*self._size)
        return "".join(self._frame.write(x, y, strip, console) for x, y, strip in self._pieces)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """All pieces, for pictures of the screen."""
        for x, y, strip in self._pieces:
            yield Control.move_to(x, y).segment
            yield from strip
            yield Segment.line()


class FrameCompositor(Compositor):
    """A compositor that knows what the terminal shows."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._frame = frame

    def render_full_update(self, simplify: bool = False) -> LayoutUpdate:
        """Every row of the screen."""
        update = super().render_full_update(simplify=simplify)
        lines = ((0, y, Strip.join(list(line))) for y, line in enumerate(update.strips, update.region.y))
        # LayoutUpdate is what the callers' annotation says; they only ask it for its sequences.
        return FrameUpdate(self._frame, lines, self.size)  # type: ignore[return-value]

    def render_partial_update(self) -> ChopsUpdate | None:
        """The dirty parts of rows."""
        update = super().render_partial_update()
        if update is None:
            return None
        return FrameUpdate(self._frame, _pieces(update), self.size)  # type: ignore[return-value]


def _pieces(update: ChopsUpdate) -> Iterable[tuple[int, int, Strip]]:
    """What an update draws, cut to its spans on both sides."""
    for y, first, past in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is None or x >= past or end <= first:
                continue
            left, right = max(x, first), min(end, past)
            yield left, y, strip if (left, right) == (x, end) else strip.crop(left - x, right - x)
