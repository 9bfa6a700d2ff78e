"""The runs that generated labels, each of which can be reverted or, when it ended early, continued."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult

from labelloop.commands.command import Context, Group
from labelloop.errors import UserError, printable
from labelloop.rendering.cells import Row
from labelloop.rendering.format import plural
from labelloop.screens import routes
from labelloop.screens.shared.parts import Commands
from labelloop.screens.shared.project_screen import ProjectScreen
from labelloop.services.generating import continuing
from labelloop.services.generating.runs import LabelRun, label_runs
from labelloop.services.labels.history import Reversed, revert_run, runs_in_force
from labelloop.widgets.list_table import Cell, Column, ListTable
from labelloop.widgets.rows import RowsView

POLL_S = 0.5
COLUMNS = (
    Column("run", "run", 5),
    Column("when", "when", 16),
    Column("name", "how", 16, flexible=True),
    Column("sessions", "sessions", 8, "right"),
    Column("added", "labels", 8, "right"),
    Column("state", "state", 12),
)


class RunsScreen(ProjectScreen):
    """Runs under each other, the latest first."""

    GROUP: ClassVar[Group] = Group.RUNS

    def __init__(self) -> None:
        super().__init__()
        self._runs: list[LabelRun] = []
        self._request = ""
        self._said = ""

    def compose_body(self) -> ComposeResult:
        """The list."""
        yield ListTable(id="runs", empty="no labels were generated yet")

    @property
    def table(self) -> ListTable:
        """The list."""
        return self.query_one("#runs", ListTable)

    def body_focus(self) -> RowsView | None:
        """The list takes the arrow keys."""
        return self.table

    def header(self) -> tuple[Row, Row]:
        """What this is."""
        return [(" Runs that generated labels", "title")], [(f"{plural(len(self._runs), 'run')} ", "dim")]

    def context(self) -> Context:
        """Whether there are runs."""
        return replace(self.host.context(), jobs=len(self._runs))

    def first_show(self) -> None:
        """Show the list and keep looking."""
        self.refresh_all()
        self.set_interval(POLL_S, lambda: self.guarded(self._poll))

    def refresh_all(self) -> None:
        """The list anew."""
        self._runs = label_runs(self.host.store)
        self.table.show(len(self._runs), lambda i: _cells(self._runs[i]), COLUMNS, cursor=self.table.cursor)
        self.refresh_bars()

    def _poll(self) -> None:
        if self.is_current and not self.help_open and label_runs(self.host.store) != self._runs:
            self.refresh_all()

    def show_change(self, touched: object) -> None:
        """Labels of a run came or went."""
        self.refresh_all()

    def bring_into_view(self, done: Reversed) -> None:
        """What is in force is another."""
        self.refresh_all()

    def revert_here(self, _: str) -> None:
        """Ask by the first press, take the run back by the second."""
        run = self._runs[self.table.cursor]
        if not run.in_force:
            self.report(f"Nothing of run {run.id} is in the project.", "warn")
        elif self._request != run.id:
            self._request = run.id
            self.report(f"x again takes {run.added} labels of run {run.id} back; z undoes that.")
        else:
            self._revert(run)

    def _revert(self, run: LabelRun) -> None:
        self._request = ""
        done = revert_run(self.host.store.editor, run.id)
        self._said = (
            f"Run {done.run}: {done.removed} labels taken out, {done.restored} put back, {done.kept} kept "
            f"because users changed them."
        )
        self.report(self._said, right=[("z undoes it ", "dim")])
        self.refresh_all()

    def continue_run(self, _: str) -> None:
        """Let the run under the cursor do what it has not done; its labels come in as it goes."""
        run = self._runs[self.table.cursor]
        if self.host.polls(run.id):
            raise UserError(f"Run {run.id} is going on already.")
        going = continuing.continue_run(self.host.store, run.id)
        self.report(f"Run {run.id} goes on with the sessions that are left.")
        if going is None:
            self.host.take_over()
        else:
            self.host.go_on_with(going)
        self.refresh_all()

    def review_run(self, _: str) -> None:
        """The review queue over the sessions in which the run has labels."""
        run = self._runs[self.table.cursor]
        entries = runs_in_force(self.host.store.editor).get(run.id, ()) if run.in_force else ()
        touched = {sid for entry in entries for sid in entry.change.touched().sessions}
        ids = [s.id for s in self.host.project.sessions() if s.id in touched and not s.broken]
        if ids:
            self.app.switch_screen(routes.screen("review", ids))
        else:
            self.report(f"Nothing of run {run.id} is in the project.", "warn")

    def leave_runs(self, _: str) -> None:
        """Back, with what was done last."""
        self.close()

    def close(self) -> None:
        """Back to the screen before, which says what was reverted."""
        super().close()
        if self._said:
            self.host.report(self._said)

    ACTIONS: ClassVar[Commands] = {
        "runs.revert": revert_here,
        "runs.go_on": continue_run,
        "runs.review": review_run,
        "runs.leave": leave_runs,
    }


def _cells(run: LabelRun) -> Sequence[Cell]:
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(run.created)) if run.created else ""
    ended = "in force" if run.in_force else "reverted"
    state = ended if run.state == "done" else run.state
    return (
        (run.id, ""),
        (when, "dim"),
        (printable(run.name), ""),
        (str(run.sessions), "" if run.in_force else "dim"),
        (str(run.added), "" if run.in_force else "dim"),
        (state, "" if run.in_force else "dim"),
    )
