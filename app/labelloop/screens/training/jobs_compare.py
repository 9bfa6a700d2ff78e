"""All training jobs with their best models, to compare and to choose from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult

from labelloop.commands.command import Context, Group
from labelloop.contract.recipes import IOUS
from labelloop.contract.training import Metrics, TrainingJob, TrainingResult
from labelloop.errors import printable
from labelloop.jobs.run import RunFolder, list_runs
from labelloop.jobs.status import status
from labelloop.rendering.cells import Row
from labelloop.rendering.format import plural, span
from labelloop.screens.shared.parts import Commands
from labelloop.screens.shared.project_screen import ProjectScreen
from labelloop.services.training.wording import queue_sentence
from labelloop.widgets.list_table import Cell, Column, ListTable
from labelloop.widgets.rows import RowsView

POLL_S = 2.0
COLUMNS = (
    Column("job", "job", 5),
    Column("name", "name", 18, flexible=True),
    Column("state", "state", 16),
    Column("classes", "classes", 14, flexible=True, rank=1),
    Column("events", "events", 6, "right", rank=2),
    Column("took", "took", 8, "right", rank=3),
    Column("best", "best", 18, rank=1),
    Column("f30", "F1 0.3", 6, "right"),
    Column("f50", "F1 0.5", 6, "right"),
    Column("f70", "F1 0.7", 6, "right"),
    Column("description", "what was tried", 30, flexible=True, rank=4, style="dim"),
)


class CompareScreen(ProjectScreen):
    """Jobs under each other; enter goes to one: ``then`` gets its id."""

    GROUP: ClassVar[Group] = Group.COMPARE

    def __init__(self, runs: Sequence[RunFolder], then: Callable[[str], None], here: int) -> None:
        super().__init__()
        self._runs = list(runs)
        self._rows: list[Sequence[Cell]] = []
        self._then_go, self._here = then, here

    def compose_body(self) -> ComposeResult:
        """The list."""
        yield ListTable(id="jobs", empty="no training job yet")

    @property
    def table(self) -> ListTable:
        """The list."""
        return self.query_one("#jobs", ListTable)

    def body_focus(self) -> RowsView | None:
        """The list takes the arrow keys."""
        return self.table

    def header(self) -> tuple[Row, Row]:
        """What this is."""
        left: Row = [(" Jobs compared   ", "title"), ("event F1 on Validation of each job's best", "dim")]
        return left, [(f"{plural(len(self._runs), 'job')} ", "dim")]

    def context(self) -> Context:
        """Whether there are jobs."""
        return replace(self.host.context(), jobs=len(self._runs))

    def first_show(self) -> None:
        """Show the list, the job that is looked at under the cursor, and keep looking."""
        self.table.cursor = max(0, self._here)
        self.refresh_all()
        self.set_interval(POLL_S, lambda: self.guarded(self._poll))

    def refresh_all(self) -> None:
        """The list anew."""
        here = self._runs[self.table.cursor] if self.table.cursor < len(self._runs) else None
        self._runs = self._now()
        self._rows = [_row(run) for run in self._runs]
        at = self._runs.index(here) if here in self._runs else self.table.cursor
        self.table.show(len(self._rows), lambda i: self._rows[i], COLUMNS, cursor=at)
        self.refresh_bars()

    def _now(self) -> list[RunFolder]:
        return list_runs(self.host.store.layout.runs, "train")

    def _poll(self) -> None:
        if not self.is_current or self.help_open:
            return
        there = self._now()
        if there != self._runs or [_row(run) for run in there] != self._rows:
            self.refresh_all()

    def choose_job(self, _: str) -> None:
        """Go to the job under the cursor."""
        chosen = self._runs[self.table.cursor].id
        self.close()
        self._then_go(chosen)

    ACTIONS: ClassVar[Commands] = {
        "compare.choose": choose_job,
    }


def _row(run: RunFolder) -> Sequence[Cell]:
    now, job = status(run), TrainingJob.from_json(run.request())
    place = queue_sentence(run, now)
    best = TrainingResult.from_json(run.result()).best
    scores = best.on("validation") if best else Metrics()
    events = sum(name in job.classes for session in job.of_set("train") for *_, name in session.labels)
    took = span(now.ended - now.started) if now.started and now.ended else "–"
    figures = [scores.at(iou) for iou in IOUS]
    return (
        (now.id, ""),
        (printable(now.name), ""),
        (f"queued: {place.removesuffix(' in the queue')}" if place else now.state, "dim"),
        (printable(", ".join(job.classes)), "dim"),
        (str(events), ""),
        (took, "dim"),
        (printable(best.name if best else "–"), ""),
        *((f"{value:.3f}" if value is not None else "–", "") for value in figures),
        (printable(now.description), "dim"),
    )
