"""The runs that generated labels, each of which can be taken back."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from app.errors import UserError, printable
from app.services.history import revert_run
from app.services.runs import LabelRun, continue_run, label_runs
from app.widgets.list_table import Cell, Column, ListTable
from app.widgets.rows import Line, Rule
from app.widgets.terminal import TerminalScreen

if TYPE_CHECKING:
    from app.app import LabelloopApp

COLUMNS = (
    Column("run", "run", 5),
    Column("when", "when", 16),
    Column("name", "how", 16, flexible=True),
    Column("sessions", "sessions", 8, "right"),
    Column("added", "labels", 8, "right"),
    Column("state", "state", 12),
)


class RunsScreen(TerminalScreen[str]):
    """Runs under each other; x, pressed twice, takes the one under the cursor back, c lets it go on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "take_back", "Take back", show=False),
        Binding("c", "go_on", "Continue", show=False),
        Binding("escape,q,enter", "leave", "Back", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._runs: list[LabelRun] = []
        self._asked = ""
        self._said = ""

    @property
    def labelloop(self) -> LabelloopApp:
        """The app, by its own type."""
        return cast("LabelloopApp", self.app)

    def compose(self) -> ComposeResult:
        """A title above the list, what was said below it."""
        yield Line(id="header")
        yield Rule()
        yield ListTable(id="runs", empty="no labels were generated yet")
        yield Line(id="status")

    def on_mount(self) -> None:
        """Show the list, the latest run first."""
        self.set_focus(self.query_one("#runs"))
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        self._runs = label_runs(self.labelloop.store)
        hint = [("x takes a run back, c continues it, escape leaves ", "dim")]
        self.query_one("#header", Line).show([(" Runs that generated labels", "title")], hint)
        table = self.query_one("#runs", ListTable)
        table.show(len(self._runs), lambda i: _cells(self._runs[i]), COLUMNS, cursor=table.cursor)

    def action_take_back(self) -> None:
        """Ask by the first press, take the run back by the second."""
        if not self._runs:
            return
        run = self._runs[self.query_one("#runs", ListTable).cursor]
        if not run.in_force:
            self._say(f"Nothing of run {run.id} is in the project.", "warn")
        elif self._asked != run.id:
            self._asked = run.id
            self._say(f"x again takes {run.added} labels of run {run.id} back; z in the list undoes that.")
        else:
            self._take_back(run)

    def _take_back(self, run: LabelRun) -> None:
        self._asked = ""
        try:
            done = revert_run(self.labelloop.store.editor, run.id)
        except UserError as error:
            self._say(str(error), "error")
            return
        self._said = (
            f"Run {run.id}: {done.removed} labels taken out, {done.restored} put back, {done.kept} kept "
            f"because people changed them."
        )
        self._say(self._said)
        self._show()

    def action_go_on(self) -> None:
        """Let the run under the cursor do what it has not done; its labels come in as it goes."""
        if not self._runs or self.labelloop.store.read_only:
            return
        run = self._runs[self.query_one("#runs", ListTable).cursor]
        try:
            continue_run(self.labelloop.store, run.id)
        except UserError as error:
            self._say(str(error), "warn")
            return
        self.labelloop.take_over()
        self._say(f"Run {run.id} goes on with the sessions that are left.")
        self._show()

    def _say(self, text: str, style: str = "") -> None:
        self.query_one("#status", Line).show([(" ", ""), (text, style)])

    def action_leave(self) -> None:
        """Back, with what was done last."""
        self.dismiss(self._said)


def _cells(run: LabelRun) -> Sequence[Cell]:
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(run.created)) if run.created else ""
    state = ("in force" if run.state == "done" else run.state) if run.in_force else "taken back"
    return (
        (run.id, ""),
        (when, "dim"),
        (printable(run.name), ""),
        (str(run.sessions), "" if run.in_force else "dim"),
        (str(run.added), "" if run.in_force else "dim"),
        (state, "" if run.in_force else "dim"),
    )
