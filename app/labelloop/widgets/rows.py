"""Widgets made of rows of styled text: a row that did not change keeps its strip and is not repainted."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Sequence

from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from labelloop.errors import printable
from labelloop.rendering.cells import Row, Run, fitted, spread
from labelloop.rendering.glyphs import Glyphs, plain
from labelloop.widgets.terminal import TerminalApp, TerminalScreen

ROWS = 3  # that a sentence may take


class RowsView(Widget):
    """Shows the rows that ``make_rows`` gives for its size, and repaints those that changed."""

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._rows: list[Row] = []
        self._strips: dict[int, Strip] = {}
        self._made_for: tuple[int, int] = (-1, -1)

    def make_rows(self, width: int, height: int) -> Sequence[Row]:
        """The widget's rows; missing ones are blank."""
        raise NotImplementedError

    @property
    def glyphs(self) -> Glyphs:
        """The characters to draw with."""
        return self.app.glyphs if isinstance(self.app, TerminalApp) else Glyphs.BRAILLE

    def redraw(self) -> None:
        """Make the rows again and repaint the ones that differ."""
        if not self.is_attached or not self.size:
            return
        width, height = self.size
        rows = list(self.make_rows(width, height))[:height]
        rows += [[]] * (height - len(rows))
        if self._made_for != (width, height):
            self._made_for, self._rows = (width, height), rows
            self._strips.clear()
            self.refresh()
            return
        changed = [y for y, (old, new) in enumerate(zip(self._rows, rows, strict=True)) if old != new]
        self._rows = rows
        for y in changed:
            self._strips.pop(y, None)
            self.refresh(Region(0, y, width, 1))

    def on_resize(self, _: events.Resize) -> None:
        """Make the rows for the new size."""
        self.redraw()

    def notify_style_update(self) -> None:
        """Read the styles anew after the style sheets changed."""
        self._strips.clear()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """The strip of one row, made once."""
        if self._made_for != tuple(self.size):
            self.redraw()
        strip = self._strips.get(y)
        if strip is None:
            row = self._rows[y] if y < len(self._rows) else []
            strip = self._strips[y] = self._strip(row, self.size.width)
        return strip

    def _strip(self, row: Iterable[Run], width: int) -> Strip:
        ascii_only = self.glyphs is Glyphs.ASCII
        screen = self.screen
        segments = []
        for text, name in fitted(row, width):
            text = text if text.isprintable() else printable(text)
            style = screen.style_named(name) if isinstance(screen, TerminalScreen) else None
            segments.append(Segment(plain(text) if ascii_only else text, style))
        return Strip(segments, width)

    @property
    def text(self) -> str:
        """What the widget shows, for tests and copying."""
        return "\n".join("".join(text for text, _ in row).rstrip() for row in self._rows)


class Line(RowsView):
    """One row with a left and a right part; the left one gives way. A sentence may take more rows."""

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id, classes)
        self._left: Row = []
        self._right: Row = []
        self._below: list[Row] = []

    def show(self, left: Iterable[Run] = (), right: Iterable[Run] = ()) -> None:
        """Put text in the row."""
        self._put(list(left), list(right), [])

    def report(self, text: str, style: str = "", right: Iterable[Run] = ()) -> None:
        """Put a sentence in the row, and in up to two more where it is longer than the row."""
        behind = list(right)
        room = self.size.width - 2
        lines = textwrap.wrap(text, room) if room > 20 and not behind else [text]
        below: list[Row] = [
            [(f" {line}", style)] for line in [*lines[1 : ROWS - 1], " ".join(lines[ROWS - 1 :])]
        ]
        self._put(
            [(" ", ""), (lines[0] if lines else "", style)], behind, [r for r in below if r[0][0].strip()]
        )

    def _put(self, left: Row, right: Row, below: list[Row]) -> None:
        if len(below) != len(self._below):
            self.styles.height = 1 + len(below)
        self._left, self._right, self._below = left, right, below
        self.redraw()

    def make_rows(self, width: int, height: int) -> Sequence[Row]:
        """The one row, and those below it."""
        return [spread(self._left, self._right, width), *(fitted(row, width) for row in self._below)]


class Rule(RowsView):
    """A thin line across."""

    def make_rows(self, width: int, height: int) -> Sequence[Row]:
        """The line, leaving the margins free."""
        return [[(" ", ""), ("─" * max(0, width - 2), "rule")]]


class Block(RowsView):
    """Rows that a function draws for a width, a height and a set of glyphs: bars, charts, tables."""

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id, classes)
        self._draw: Callable[[int, int, Glyphs], Sequence[Row]] = lambda *_: []

    def show(self, draw: Callable[[int, int, Glyphs], Sequence[Row]]) -> None:
        """Draw with another function, or with the same one again."""
        self._draw = draw
        self.redraw()

    def make_rows(self, width: int, height: int) -> Sequence[Row]:
        """What the function draws."""
        return self._draw(width, height, self.glyphs)
