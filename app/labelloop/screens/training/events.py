"""A list of events, each of which opens in the viewer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult

from labelloop.commands.command import Context, Group
from labelloop.contract.training import FoundEvent
from labelloop.errors import UserError, printable
from labelloop.project.session import Session
from labelloop.rendering.cells import Row
from labelloop.rendering.format import clock, plural, span
from labelloop.screens import routes
from labelloop.screens.shared.parts import Commands
from labelloop.screens.shared.project_screen import ProjectScreen
from labelloop.widgets.list_table import Cell, Column, ListTable
from labelloop.widgets.rows import RowsView

COLUMNS = (
    Column("session", "session", 20, flexible=True),
    Column("start", "start", 10, "right"),
    Column("length", "length", 9, "right"),
    Column("actual", "actual", 14),
    Column("predicted", "predicted", 14),
)


class EventsScreen(ProjectScreen):
    """Events as a job's statistics list them; enter opens one in its session."""

    GROUP: ClassVar[Group] = Group.EVENTS

    def __init__(self, title: str, events: Sequence[FoundEvent]) -> None:
        super().__init__()
        self._title = title
        self._events = events

    def compose_body(self) -> ComposeResult:
        """The list."""
        yield ListTable(id="events")

    @property
    def table(self) -> ListTable:
        """The list."""
        return self.query_one("#events", ListTable)

    def body_focus(self) -> RowsView | None:
        """The list takes the arrow keys."""
        return self.table

    def header(self) -> tuple[Row, Row]:
        """Which cell it is, and how many events it counts."""
        return [(f" {printable(self._title)}", "title")], [(f"{plural(len(self._events), 'event')} ", "dim")]

    def context(self) -> Context:
        """Whether there are events."""
        return replace(self.host.context(), labels=len(self._events))

    def refresh_all(self) -> None:
        """The list anew."""
        self.table.show(len(self._events), self._cells, COLUMNS)
        self.refresh_bars()

    def _session(self, event: FoundEvent) -> Session | None:
        """The event's session, as long as the project has it."""
        named = event.session
        return next((s for s in self.host.project.sessions() if named in (s.id, s.path)), None)

    def _cells(self, index: int) -> Sequence[Cell]:
        event = self._events[index]
        session = self._session(event)
        start, end = event.start, event.end
        return (
            (printable(session.path if session else event.session), "" if session else "warn"),
            (clock(start, 2), ""),
            (span(end - start), "dim"),
            (printable(event.actual or "(none)"), ""),
            (printable(event.predicted or "(missed)"), ""),
        )

    def open_event(self, _: str) -> None:
        """Open the event in the viewer. Raises UserError when its session is gone."""
        event = self._events[self.table.cursor]
        session = self._session(event)
        if session is None:
            raise UserError("The session is not in the project any more, so the event can't be shown.")
        viewer = routes.screen("viewer", session.id, [session.id])
        self.app.push_screen(viewer)
        viewer.go_to(event.start, event.end)

    ACTIONS: ClassVar[Commands] = {
        "events.open": open_event,
    }
