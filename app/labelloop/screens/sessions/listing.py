"""Which sessions and columns the list shows, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from labelloop.errors import UserError, printable
from labelloop.screens.sessions.listed import Listed
from labelloop.screens.sessions.rows import columns_for, reordered
from labelloop.screens.shared.parts import Commands, Part
from labelloop.services.sessions.filters import COLUMNS, SORT_KEYS, Filter

_BEFORE = " before "


class Listing(Part):
    """Commands that choose what is shown."""

    def __init__(self, listed: Listed) -> None:
        self.listed = listed
        self.screen = listed.screen
        self.host = listed.host

    def filter(self, _: str) -> None:
        """Ask for a filter; it works while it is typed."""
        names = [c.name for c in self.host.project.state.columns]
        choices = [f"{name}:" for name in (*COLUMNS, *names, *self.host.project.class_names)]
        hint = "text, set:train, class:down, length:>60, labels:0; tab walks through the columns"
        self.screen.ask(
            "filter", " filter", self._take_filter, self.host.view.filter, hint, self._wrong, choices
        )

    def _wrong(self, text: str) -> str | None:
        column = Filter.parse(text).unknown(self.host.store)
        return f"there is no column {printable(column)}; tab walks through them" if column else None

    def prompt_changed(self, purpose: str, value: str) -> None:
        """Filter while typing."""
        if purpose == "filter":
            self._take_filter(value)

    def _take_filter(self, text: str) -> None:
        if text != self.host.view.filter and not self._wrong(text):
            self.host.view.filter = text
            self.listed.refresh()

    def sort(self, _: str) -> None:
        """Ask for the column to sort by."""
        project = self.host.project
        names = [*SORT_KEYS, *(c.name for c in project.state.columns), *project.class_names]
        hint = "tab walks through the columns; the same again turns it round; empty: the file's order"
        known = known_one("column", [*names, "session"])
        self.screen.ask("sort", " sort by", self._sort_by, self.host.view.sort, hint, known, names)

    def _sort_by(self, column: str) -> None:
        view = self.host.view
        column = {"session": "name"}.get(column, column)
        view.descending = not view.descending if column and column == view.sort else False
        view.sort = column
        self.listed.refresh()

    def columns(self, _: str) -> None:
        """Ask for a column to hide or show, or for its place."""
        view = self.host.view
        titles = [c.title for c in columns_for(self.host.store, (), view.column_order)]
        hidden = f"hidden: {', '.join(view.hidden_columns)}" if view.hidden_columns else "none is hidden"
        hint = f"{hidden}; 'rate before set' moves one; tab walks"
        self.screen.ask("columns", " hide or show", self._change_columns, "", hint, None, titles)

    def _change_columns(self, text: str) -> None:
        view = self.host.view
        titles = [c.title for c in columns_for(self.host.store, (), view.column_order)]
        title, moved, before = (part.strip() for part in text.partition(_BEFORE))
        if not title:
            return
        for name in (title, before) if moved else (title,):
            if name not in titles:
                raise UserError(f"There is no column {printable(name)}: {', '.join(titles)}.")
        if moved:
            view.column_order = reordered(titles, title, before)
            self.screen.report(f"Column {title} stands before {before}.")
        elif title in view.hidden_columns:
            view.hidden_columns.remove(title)
            self.screen.report(f"Column {title} is shown.")
        else:
            view.hidden_columns.append(title)
            self.screen.report(f"Column {title} is hidden; C and its name show it again.")
        self.screen.refresh_all()

    COMMANDS: ClassVar[Commands] = {
        "sessions.filter": filter,
        "sessions.sort": sort,
        "sessions.columns": columns,
    }


def known_one(what: str, names: Sequence[str]) -> Callable[[str], str | None]:
    """A check that a text is one of some names, or empty."""
    return lambda text: None if not text or text in names else f"there is no {what} {printable(text)}"
