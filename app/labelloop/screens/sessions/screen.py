"""Home: the list of sessions with their sets, and the summary of what is labelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult

from labelloop.commands.command import Context, Group
from labelloop.errors import printable
from labelloop.project.changes import Touched
from labelloop.project.session import Session
from labelloop.project.sets import TEST, TRAIN, UNASSIGNED, VALIDATION
from labelloop.rendering.cells import Row
from labelloop.rendering.format import plural
from labelloop.rendering.glyphs import Glyphs
from labelloop.screens import routes
from labelloop.screens.sessions.edits import SessionEdits
from labelloop.screens.sessions.listing import SessionList
from labelloop.screens.sessions.rows import cells_of
from labelloop.screens.sessions.summary import summary_rows
from labelloop.screens.sessions.ticks import SessionTicks
from labelloop.screens.shared.project_screen import ProjectScreen
from labelloop.services.labels.classes import class_for_key
from labelloop.services.sessions.filters import Filter, shown_sessions
from labelloop.services.sessions.select import needs_labels
from labelloop.widgets.list_table import Cell, Column, ListTable
from labelloop.widgets.rows import Block, Line, RowsView, Rule


class SessionsScreen(SessionTicks, SessionList, SessionEdits, ProjectScreen):
    """The session list."""

    GROUP: ClassVar[Group] = Group.SESSIONS

    def __init__(self) -> None:
        super().__init__()
        self._shown: list[Session] = []
        self._columns: Sequence[Column] = ()
        self._cells: dict[str, Sequence[Cell]] = {}
        self._ticked: set[str] = set(self.host.view.ticked)
        self._warned = False

    # Parts

    def compose_body(self) -> ComposeResult:
        """The list above the summary."""
        yield ListTable(id="sessions", empty="no session passes the filter")
        yield Line(id="count")
        yield Rule()
        yield Block(id="summary")

    @property
    def table(self) -> ListTable:
        """The list."""
        return self.query_one("#sessions", ListTable)

    def body_focus(self) -> RowsView | None:
        """The list takes the arrow keys."""
        return self.table

    def first_show(self) -> None:
        """Put the cursor where it was and say what is to be said."""
        self.refresh_all()
        # So that enter need not wait for it.
        self.set_timer(0.2, lambda: routes.load("viewer"))
        cursor = self.host.view.cursor
        self.table.go(next((i for i, s in enumerate(self._shown) if s.path == cursor), 0))
        notices = self.host.notices
        recovered = self.host.store.recovered
        if recovered:
            self.say(f"Recovered {plural(recovered, 'edit')} that were not in the files yet.", "good")
        elif notices:
            self.say(notices[0], "warn")

    # What is shown

    def refresh_all(self) -> None:
        """Everything anew."""
        self._cells.clear()
        self.refresh_list()
        self.refresh_summary()
        self.refresh_bars()

    def show_change(self, touched: Touched) -> None:
        """Only the rows that changed are made again, unless the list itself may be another."""
        if touched.classes:
            self._cells.clear()
        for session_id in touched.sessions:
            self._cells.pop(session_id, None)
        self.refresh_list()
        self.refresh_summary()
        self.refresh_bars()

    def refresh_list(self) -> None:
        """Filter, sort and show, keeping the cursor on its session."""
        view, store = self.host.view, self.host.store
        here = self._shown[self.table.cursor].id if self.table.cursor < len(self._shown) else ""
        self._columns = self.shown_columns()
        self._shown = shown_sessions(store, Filter.parse(view.filter), view.sort, view.descending)
        self._ticked &= store.project.state.sessions.keys()
        cursor = next((i for i, s in enumerate(self._shown) if s.id == here), None)
        self.table.show(
            len(self._shown),
            self._row,
            self._columns,
            lambda i: self._shown[i].id in self._ticked,
            (self.sorted_column(self._columns), view.descending) if view.sort else None,
            cursor,
            "no session passes the filter" if len(store.project) else "no sessions yet: A adds data",
        )
        self.refresh_count()

    def _row(self, index: int) -> Sequence[Cell]:
        session = self._shown[index]
        cells = self._cells.get(session.id)
        if cells is None:
            cells = self._cells[session.id] = cells_of(self.host.store, session, self._columns)
        return cells

    def refresh_count(self) -> None:
        """How many sessions are shown and ticked, and the filter."""
        view, total = self.host.view, len(self.host.project)
        shown = (
            f"{len(self._shown)} of {plural(total, 'session')}" if view.filter else plural(total, "session")
        )
        text = f"{len(self._ticked)} ticked · {shown} " if self._ticked else f"{shown} "
        left = [(f" filter {printable(view.filter)}", "accent")] if view.filter else []
        self.query_one("#count", Line).show(left, [(text, "dim")])

    def refresh_summary(self) -> None:
        """The summary pane, as high as its content."""
        store, active = self.host.store, self.host.active_class
        block = self.query_one("#summary", Block)
        rows = summary_rows(store, active, max(20, self.size.width), self.host.glyphs)
        most = max(3, self.size.height // 3)
        block.styles.height = min(len(rows), most)
        made = (max(20, self.size.width), self.host.glyphs)

        def draw(width: int, height: int, glyphs: Glyphs) -> list[Row]:
            again = (width, glyphs) != made  # counting 10,000 sessions once a change is enough
            return (summary_rows(store, active, width, glyphs) if again else rows)[:height]

        block.show(draw)

    # What commands act on

    @property
    def current(self) -> Session | None:
        """The session under the cursor, in its present value."""
        if self.table.cursor >= len(self._shown):
            return None
        return self.host.project.state.sessions.get(self._shown[self.table.cursor].id)

    @property
    def targets(self) -> list[Session]:
        """The ticked sessions, or the one under the cursor."""
        project = self.host.project
        if self._ticked:
            return [s for s in project.sessions() if s.id in self._ticked]
        return [self.current] if self.current else []

    def context(self) -> Context:
        """The facts about the list."""
        current = self.current
        broken = f"{printable(current.path)} can't be used: {current.message}" if current else ""
        return replace(
            self.host.context(),
            targets=len(self.targets),
            ticked=len(self._ticked),
            broken=broken if current and current.broken else "",
            unconfirmed=self.host.waiting,
        )

    def on_list_table_moved(self, _: ListTable.Moved) -> None:
        """Grow the range, remember the place, say what is wrong with a broken session."""
        self.follow_range()
        current = self.current
        if current is None:
            return
        self.host.view.cursor = current.path
        if current.broken:
            self.say(current.message, "error")
        elif current.flag:
            self.say(f"Flagged: {printable(current.flag)}", "warn")
        elif self._warned:
            self.say("")
        self._warned = current.broken or bool(current.flag)

    # Moving and choosing

    def do_sessions_open(self, _: str) -> None:
        """Open the session in the viewer."""
        if self.current:
            self.open_session(self.current)

    def open_session(self, session: Session) -> None:
        """Open a session in the viewer."""
        self.host.view.ticked = sorted(self._ticked)
        self.app.push_screen(routes.screen("viewer", session.id, [s.id for s in self._shown]))

    def escape(self) -> bool:
        """Leave the range, then the ticks, then the filter."""
        if self._range is not None and self._shifted < 0:
            self._range = None
        elif self._ticked:
            self._range = None
            self._ticked.clear()
        elif self.host.view.filter:
            self.host.view.filter = ""
        else:
            return False
        self.refresh_list()
        self.say("")
        return True

    def do_sessions_next(self, _: str) -> None:
        """Go to the next session that needs labels."""
        count, store = len(self._shown), self.host.store
        for step in range(1, count + 1):
            index = (self.table.cursor + step) % count
            if needs_labels(store, self._shown[index]):
                self.table.go(index)
                return
        self.say("No session that is shown needs labels; m marks the one under the cursor as done.")

    def do_sessions_class(self, key: str) -> None:
        """Make a class the active one."""
        name = class_for_key(self.host.store, key)
        if name is None:
            count = len(self.host.project.class_names)
            self.say(
                f"No class has the key {key}; the project has {plural(count, 'class', 'classes')}.", "warn"
            )
            return
        self.host.view.active_class = name
        self._class_changed()

    def do_sessions_every_class(self, _: str) -> None:
        """Work on all classes."""
        self.host.view.active_class = ""
        self._class_changed()

    def _class_changed(self) -> None:
        self.host.forget_step()
        active = self.host.active_class
        self.say(f"Working on class {printable(active)}." if active else "Working on all classes.")
        self.refresh_summary()
        self.refresh_bars()

    # To other screens

    def do_sessions_training(self, _: str) -> None:
        """Open the training screen."""
        self.app.push_screen(routes.screen("training"))

    def do_sessions_generate(self, _: str) -> None:
        """Open the wizard on the ticked sessions, else on the unlabelled ones."""
        chosen = [s for s in self.targets if not s.broken] if self._ticked else []
        self.app.push_screen(routes.screen("generate", [s.id for s in chosen]))

    def do_sessions_review(self, _: str) -> None:
        """Open the review queue over the ticked sessions, or over all that are shown."""
        chosen = self.targets if self._ticked else self._shown
        ids = [s.id for s in chosen if not s.broken]
        if ids:
            self.app.push_screen(routes.screen("review", ids))

    def do_sessions_runs(self, _: str) -> None:
        """Open the list of runs that generated labels."""
        self.app.push_screen(routes.screen("runs"))

    # Sets

    def do_sessions_to_train(self, _: str) -> None:
        """Put into Train."""
        self.put_into(TRAIN)

    def do_sessions_to_validation(self, _: str) -> None:
        """Put into Validation."""
        self.put_into(VALIDATION)

    def do_sessions_to_test(self, _: str) -> None:
        """Put into Test."""
        self.put_into(TEST)

    def do_sessions_to_unassigned(self, _: str) -> None:
        """Take out of its set."""
        self.put_into(UNASSIGNED)

    def leave(self) -> None:
        """Remember the ticks."""
        self.host.view.ticked = sorted(self._ticked)
