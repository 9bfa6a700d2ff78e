"""Which sessions and columns the list shows, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from labelloop.errors import UserError, printable
from labelloop.screens.sessions.rows import columns_for, reordered
from labelloop.services.sessions.filters import COLUMNS, SORT_KEYS, Filter
from labelloop.widgets.list_table import Column

if TYPE_CHECKING:
    from labelloop.screens.shared.project_screen import ProjectScreen as _Base
else:
    _Base = object
_BEFORE = " before "


class SessionList(_Base):
    """Commands that choose what is shown; mixed into the sessions screen."""

    if TYPE_CHECKING:

        def refresh_list(self) -> None:
            """Filter, sort and show."""

    def do_sessions_filter(self, _: str) -> None:
        """Ask for a filter; it works while it is typed."""
        names = [c.name for c in self.host.project.state.columns]
        choices = [f"{name}:" for name in (*COLUMNS, *names, *self.host.project.class_names)]
        hint = "text, set:train, class:down, length:>60, labels:0; tab walks through the columns"
        self.ask("filter", " filter", self._take_filter, self.host.view.filter, hint, self._wrong, choices)

    def _wrong(self, text: str) -> str | None:
        column = Filter.parse(text).unknown(self.host.store)
        return f"there is no column {printable(column)}; tab walks through them" if column else None

    def on_prompt_changed(self, event: object) -> None:
        """Filter while typing."""
        purpose, value = getattr(event, "purpose", ""), getattr(event, "value", "")
        if purpose == "filter":
            self._take_filter(value)

    def _take_filter(self, text: str) -> None:
        if text != self.host.view.filter and not self._wrong(text):
            self.host.view.filter = text
            self.refresh_list()

    def do_sessions_sort(self, _: str) -> None:
        """Ask for the column to sort by."""
        project = self.host.project
        names = [*SORT_KEYS, *(c.name for c in project.state.columns), *project.class_names]
        hint = "tab walks through the columns; the same again turns it round; empty: the file's order"
        known = known_one("column", [*names, "session"])
        self.ask("sort", " sort by", self._sort_by, self.host.view.sort, hint, known, names)

    def _sort_by(self, column: str) -> None:
        view = self.host.view
        column = {"session": "name"}.get(column, column)
        view.descending = not view.descending if column and column == view.sort else False
        view.sort = column
        self.refresh_list()

    def shown_columns(self) -> list[Column]:
        """The columns that are not hidden, in the person's order."""
        view = self.host.view
        return columns_for(self.host.store, view.hidden_columns, view.column_order)

    def sorted_column(self, columns: Sequence[Column]) -> str:
        """The id of the column that the list is sorted by, to mark its title."""
        sort = {"name": "session"}.get(self.host.view.sort, self.host.view.sort)
        return next((c.id for c in columns if sort and sort in (c.id, c.title)), sort)

    def do_sessions_columns(self, _: str) -> None:
        """Ask for a column to hide or show, or for its place."""
        view = self.host.view
        titles = [c.title for c in columns_for(self.host.store, (), view.column_order)]
        hidden = f"hidden: {', '.join(view.hidden_columns)}" if view.hidden_columns else "none is hidden"
        hint = f"{hidden}; 'rate before set' moves one; tab walks"
        self.ask("columns", " hide or show", self._change_columns, "", hint, None, titles)

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
            self.say(f"Column {title} stands before {before}.")
        elif title in view.hidden_columns:
            view.hidden_columns.remove(title)
            self.say(f"Column {title} is shown.")
        else:
            view.hidden_columns.append(title)
            self.say(f"Column {title} is hidden; C and its name show it again.")
        self.refresh_all()


def known_one(what: str, names: Sequence[str]) -> Callable[[str], str | None]:
    """A check that a text is one of some names, or empty."""
    return lambda text: None if not text or text in names else f"there is no {what} {printable(text)}"
