"""Training: start a job, follow it from any terminal, see how good its models are."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from labelloop.commands.command import Context, Group
from labelloop.contract.training import Statistics, TrainingResult
from labelloop.errors import printable
from labelloop.jobs.status import JobFollower
from labelloop.project.changes import Touched
from labelloop.rendering.cells import Row, width_of
from labelloop.rendering.format import shorten, span
from labelloop.screens import routes
from labelloop.screens.shared.parts import Commands
from labelloop.screens.shared.project_screen import ProjectScreen
from labelloop.screens.training.job import Job
from labelloop.screens.training.log import LogView
from labelloop.screens.training.looked import Looked
from labelloop.screens.training.plan import Plan
from labelloop.screens.training.rows import (
    COLUMNS,
    SETS,
    JobView,
    curve_rows,
    events_of_cell,
    fact_rows,
    matrix_of,
    model_cells,
    observation_rows,
    series_of,
)
from labelloop.services.training.jobs import curve_of, curve_sentence, result_of, training_warnings
from labelloop.services.training.wording import notes, queue_sentence
from labelloop.widgets.charts import Curves, MatrixView
from labelloop.widgets.list_table import ListTable
from labelloop.widgets.panel import TextPanel
from labelloop.widgets.rows import Block, RowsView, Rule

POLL_S = 0.5
LATER, POINTS = " statistics come when the job ends", " points are drawn as they come"
AROUND = 6  # rows of header, rules, status and key bar
ROOM_FOR_TWO = 12  # rows from which on both plots are shown


class TrainingScreen(ProjectScreen):
    """The latest training job, and every other one by its brackets."""

    GROUP: ClassVar[Group] = Group.TRAINING

    def __init__(self) -> None:
        super().__init__()
        self.looked = Looked(self, self.look_at)
        self.log_view = LogView(self.looked)
        self.use(Plan(self.looked), Job(self.looked), self.log_view)
        self._follower: JobFollower | None = None
        self._set = SETS[0]
        self._percent = False
        self._bars = self._accuracy = False
        self._stamp = 0
        self._room = 0  # rows for plots and statistics

    # Parts

    def compose_body(self) -> ComposeResult:
        """Models above curves, matrix and bars; the log in their place when asked for."""
        with Vertical(id="job"):
            yield ListTable(id="models", empty="no training job yet: n starts one with the defaults")
            yield Block(id="facts")
            yield Rule()
            with Horizontal(id="figures"):
                with Vertical(id="curves"):
                    yield Curves(id="loss")
                    yield Curves(id="accuracy")
                with Vertical(id="statistics"):
                    yield MatrixView(id="matrix")
                    yield Block(id="bars")
        yield TextPanel(id="log")

    @property
    def matrix(self) -> MatrixView:
        """The confusion of events."""
        return self.query_one("#matrix", MatrixView)

    def body_focus(self) -> RowsView | None:
        """The models take the arrow keys."""
        return self.query_one("#log", TextPanel) if self.log_view.shown else self.looked.table

    def first_show(self) -> None:
        """Attach to the latest job and keep looking."""
        self.query_one("#log").display = False
        self.look_at(-1)
        self.set_interval(POLL_S, lambda: self.guarded(self._watch))
        if warnings := training_warnings(self.host.project):
            self.report(warnings[0], "warn")

    # The job

    def look_at(self, at: int) -> None:
        """Look at another job: an index into the list of training jobs, -1 for the latest."""
        self._stamp = self._stamp_now()
        self.looked.runs = self.looked.all_runs()
        self.looked.at = at % len(self.looked.runs) if self.looked.runs else -1
        self._follower = JobFollower(self.looked.runs[self.looked.at]) if self.looked.runs else None
        self.looked.view = None
        self.looked.table.cursor = 0
        self._poll(force=True)
        if self.log_view.shown and self.looked.runs:
            self.log_view.show(anew=True)
        elif self.log_view.shown:
            self.log_view.toggle("")

    def _stamp_now(self) -> int:
        """What differs when a job has come or gone; 0 without jobs."""
        try:
            return self.host.store.layout.runs.stat().st_mtime_ns
        except OSError:
            return 0

    def _watch(self) -> None:
        """Look at the job, and whether another process began or deleted one."""
        if self.is_current and self._stamp_now() != self._stamp:
            self._jobs_changed()
        self._poll()

    def _jobs_changed(self) -> None:
        before, here = (
            {run.id for run in self.looked.runs},
            self.looked.view.run.id if self.looked.view else "",
        )
        self._stamp = self._stamp_now()
        self.looked.runs = self.looked.all_runs()
        ids = [run.id for run in self.looked.runs]
        if here not in ids:
            self.look_at(-1)
            return
        self.looked.at = ids.index(here)
        self.refresh_bars()
        if new := [i for i in ids if i not in before]:
            self.report(f"Job {new[-1]} was begun elsewhere; ] goes there.")

    def _poll(self, force: bool = False) -> None:
        if self._follower is None or not self.is_current:
            if force:
                self.refresh_all()
            return
        status = self._follower.poll()
        queue = queue_sentence(self._follower.run, status)
        view = self.looked.view
        if not force and view is not None and (status, queue) == (view.status, view.queue):
            return
        run = self._follower.run
        result = result_of(run) if status.ended_somehow else TrainingResult()
        ended = view is not None and view.status.active and not status.active
        told = tuple(notes(run)) if status.ended_somehow else ()
        self.looked.view = JobView(run, status, result, queue, bool(run.request().get("curve")), told)
        if ended or force:
            self.looked.table.cursor = self.looked.view.best_row
        if ended:
            self.host.forget_step()
            self._report_end(status.state, status.message)
        self.refresh_all()
        if self.log_view.shown and not force:
            self.log_view.show()

    def _report_end(self, state: str, message: str) -> None:
        points = (
            curve_of(self.looked.run)
            if state == "done" and self.looked.view and self.looked.view.curve
            else []
        )
        if points:
            self.report(curve_sentence(points), "good")
        elif state == "done" and self.looked.view and self.looked.view.best:
            best = printable(self.looked.view.best)
            self.report(f"Done. {best} is the best by validation event F1; g labels with it.", "good")
        else:
            self.report(f"Job {state}: {message}", "warn")

    # What is shown

    def header(self) -> tuple[Row, Row]:
        """The job and how far it is."""
        if self.looked.view is None:
            return [(" Training   ", "title"), ("no job yet · n starts one with the defaults", "accent")], []
        status = self.looked.view.status
        left: Row = [(" Training   ", "title"), (f"job {status.id}", "")]
        state: Row = [(f"   {status.state} ", "accent")]
        if status.state == "done" and status.started and status.ended:
            state.append((f"after {span(status.ended - status.started)}", "dim"))
        right: Row = [(f"{self.looked.at + 1} of {len(self.looked.runs)} ", "dim")]
        room = self.size.width - width_of([*left, *state, *right]) - 4  # a blank and quotes, a blank behind
        name = [(f' "{shorten(status.name, room)}"', "")] if status.name and room > 0 else []
        return [*left, *name, *state], right

    def context(self) -> Context:
        """The facts about the job."""
        status = self.looked.view.status if self.looked.view else None
        models = len(self.looked.view.result.models) if self.looked.view else 0
        return replace(
            self.host.context(),
            jobs=len(self.looked.runs),
            running=bool(status and status.active),
            resumable=bool(status and status.state in ("stopped", "lost", "failed")),
            models=models,
            matrix=bool(self._statistics()),
        )

    def _statistics(self) -> Statistics:
        return (
            self.looked.view.statistics(self.looked.table.cursor, self._set)
            if self.looked.view
            else Statistics()
        )

    def refresh_all(self) -> None:
        """Models, curves, statistics."""
        view = self.looked.view
        rows = view.rows if view else []
        most = 2 if self._close else max(3, self.size.height // 3)
        listed = min(max(2, len(rows) + 1), most)
        self.looked.table.styles.height = self.looked.rows = listed
        empty = "no training job yet: n starts one with the defaults"
        if view:
            empty = "its models are listed when it starts" if view.status.active else "this job has no models"
            empty = "a learning curve: no models, but what more labels would bring" if view.curve else empty
        self.looked.table.show(
            len(rows), lambda i: model_cells(view, i) if view else (), COLUMNS, empty=empty
        )
        self._show_model()
        self.refresh_bars()

    def show_change(self, touched: Touched) -> None:
        """Labels and sets don't show here."""
        self.refresh_bars()

    def on_list_table_moved(self, _: ListTable.Moved) -> None:
        """The figures of another model."""
        self._show_model()
        self.refresh_bars()

    def _show_model(self) -> None:
        view = self.looked.view
        rows = view.rows if view else []
        progress, result = (
            rows[self.looked.table.cursor] if self.looked.table.cursor < len(rows) else (None, None)
        )
        if progress is None:  # an ensemble has no curves of its own: those of its first member
            progress = next((p for p, _ in rows if p is not None and p.history), None)
        epochs = progress.epochs if progress else None
        self.query_one("#loss", Curves).show(
            {f"loss {k}": v for k, v in series_of(progress, "loss").items()}, epochs
        )
        accuracy = series_of(progress, "accuracy")
        self.query_one("#accuracy", Curves).show(
            {f"accuracy {k}": v for k, v in accuracy.items()}, epochs, (0.0, 1.0)
        )
        facts = fact_rows(view, result, self._set, self.size.width, self._close) if view else []
        block = self.query_one("#facts", Block)
        block.styles.height = len(facts)
        self._room = self.size.height - AROUND - self.looked.rows - len(facts)
        block.show(lambda *_: facts)
        self._show_statistics(view)

    @property
    def _on_matrix(self) -> bool:
        """Whether the matrix has the keys."""
        return self.focused is self.matrix

    @property
    def _close(self) -> bool:
        """Whether the user looks at matrix or bars closely: the rest of the screen makes room."""
        return bool(self._statistics()) and (self._on_matrix or self._bars)

    def _show_statistics(self, view: JobView | None) -> None:
        """Matrix and bars in the room that there is: the one with the focus, or asked for, takes all."""
        statistics = self._statistics()
        matrix = matrix_of(statistics, self._percent)
        self.matrix.show(matrix)
        if matrix is None and self._on_matrix:
            self.set_focus(self.looked.table)  # what is hidden would keep the arrow keys to itself
        bars, room = self.query_one("#bars", Block), self._room
        self.query_one("#curves").display = view is not None and view.plots
        self.query_one("#accuracy").display = room >= ROOM_FOR_TWO or self._accuracy
        self.query_one("#loss").display = room >= ROOM_FOR_TWO or not self._accuracy
        self.matrix.display = matrix is not None and (self._on_matrix or not self._bars)
        bars.display = not self._on_matrix
        if matrix is not None:
            needed, rest = len(matrix.rows) + 1, len(statistics.actual) + 1
            shared = needed if needed + rest <= room else max(4, room // 2, room - rest)
            self.matrix.styles.height = min(needed, max(4, room) if self._on_matrix else shared)
        points = curve_of(view.run) if view and view.curve else []
        bars.show(
            lambda width, height, glyphs: (
                observation_rows(statistics, width, height, glyphs)
                if statistics
                else curve_rows(points, width, glyphs)
                or [[(POINTS if view.curve else LATER, "dim")] if view and view.status.active else []]
            )
        )

    def on_resize(self) -> None:
        """Another share of the room for matrix and bars."""
        if self.is_mounted and self.query("#bars"):
            self.refresh_all()
            if self.log_view.shown:
                self.guarded(self.log_view.show)

    # Commands

    def focus_matrix(self, _: str) -> None:
        """Between the models and the matrix."""
        self.matrix.display = True
        self.set_focus(self.looked.table if self._on_matrix else self.matrix)
        self.refresh_all()
        self.report("enter lists the events of the cell" if self._on_matrix else "")

    def toggle_bars(self, _: str) -> None:
        """Bars in place of the matrix, and back."""
        self._bars = not self._bars
        self.set_focus(self.looked.table)
        self.refresh_all()

    def toggle_plot(self, _: str) -> None:
        """Accuracy in place of the loss where there is room for one plot, and back."""
        self._accuracy = not self._accuracy
        self._show_statistics(self.looked.view)
        self.report("" if self._room < ROOM_FOR_TWO else "Both plots are shown.")

    def toggle_percent(self, _: str) -> None:
        """Counts or per cent."""
        self._percent = not self._percent
        self._show_model()
        self.report("per cent of each actual class" if self._percent else "numbers of events")

    def next_set(self, _: str) -> None:
        """The figures of the next set that has some."""
        for step in range(1, len(SETS) + 1):
            name = SETS[(SETS.index(self._set) + step) % len(SETS)]
            if self.looked.view and self.looked.view.statistics(self.looked.table.cursor, name):
                self._set = name
                break
        self._show_model()

    def list_events(self, _: str) -> None:
        """List the events of the cell under the cursor."""
        statistics = self._statistics()
        matrix = matrix_of(statistics, False)
        if matrix is None:
            return
        if not self._on_matrix:
            self.focus_matrix("")
            return
        row, column = self.matrix.cursor
        events = events_of_cell(statistics, matrix, (row, column))
        if not events:
            self.report("This cell has no events.")
            return
        title = f"{self._set}: predicted {matrix.rows[row]}, actual {matrix.columns[column]}"
        self.app.push_screen(routes.screen("events", title, events))

    def escape(self) -> bool:
        """Leave the log, then the matrix."""
        if self.log_view.shown:
            self.log_view.toggle("")
        elif self._on_matrix:
            self.focus_matrix("")
        else:
            return False
        return True

    ACTIONS: ClassVar[Commands] = {
        "training.matrix": focus_matrix,
        "training.bars": toggle_bars,
        "training.plot": toggle_plot,
        "training.percent": toggle_percent,
        "training.set": next_set,
        "training.events": list_events,
    }
