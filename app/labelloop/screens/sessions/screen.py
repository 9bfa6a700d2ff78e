"""Home: the list of sessions with their sets, and the summary of what is labelled."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult

from labelloop.commands.command import Context, Group
from labelloop.errors import printable
from labelloop.project.changes import Touched
from labelloop.project.session import Session
from labelloop.rendering.cells import Row
from labelloop.rendering.format import plural
from labelloop.rendering.glyphs import Glyphs
from labelloop.screens import routes
from labelloop.screens.sessions.edits import Edits
from labelloop.screens.sessions.exchange import Exchange
from labelloop.screens.sessions.listed import Listed
from labelloop.screens.sessions.listing import Listing
from labelloop.screens.sessions.summary import summary_rows
from labelloop.screens.sessions.ticks import Ticks
from labelloop.screens.shared.parts import Commands
from labelloop.screens.shared.project_screen import ProjectScreen
from labelloop.services.labels.classes import class_for_key
from labelloop.services.labels.history import Reversed
from labelloop.services.sessions.select import needs_labels
from labelloop.widgets.list_table import ListTable
from labelloop.widgets.prompt import Prompt
from labelloop.widgets.rows import Block, Line, RowsView, Rule


class SessionsScreen(ProjectScreen):
    """The session list."""

    GROUP: ClassVar[Group] = Group.SESSIONS

    def __init__(self) -> None:
        super().__init__()
        self.listed = Listed(self)
        self.ticks = Ticks(self.listed)
        self.listing = Listing(self.listed)
        self._warned = False
        self.use(self.ticks, self.listing, Edits(self.listed), Exchange(self.listed))

    # Parts

    def compose_body(self) -> ComposeResult:
        """The list above the summary."""
        yield ListTable(id="sessions", empty="no session passes the filter")
        yield Line(id="count")
        yield Rule()
        yield Block(id="summary")

    def body_focus(self) -> RowsView | None:
        """The list takes the arrow keys."""
        return self.listed.table

    def first_show(self) -> None:
        """Put the cursor where it was and say what is to be said."""
        self.refresh_all()
        # So that enter need not wait for it.
        self.set_timer(0.2, lambda: routes.load("viewer"))
        cursor = self.host.view.cursor
        self.listed.table.go(next((i for i, s in enumerate(self.listed.shown) if s.path == cursor), 0))
        notices = self.host.notices
        recovered = self.host.store.recovered
        if recovered:
            self.report(f"Recovered {plural(recovered, 'edit')} that were not in the files yet.", "good")
        elif notices:
            self.report(notices[0], "warn")

    # What is shown

    def refresh_all(self) -> None:
        """Everything anew."""
        self.listed.forget()
        self.listed.refresh()
        self.refresh_summary()
        self.refresh_bars()

    def show_change(self, touched: Touched) -> None:
        """Only the rows that changed are made again, unless the list itself may be another."""
        self.listed.forget(None if touched.classes else touched.sessions)
        self.listed.refresh()
        self.refresh_summary()
        self.refresh_bars()

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

    def context(self) -> Context:
        """The facts about the list."""
        current = self.listed.current
        broken = f"{printable(current.path)} can't be used: {current.message}" if current else ""
        return replace(
            self.host.context(),
            targets=len(self.listed.targets),
            ticked=len(self.listed.ticked),
            broken=broken if current and current.broken else "",
            unconfirmed=self.host.waiting,
        )

    def on_list_table_moved(self, _: ListTable.Moved) -> None:
        """Grow the range, remember the place, say what is wrong with a broken session."""
        self.ticks.follow_range()
        current = self.listed.current
        if current is None:
            return
        self.host.view.cursor = current.path
        if current.broken:
            self.report(current.message, "error")
        elif current.flag:
            self.report(f"Flagged: {printable(current.flag)}", "warn")
        elif self._warned:
            self.report("")
        self._warned = current.broken or bool(current.flag)

    def on_prompt_changed(self, event: Prompt.Changed) -> None:
        """Filter while typing."""
        self.listing.prompt_changed(event.purpose, event.value)

    def bring_into_view(self, done: Reversed) -> None:
        """The cursor to the first session that an undo or redo touched."""
        index = next((i for i, s in enumerate(self.listed.shown) if s.id in done.touched.sessions), None)
        if index is not None:
            self.listed.table.go(index)

    # Moving and choosing

    def open_current(self, _: str) -> None:
        """Open the session in the viewer."""
        if self.listed.current:
            self.open_session(self.listed.current)

    def open_session(self, session: Session) -> None:
        """Open a session in the viewer."""
        self.host.view.ticked = sorted(self.listed.ticked)
        self.app.push_screen(routes.screen("viewer", session.id, [s.id for s in self.listed.shown]))

    def escape(self) -> bool:
        """Leave the range, then the ticks, then the filter."""
        if not self.ticks.leave():
            if not self.host.view.filter:
                return False
            self.host.view.filter = ""
        self.listed.refresh()
        self.report("")
        return True

    def next_to_label(self, _: str) -> None:
        """Go to the next session that needs labels."""
        count, store = len(self.listed.shown), self.host.store
        for step in range(1, count + 1):
            index = (self.listed.table.cursor + step) % count
            if needs_labels(store, self.listed.shown[index]):
                self.listed.table.go(index)
                return
        self.report("No session that is shown needs labels; m marks the one under the cursor as done.")

    def choose_class(self, key: str) -> None:
        """Make a class the active one."""
        name = class_for_key(self.host.store, key)
        if name is None:
            count = len(self.host.project.class_names)
            self.report(
                f"No class has the key {key}; the project has {plural(count, 'class', 'classes')}.", "warn"
            )
            return
        self.host.view.active_class = name
        self._class_changed()

    def every_class(self, _: str) -> None:
        """Work on all classes."""
        self.host.view.active_class = ""
        self._class_changed()

    def _class_changed(self) -> None:
        self.host.forget_step()
        active = self.host.active_class
        self.report(f"Working on class {printable(active)}." if active else "Working on all classes.")
        self.refresh_summary()
        self.refresh_bars()

    # To other screens

    def open_training(self, _: str) -> None:
        """Open the training screen."""
        self.app.push_screen(routes.screen("training"))

    def open_wizard(self, _: str) -> None:
        """Open the wizard on the ticked sessions, else on the unlabelled ones."""
        chosen = [s for s in self.listed.targets if not s.broken] if self.listed.ticked else []
        self.app.push_screen(routes.screen("generate", [s.id for s in chosen]))

    def open_review(self, _: str) -> None:
        """Open the review queue over the ticked sessions, or over all that are shown."""
        chosen = self.listed.targets if self.listed.ticked else self.listed.shown
        ids = [s.id for s in chosen if not s.broken]
        if ids:
            self.app.push_screen(routes.screen("review", ids))

    def open_runs(self, _: str) -> None:
        """Open the list of runs that generated labels."""
        self.app.push_screen(routes.screen("runs"))

    def leave(self) -> None:
        """Remember the ticks."""
        self.host.view.ticked = sorted(self.listed.ticked)

    ACTIONS: ClassVar[Commands] = {
        "sessions.open": open_current,
        "sessions.next": next_to_label,
        "sessions.class": choose_class,
        "sessions.every_class": every_class,
        "sessions.training": open_training,
        "sessions.generate": open_wizard,
        "sessions.review": open_review,
        "sessions.runs": open_runs,
    }
