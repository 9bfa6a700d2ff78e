"""A table for any number of rows that asks for the visible ones alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from labelloop.rendering.cells import Row, fitted
from labelloop.rendering.format import fit
from labelloop.widgets.rows import RowsView

Cell = tuple[str, str]  # text, style name
GAP = 2
MARGIN = 3  # cursor, tick, space


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``flexible`` ones take what is left, those of the highest ``rank`` give way first."""

    id: str
    title: str
    width: int
    align: str = "left"
    flexible: bool = False
    rank: int = 0
    style: str = ""


def placed(columns: Sequence[Column], width: int) -> list[tuple[int, int]]:
    """(index, width) of the columns that have room, in their order."""
    shown = list(range(len(columns)))

    def needed() -> int:
        return MARGIN + sum(columns[i].width + GAP for i in shown) - GAP

    while len(shown) > 1 and needed() > width:
        last = max(shown, key=lambda i: (columns[i].rank, i))
        if columns[last].rank == 0 and not any(columns[i].rank for i in shown):
            last = shown[-1]
        shown.remove(last)
    spare = max(0, width - needed())
    stretch = [i for i in shown if columns[i].flexible]
    widths = {i: columns[i].width for i in shown}
    for order, i in enumerate(stretch):
        room = spare // (len(stretch) - order)
        grown = min(room, columns[i].width * 2)
        widths[i] += grown
        spare -= grown
    return [(i, widths[i]) for i in shown]


class ListTable(RowsView, can_focus=True):
    """Rows with a cursor and ticks. Moving the cursor repaints two rows; scrolling goes by half a screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home", "go(0)", "First", show=False),
        Binding("end", "go(-1)", "Last", show=False),
    ]

    class Moved(Message):
        """The cursor went to another row."""

        def __init__(self, table: ListTable, index: int) -> None:
            super().__init__()
            self.table = table
            self.index = index

        @property
        def control(self) -> ListTable:
            """The table."""
            return self.table

    def __init__(self, id: str | None = None, classes: str | None = None, empty: str = "") -> None:
        super().__init__(id, classes)
        self._columns: Sequence[Column] = ()
        self._count = 0
        self._provider: Callable[[int], Sequence[Cell]] = lambda _: ()
        self._ticked: Callable[[int], bool] = lambda _: False
        self._sort: tuple[str, bool] | None = None
        self._empty = empty
        self.cursor = 0
        self._top = 0

    def show(
        self,
        count: int,
        provider: Callable[[int], Sequence[Cell]],
        columns: Sequence[Column] | None = None,
        ticked: Callable[[int], bool] | None = None,
        sort: tuple[str, bool] | None = None,
        cursor: int | None = None,
        empty: str | None = None,
    ) -> None:
        """Show ``count`` rows; ``provider(i)`` gives a cell a column, ``sort`` is (column id, descending)."""
        self._count, self._provider, self._sort = count, provider, sort
        self._columns = self._columns if columns is None else columns
        self._ticked = ticked or self._ticked
        self._empty = self._empty if empty is None else empty
        self.cursor = min(max(0, self.cursor if cursor is None else cursor), max(0, count - 1))
        self.redraw()

    @property
    def count(self) -> int:
        """How many rows there are."""
        return self._count

    def go(self, index: int) -> None:
        """The cursor to a row; what lies beyond the ends stops at them."""
        index = min(max(0, index), max(0, self._count - 1))
        if index != self.cursor:
            self.cursor = index
            self.redraw()
            self.post_message(self.Moved(self, index))

    def make_rows(self, width: int, height: int) -> Sequence[Row]:
        """The titles and the visible rows."""
        self._follow(max(1, height - 1))
        columns = placed(self._columns, width)
        rows = [self._titles(columns, width)]
        if not self._count:
            return [*rows, [("   ", ""), (self._empty, "dim")]]
        return rows + [self._row(i, columns, width) for i in range(self._top, self._top + height - 1)]

    def _follow(self, room: int) -> None:
        """Bring the cursor into view; it lands in the middle, so that not each step scrolls."""
        if not self._top <= self.cursor < self._top + room:
            self._top = self.cursor - room // 2
        self._top = min(max(0, self._top), max(0, self._count - room))

    def _titles(self, columns: Sequence[tuple[int, int]], width: int) -> Row:
        row: Row = [(" " * MARGIN, "")]
        for place, (i, size) in enumerate(columns):
            column = self._columns[i]
            title, style = column.title, "dim"
            if self._sort and self._sort[0] == column.id:
                title, style = title + ("▾" if self._sort[1] else "▴"), "accent"
            gap = GAP if place else 0
            row.append((" " * gap + fit(title, size, column.align), style))
        return fitted(row, width)

    def _row(self, index: int, columns: Sequence[tuple[int, int]], width: int) -> Row:
        if index >= self._count:
            return []
        here = index == self.cursor
        row: Row = [
            ("▸" if here else " ", "accent"),
            ("✓" if self._ticked(index) else " ", "ticked"),
            (" ", ""),
        ]
        cells = self._provider(index)
        for place, (i, size) in enumerate(columns):
            text, style = cells[i] if i < len(cells) else ("", "")
            if here and place == 0:
                style = f"{style} accent".strip()
            gap = GAP if place else 0
            row.append((" " * gap + fit(text, size, self._columns[i].align), style or self._columns[i].style))
        return fitted(row, width)

    def action_move(self, amount: int) -> None:
        """The cursor up or down."""
        self.go(self.cursor + amount)

    def action_page(self, amount: int) -> None:
        """The cursor by a screen."""
        self.go(self.cursor + amount * max(1, self.size.height - 2))

    def action_go(self, index: int) -> None:
        """The cursor to the first or the last row."""
        self.go(index if index >= 0 else self._count + index)

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor."""
        if event.y > 0 and self._top + event.y - 1 < self._count:
            self.go(self._top + event.y - 1)
