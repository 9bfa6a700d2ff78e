"""Text that is read and scrolled: help, logs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from labelloop.commands.catalogue import DEFAULT_KEYS, Keys, key_rows
from labelloop.commands.command import Group
from labelloop.rendering.cells import Row
from labelloop.rendering.format import cell_width, fit
from labelloop.widgets.rows import RowsView

_TABLE_KEYS = [("↑ ↓ j k", "Up and down", "In lists."), ("page up/down", "By a screen", "In lists.")]


class TextPanel(RowsView, can_focus=True):
    """Rows of any number; the arrows scroll by half a screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_by(-1)", "Up", show=False),
        Binding("down,j", "scroll_by(1)", "Down", show=False),
        Binding("pageup", "scroll_by(-10)", "Page up", show=False),
        Binding("pagedown,space", "scroll_by(10)", "Page down", show=False),
    ]

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id, classes)
        self._content: Sequence[Row] = ()
        self._top = 0

    def show(self, rows: Sequence[Row], end: bool = False) -> None:
        """Show rows from the first on, or the last ones."""
        self._content = rows
        self._top = len(rows) if end else 0
        self.redraw()

    def grow(self, rows: Sequence[Row]) -> None:
        """Show more rows: the end stays in view where it is, else what is read does."""
        if self._top + self.size.height >= len(self._content):
            self._top = len(rows)
        self._content = rows
        self.redraw()

    def make_rows(self, width: int, height: int) -> Sequence[Row]:
        """The visible rows."""
        self._top = min(max(0, self._top), max(0, len(self._content) - height))
        return self._content[self._top : self._top + height]

    def action_scroll_by(self, tenths: int) -> None:
        """Scroll by tenths of a screen, at least a few rows."""
        step = max(1, self.size.height * abs(tenths) // 10)
        self._top += step if tenths > 0 else -step
        self.redraw()


class HelpPanel(TextPanel):
    """Every key of a screen, from the catalogue."""

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id, classes)
        self._group: Group | None = None
        self._keys: Keys = DEFAULT_KEYS

    def show_group(self, group: Group, keys: Keys = DEFAULT_KEYS) -> None:
        """Show the help of one screen."""
        self._group, self._keys, self._top = group, keys, 0
        self.redraw()

    def make_rows(self, width: int, height: int) -> Sequence[Row]:
        """As many columns of keys as have room."""
        if self._group is not None:
            self._content = help_rows(self._group, self._keys, width)
        return super().make_rows(width, height)


def help_rows(group: Group, keys: Keys, width: int) -> list[Row]:
    """The keys of a screen and of every screen, in columns of at least 58."""
    rows: list[Row] = []
    for part in (group, Group.EVERYWHERE):
        entries = key_rows(part, keys)
        if part is Group.EVERYWHERE:
            entries = [*entries, *_TABLE_KEYS]
        rows += [[(f" {part.value}", "title")], *_in_columns(entries, width), []]
    return rows


def _in_columns(entries: Sequence[tuple[str, str, str]], width: int) -> list[Row]:
    count = max(1, width // 66)
    size = (width - 1) // count
    lines = -(-len(entries) // count)
    keys = max(13, *(cell_width(key) for key, _, _ in entries)) if entries else 13
    names = max((cell_width(title) for _, title, _ in entries), default=0) + 2
    rows: list[Row] = []
    for y in range(lines):
        row: Row = [(" ", "")]
        for x in range(count):
            if y + x * lines < len(entries):
                key, title, text = entries[y + x * lines]
                row += [(fit(key, keys, "right") + "  ", "key"), (fit(title, names), "")]
                row.append((fit(text, max(0, size - keys - 2 - names - 1)) + " ", "dim"))
        rows.append(row)
    return rows
