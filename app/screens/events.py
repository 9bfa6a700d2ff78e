"""A list of events, each of which opens in the viewer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from app.errors import printable
from app.rendering.format import clock, span
from app.widgets.list_table import Cell, Column, ListTable
from app.widgets.rows import Line, Rule
from app.widgets.terminal import TerminalScreen

COLUMNS = (
    Column("session", "session", 20, flexible=True),
    Column("start", "start", 10, "right"),
    Column("length", "length", 9, "right"),
    Column("actual", "actual", 14),
    Column("predicted", "predicted", 14),
)


class EventsScreen(TerminalScreen[None]):
    """Events as a job's statistics list them; enter opens one in its session."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", show=False),
        Binding("escape,q", "leave", "Back", show=False),
    ]

    def __init__(self, title: str, events: Sequence[Mapping[str, Any]]) -> None:
        super().__init__()
        self._title = title
        self._events = events

    def compose(self) -> ComposeResult:
        """A title above the list."""
        yield Line(id="header")
        yield Rule()
        yield ListTable(id="events")

    def on_mount(self) -> None:
        """Show the list."""
        self.set_focus(self.query_one("#events"))
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        hint = [("enter opens, escape leaves ", "dim")]
        self.query_one("#header", Line).show([(f" {self._title}", "title")], hint)
        self.query_one("#events", ListTable).show(len(self._events), self._cells, COLUMNS)

    def _cells(self, index: int) -> Sequence[Cell]:
        event = self._events[index]
        name = self._session_path(str(event["session"]))
        start, end = float(event["start"]), float(event["end"])
        return (
            (printable(name), ""),
            (clock(start, 2), ""),
            (span(end - start), "dim"),
            (printable(event["actual"] or "(none)"), ""),
            (printable(event["predicted"] or "(missed)"), ""),
        )

    def _session_path(self, session: str) -> str:
        from app.app import LabelloopApp

        app = self.app
        known = app.project.state.sessions.get(session) if isinstance(app, LabelloopApp) else None
        return known.path if known else session

    def action_open(self) -> None:
        """Open the event in the viewer."""
        from app.app import LabelloopApp
        from app.screens.viewer import ViewerScreen

        app = self.app
        if not self._events or not isinstance(app, LabelloopApp):
            return
        event = self._events[self.query_one("#events", ListTable).cursor]
        session = str(event["session"])
        match = next((s.id for s in app.project.sessions() if session in (s.id, s.path)), None)
        if match is None:
            self.query_one("#header", Line).show([(" The session is not in the project any more.", "warn")])
            return
        viewer = ViewerScreen(match, [match])
        app.push_screen(viewer)
        viewer.go_to(float(event["start"]), float(event["end"]))

    def action_leave(self) -> None:
        """Back to the statistics."""
        self.dismiss(None)
