"""One row of the keys that matter here and now; help is always the last one."""

from __future__ import annotations

from collections.abc import Sequence

from labelloop.rendering.cells import Row
from labelloop.rendering.format import cell_width
from labelloop.widgets.rows import RowsView


class KeyBar(RowsView):
    """Shows (key, word) pairs, as many as have room; it repaints only when its text changed."""

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id, classes)
        self._items: Sequence[tuple[str, str]] = ()

    def show(self, items: Sequence[tuple[str, str]]) -> None:
        """Offer these keys; the last pair is kept at the right edge."""
        self._items = items
        self.redraw()

    def make_rows(self, width: int, height: int) -> Sequence[Row]:
        """The one row."""
        if not self._items:
            return []
        *items, last = self._items
        room = width - _size(last) - 1
        row: Row = [(" ", "")]
        used = 1
        for item in items:
            size = _size(item) + 2
            if used + size > room:
                break
            row += [(item[0], "key"), (f" {item[1]}  ", "dim")]
            used += size
        row.append((" " * max(0, room - used), ""))
        return [[*row, (last[0], "key"), (f" {last[1]}", "dim")]]


def _size(item: tuple[str, str]) -> int:
    return cell_width(item[0]) + 1 + cell_width(item[1])
