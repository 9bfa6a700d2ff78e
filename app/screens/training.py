"""Training: start a job, follow it from any terminal, see how good its models are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from app.commands.command import Context, Group
from app.errors import UserError, printable
from app.jobs.launch import resume
from app.jobs.run import RunFolder, list_runs
from app.jobs.status import JobFollower
from app.project.changes import Touched
from app.rendering.cells import Row
from app.rendering.format import span
from app.screens.training_plan import TrainingPlan
from app.screens.training_rows import (
    COLUMNS,
    SETS,
    JobView,
    curve_rows,
    events_of_cell,
    matrix_of,
    model_cells,
    series_of,
    statistics_rows,
)
from app.services.models import download
from app.services.training import curve_of, curve_says, training_warnings
from app.widgets.charts import Curves, MatrixView
from app.widgets.list_table import ListTable
from app.widgets.panel import TextPanel
from app.widgets.rows import Block, RowsView, Rule

POLL_S = 0.5


class TrainingScreen(TrainingPlan):
    """The latest training job, and every other one by its brackets."""

    GROUP: ClassVar[Group] = Group.TRAINING

    def __init__(self) -> None:
        super().__init__()
        self._at = -1
        self._follower: JobFollower | None = None
        self._view: JobView | None = None
        self._set = SETS[0]
        self._percent = False
        self._logging = False

    # Parts

    def compose_body(self) -> ComposeResult:
        """Models above curves, matrix and bars; the log in their place when asked for."""
        with Vertical(id="job"):
            yield ListTable(id="models", empty="no training job yet: n starts one with the defaults")
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
    def table(self) -> ListTable:
        """The models of the job."""
        return self.query_one("#models", ListTable)

    @property
    def matrix(self) -> MatrixView:
        """The confusion of events."""
        return self.query_one("#matrix", MatrixView)

    def body_focus(self) -> RowsView | None:
        """The models take the arrow keys."""
        return self.query_one("#log", TextPanel) if self._logging else self.table

    def first_show(self) -> None:
        """Attach to the latest job and keep looking."""
        self.query_one("#log").display = False
        self.look_at(-1)
        self.set_interval(POLL_S, self._poll)
        if warnings := training_warnings(self.labelloop.project):
            self.say(warnings[0], "warn")

    # The job

    def look_at(self, at: int) -> None:
        """Look at another job: an index into the list of training jobs, -1 for the latest."""
        self._runs = list_runs(self.labelloop.store.layout.runs, "train")
        self._at = at % len(self._runs) if self._runs else -1
        self._follower = JobFollower(self._runs[self._at]) if self._runs else None
        self._view = None
        self.table.cursor = 0
        self._poll(force=True)

    def _poll(self, force: bool = False) -> None:
        if self._follower is None or not self.is_current:
            if force:
                self.refresh_all()
            return
        status = self._follower.poll()
        if not force and self._view is not None and status == self._view.status:
            return
        result = self._follower.run.result() if status.ended_somehow else None
        ended = self._view is not None and self._view.status.active and not status.active
        self._view = JobView(self._follower.run, status, result or {})
        if ended or force:
            self.table.cursor = self._view.best_row
        if ended:
            self.labelloop.forget_step()
            self._say_end(status.state, status.message)
        self.refresh_all()

    def _say_end(self, state: str, message: str) -> None:
        points = curve_of(self.run) if state == "done" else []
        if points:
            self.say(curve_says(points), "good")
        elif state == "done" and self._view and self._view.best:
            best = printable(self._view.best)
            self.say(f"Done. {best} is the best by validation event F1; g labels with it.", "good")
        else:
            self.say(f"Job {state}: {message}", "warn")

    # What is shown

    def header(self) -> tuple[Row, Row]:
        """The job and how far it is."""
        if self._view is None:
            return [(" Training   ", "title"), ("no job yet · n starts one with the defaults", "accent")], []
        status = self._view.status
        name = f'job {status.id} "{printable(status.name)}"' if status.name else f"job {status.id}"
        left: Row = [(" Training   ", "title"), (f"{name}   ", ""), (f"{status.state} ", "accent")]
        if status.state == "done" and status.started and status.ended:
            left.append((f"after {span(status.ended - status.started)}", "dim"))
        elif status.message and status.message != status.state:
            left.append((printable(status.message), "dim"))
        return left, [(f"{self._at + 1} of {len(self._runs)} ", "dim")]

    def context(self) -> Context:
        """The facts about the job."""
        status = self._view.status if self._view else None
        models = len(self._view.result.get("models") or []) if self._view else 0
        return replace(
            self.labelloop.context(),
            jobs=len(self._runs),
            running=bool(status and status.active),
            resumable=bool(status and status.state in ("stopped", "lost", "failed")),
            models=models,
            matrix=bool(self._statistics()),
        )

    def _statistics(self) -> Mapping[str, Any]:
        return self._view.statistics(self.table.cursor, self._set) if self._view else {}

    def refresh_all(self) -> None:
        """Models, curves, statistics."""
        view = self._view
        rows = view.rows if view else []
        self.table.styles.height = min(max(2, len(rows) + 1), max(3, self.size.height // 3))
        empty = "this job has no models" if view else "no training job yet: n starts one with the defaults"
        self.table.show(len(rows), lambda i: model_cells(view, i) if view else (), COLUMNS, empty=empty)
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
        view = self._view
        rows = view.rows if view else []
        progress, result = rows[self.table.cursor] if self.table.cursor < len(rows) else (None, {})
        if progress is None:  # an ensemble has no curves of its own: those of its first member
            progress = next((p for p, _ in rows if p is not None and p.history), None)
        epochs = progress.epochs if progress else None
        self.query_one("#loss", Curves).show(
            {f"loss {k}": v for k, v in series_of(progress, result, "loss").items()}, epochs
        )
        accuracy = series_of(progress, result, "accuracy")
        self.query_one("#accuracy", Curves).show(
            {f"accuracy {k}": v for k, v in accuracy.items()}, epochs, (0.0, 1.0)
        )
        statistics = self._statistics()
        matrix = matrix_of(statistics, self._percent)
        self.matrix.styles.height = min(len(matrix.rows) + 1, 14) if matrix else 1
        self.matrix.show(matrix)
        metrics = result.get(self._set) or {}
        points = curve_of(view.run) if view else []
        title: Row = [(f" {self._set} set", "strong"), ("  v: another set", "dim")]
        self.query_one("#bars", Block).show(
            lambda width, height, glyphs: (
                [title, *statistics_rows(statistics, metrics, width, glyphs)]
                if statistics
                else curve_rows(points, width, glyphs)
                or [[(" statistics come when the job ends", "dim")] if view else []]
            )
        )

    # Commands

    @property
    def run(self) -> RunFolder:
        """The job's folder. Raises UserError when there is no job."""
        if self._view is None:
            raise UserError("There is no job yet; start one first.")
        return self._view.run

    def do_training_stop(self, _: str) -> None:
        """Ask the worker to stop."""
        self.run.stop()
        self.say("Stopping after this batch; the best so far is kept.")

    def do_training_resume(self, _: str) -> None:
        """Go on from the last checkpoint."""
        resume(self.run)
        self.look_at(self._at)

    def do_training_delete(self, _: str) -> None:
        """Ask, then delete the job's folder."""
        run = self.run

        def delete(answer: str) -> None:
            if answer.strip().lower() in ("y", "yes"):
                run.delete()
                self.look_at(-1)
                self.say(f"Job {run.id} is deleted.")

        self.ask("delete", f" delete job {run.id} and its models? y/n", delete)

    def do_training_next_job(self, _: str) -> None:
        """The job after this one."""
        self.look_at(self._at + 1)

    def do_training_previous_job(self, _: str) -> None:
        """The job before this one."""
        self.look_at(self._at - 1)

    @property
    def model(self) -> Mapping[str, Any]:
        """The result of the model under the cursor. Raises UserError while it has none."""
        rows = self._view.rows if self._view else []
        result = rows[self.table.cursor][1] if self.table.cursor < len(rows) else {}
        if not result.get("path"):
            raise UserError("This model has no file yet: wait for the job's end, or stop it.")
        return result

    def model_here(self) -> str:
        """The model under the cursor, as JOB/NAME. Raises UserError when there is none."""
        return f"{self.run.id}/{self.model['name']}"

    def do_training_download(self, _: str) -> None:
        """Ask where to, then copy the model's file."""
        model = self.model
        name = f"{model['name']}.h5"
        target = self.labelloop.project.folder / "Models" / str(model["name"]) / name

        def copy(text: str) -> None:
            path = download(self.labelloop.store, str(model["path"]), Path(text).expanduser())
            self.say(f"Copied to {printable(str(path))}.", "good")

        self.ask("download", " download to", copy, str(target))

    def do_training_generate(self, _: str) -> None:
        """Open the wizard with this model as the source."""
        from app.screens.wizard import WizardScreen

        self.app.push_screen(WizardScreen([], f"{self.run.id}/{self.model['name']}"))

    def do_training_matrix(self, _: str) -> None:
        """Between the models and the matrix."""
        self.set_focus(self.table if self.matrix.has_focus else self.matrix)
        self.say("enter lists the events of the cell" if self.matrix.has_focus else "")

    def do_training_percent(self, _: str) -> None:
        """Counts or per cent."""
        self._percent = not self._percent
        self._show_model()

    def do_training_set(self, _: str) -> None:
        """The figures of the next set that has some."""
        for step in range(1, len(SETS) + 1):
            name = SETS[(SETS.index(self._set) + step) % len(SETS)]
            if self._view and self._view.statistics(self.table.cursor, name):
                self._set = name
                break
        self._show_model()

    def do_training_events(self, _: str) -> None:
        """List the events of the cell under the cursor."""
        from app.screens.events import EventsScreen

        statistics = self._statistics()
        matrix = matrix_of(statistics, False)
        if matrix is None:
            return
        if not self.matrix.has_focus:
            self.do_training_matrix("")
            return
        row, column = self.matrix.cursor
        events = events_of_cell(statistics, matrix, (row, column))
        if not events:
            self.say("This cell has no events.")
            return
        title = f"{self._set}: predicted {matrix.rows[row]}, actual {matrix.columns[column]}"
        self.app.push_screen(EventsScreen(title, events))

    def do_training_log(self, _: str) -> None:
        """Show or hide what the job's process wrote."""
        self._logging = not self._logging
        panel = self.query_one("#log", TextPanel)
        panel.display, self.query_one("#job").display = self._logging, not self._logging
        if self._logging:
            lines = self.run.log_tail(500)
            rows: Sequence[Row] = [[(f" {printable(line)}", "")] for line in lines]
            panel.show(rows or [[(" the log is empty", "dim")]], end=True)
        self.set_focus(self.body_focus())

    def escape(self) -> bool:
        """Leave the log, then the matrix."""
        if self._logging:
            self.do_training_log("")
        elif self.matrix.has_focus:
            self.do_training_matrix("")
        else:
            return False
        return True

    def do_training_compare(self, _: str) -> None:
        """All jobs with their best model, under each other."""
        from app.screens.jobs_compare import CompareScreen

        self.app.push_screen(CompareScreen(self._runs, self.look_at, self._at))
