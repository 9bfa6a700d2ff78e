"""The palette: find any command of the screen by its name."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult

from labelloop.commands.catalogue import find, keys_text, on_screen
from labelloop.commands.command import Command, Group
from labelloop.widgets.list_table import Cell, Column, ListTable
from labelloop.widgets.rows import Line, Rule
from labelloop.widgets.terminal import TerminalScreen

COLUMNS = (
    Column("title", "command", 20),
    Column("keys", "key", 12),
    Column("help", "", 40, flexible=True, style="dim"),
)


class PaletteScreen(TerminalScreen[str | None]):
    """Type to narrow the list down; enter runs the command under the cursor, escape leaves."""

    def __init__(self, group: Group) -> None:
        super().__init__()
        self._group = group
        self._typed = ""
        self._found: Sequence[Command] = ()

    def compose(self) -> ComposeResult:
        """The typed words above the commands that hold them."""
        yield Line(id="query")
        yield Rule()
        yield ListTable(id="found", empty="no command is named like that")

    def on_mount(self) -> None:
        """Show all commands."""
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        self._found = find(self._typed, on_screen(self._group))
        hint = [("enter runs it, escape leaves ", "dim")]
        self.query_one("#query", Line).show([(" : ", "title"), (self._typed, ""), (" ", "cursor")], hint)
        self.query_one("#found", ListTable).show(len(self._found), self._cells, COLUMNS, cursor=0)

    def _cells(self, index: int) -> Sequence[Cell]:
        command = self._found[index]
        return ((command.title, ""), (keys_text(command.keys), "key"), (command.help, "dim"))

    def take_key(self, event: events.Key) -> bool:
        """Typing narrows, arrows move, enter runs."""
        table = self.query_one("#found", ListTable)
        if event.key == "escape":
            self.dismiss(None)
        elif event.key == "enter":
            self.dismiss(self._found[table.cursor].id if self._found else None)
        elif event.key in ("up", "down"):
            table.go(table.cursor + (1 if event.key == "down" else -1))
        elif event.key in ("backspace", "ctrl+h"):
            self._typed = self._typed[:-1]
            self._show()
        elif event.character and event.is_printable:
            self._typed += event.character
            self._show()
        return True
