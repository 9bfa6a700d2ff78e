"""The sessions that the list shows, those that are ticked, and what commands act on."""

from __future__ import annotations

from collections.abc import Sequence

from labelloop.errors import printable
from labelloop.project.session import Session
from labelloop.rendering.format import plural
from labelloop.screens.sessions.rows import cells_of, columns_for
from labelloop.screens.shared.project_screen import ProjectScreen
from labelloop.services.sessions.filters import Filter, shown_sessions
from labelloop.widgets.list_table import Cell, Column, ListTable
from labelloop.widgets.rows import Line


class Listed:
    """The list of sessions on a screen."""

    def __init__(self, screen: ProjectScreen) -> None:
        self.screen = screen
        self.host = screen.host
        self.shown: list[Session] = []
        self.columns: Sequence[Column] = ()
        self.ticked: set[str] = set(self.host.view.ticked)
        self._cells: dict[str, Sequence[Cell]] = {}

    @property
    def table(self) -> ListTable:
        """The list."""
        return self.screen.query_one("#sessions", ListTable)

    @property
    def current(self) -> Session | None:
        """The session under the cursor, in its present value."""
        if self.table.cursor >= len(self.shown):
            return None
        return self.host.project.state.sessions.get(self.shown[self.table.cursor].id)

    @property
    def targets(self) -> list[Session]:
        """The ticked sessions, or the one under the cursor."""
        if self.ticked:
            return [s for s in self.host.project.sessions() if s.id in self.ticked]
        return [self.current] if self.current else []

    def forget(self, session_ids: Sequence[str] | frozenset[str] | None = None) -> None:
        """Make the rows of these sessions anew, or all."""
        if session_ids is None:
            self._cells.clear()
        else:
            for session_id in session_ids:
                self._cells.pop(session_id, None)

    def refresh(self) -> None:
        """Filter, sort and show, keeping the cursor on its session."""
        view, store = self.host.view, self.host.store
        here = self.shown[self.table.cursor].id if self.table.cursor < len(self.shown) else ""
        self.columns = columns_for(store, view.hidden_columns, view.column_order)
        self.shown = shown_sessions(store, Filter.parse(view.filter), view.sort, view.descending)
        self.ticked &= store.project.state.sessions.keys()
        cursor = next((i for i, s in enumerate(self.shown) if s.id == here), None)
        self.table.show(
            len(self.shown),
            self._row,
            self.columns,
            lambda i: self.shown[i].id in self.ticked,
            (self._sorted_column(), view.descending) if view.sort else None,
            cursor,
            "no session passes the filter" if len(store.project) else "no sessions yet: A adds data",
        )
        self.refresh_count()

    def _row(self, index: int) -> Sequence[Cell]:
        session = self.shown[index]
        cells = self._cells.get(session.id)
        if cells is None:
            cells = self._cells[session.id] = cells_of(self.host.store, session, self.columns)
        return cells

    def _sorted_column(self) -> str:
        """The id of the column that the list is sorted by, to mark its title."""
        sort = {"name": "session"}.get(self.host.view.sort, self.host.view.sort)
        return next((c.id for c in self.columns if sort and sort in (c.id, c.title)), sort)

    def refresh_count(self) -> None:
        """How many sessions are shown and ticked, and the filter."""
        view, total = self.host.view, len(self.host.project)
        shown = (
            f"{len(self.shown)} of {plural(total, 'session')}" if view.filter else plural(total, "session")
        )
        text = f"{len(self.ticked)} ticked · {shown} " if self.ticked else f"{shown} "
        left = [(f" filter {printable(view.filter)}", "accent")] if view.filter else []
        self.screen.query_one("#count", Line).show(left, [(text, "dim")])
