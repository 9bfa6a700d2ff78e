"""All training jobs with their best models, to compare and to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from app.errors import printable
from app.jobs.run import RunFolder
from app.jobs.status import status
from app.rendering.format import span
from app.widgets.list_table import Cell, Column, ListTable
from app.widgets.rows import Line, Rule
from app.widgets.terminal import TerminalScreen

COLUMNS = (
    Column("job", "job", 5),
    Column("name", "name", 18, flexible=True),
    Column("state", "state", 8),
    Column("classes", "classes", 14, flexible=True, rank=1),
    Column("events", "events", 6, "right", rank=2),
    Column("took", "took", 8, "right", rank=3),
    Column("best", "best", 18, rank=1),
    Column("f30", "F1 0.3", 6, "right"),
    Column("f50", "F1 0.5", 6, "right"),
    Column("f70", "F1 0.7", 6, "right"),
)


class CompareScreen(TerminalScreen[int | None]):
    """Jobs under each other; enter goes to one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Choose", show=False),
        Binding("escape,q", "leave", "Back", show=False),
    ]

    def __init__(self, runs: Sequence[RunFolder]) -> None:
        super().__init__()
        self._runs = runs
        self._rows = [_row(run) for run in runs]

    def compose(self) -> ComposeResult:
        """A title above the list."""
        yield Line(id="header")
        yield Rule()
        yield ListTable(id="jobs", empty="no training job yet")

    def on_mount(self) -> None:
        """Show the list, the latest job under the cursor."""
        self.set_focus(self.query_one("#jobs"))
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        hint = [("validation figures of each job's best; enter goes there, escape leaves ", "dim")]
        self.query_one("#header", Line).show([(" Jobs compared", "title")], hint)
        table, last = self.query_one("#jobs", ListTable), len(self._rows) - 1
        table.show(len(self._rows), lambda i: self._rows[i], COLUMNS, cursor=last)

    def action_choose(self) -> None:
        """Go to the job under the cursor."""
        self.dismiss(self.query_one("#jobs", ListTable).cursor if self._rows else None)

    def action_leave(self) -> None:
        """Back, with the job as it was."""
        self.dismiss(None)


def _row(run: RunFolder) -> Sequence[Cell]:
    now, request = status(run), run.request()
    best: dict[str, Any] = (run.result() or {}).get("best") or {}
    scores = best.get("validation") or {}
    train = [s for s in request.get("sessions", []) if s.get("set") == "train"]
    wanted = set(request.get("classes", []))
    events = sum(label[2] in wanted for s in train for label in s.get("labels", []))
    took = span(now.ended - now.started) if now.started and now.ended else "–"
    figures = [scores.get(f"event_f1_{iou}") for iou in (30, 50, 70)]
    return (
        (now.id, ""),
        (printable(now.name), ""),
        (now.state, "dim"),
        (printable(", ".join(request.get("classes", []))), "dim"),
        (str(events), ""),
        (took, "dim"),
        (printable(str(best.get("name") or "–")), ""),
        *((f"{value:.3f}" if value is not None else "–", "") for value in figures),
    )
