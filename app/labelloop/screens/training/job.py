"""The commands of the training screen that act on a job or on one of its models."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from textual import work

from labelloop.errors import UserError, printable
from labelloop.jobs.ending import end
from labelloop.jobs.launch import resume
from labelloop.jobs.run import RunFolder
from labelloop.screens import routes
from labelloop.screens.training.plan import TrainingPlan
from labelloop.screens.training.rows import JobView
from labelloop.services.training.models import download
from labelloop.widgets.list_table import ListTable


class TrainingJob(TrainingPlan):
    """A job that is looked at, and the model of it under the cursor."""

    def __init__(self) -> None:
        super().__init__()
        self._at = -1
        self._view: JobView | None = None

    @property
    def table(self) -> ListTable:
        """The models of the job."""
        return self.query_one("#models", ListTable)

    @property
    def run(self) -> RunFolder:
        """The job's folder. Raises UserError when there is no job."""
        if self._view is None:
            raise UserError("There is no job yet; start one first.")
        return self._view.run

    def do_training_stop(self, _: str) -> None:
        """Ask the worker to stop; asked again, offer to end its process."""
        run = self.run
        if not run.stop_requested:
            run.stop()
            self.say("Stopping soon; the best so far is kept. s again ends a process that hangs.")
            return

        def answer(text: str) -> None:
            if text.strip().lower() in ("y", "yes"):
                self.say(f"Ending the process of job {run.id} ...")
                self._end(run)

        hint = "what is saved stays"
        self.ask("end", f" end the process of job {run.id} at once? y/n", answer, "", hint)

    @work(thread=True, group="end", exit_on_error=False)
    def _end(self, run: RunFolder) -> None:
        """End a job's process; waits for it, so in a thread."""
        try:
            forced = end(run, 0.0)
            what = "was ended; R goes on from what it saved" if forced else "stopped"
            text = f"Job {run.id} {what}."
            style = "good"
        except UserError as error:
            text, style = str(error), "error"
        self.app.call_from_thread(self.say, text, style)

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
        target = self.host.project.folder / "Models" / str(model["name"]) / name

        def copy(text: str) -> None:
            path = download(self.host.store, str(model["path"]), Path(text).expanduser())
            self.say(f"Copied to {printable(str(path))}.", "good")

        self.ask("download", " download to", copy, str(target))

    def do_training_generate(self, _: str) -> None:
        """Open the wizard with this model as the source."""
        self.app.push_screen(routes.screen("generate", [], f"{self.run.id}/{self.model['name']}"))

    def do_training_compare(self, _: str) -> None:
        """All jobs with their best model, under each other."""
        self.app.push_screen(routes.screen("compare", self._runs, self._look_at_job, self._at))

    def _look_at_job(self, job: str) -> None:
        """Look at the job with this id, the latest when it is gone."""
        self.look_at(next((n for n, run in enumerate(self.all_runs()) if run.id == job), -1))
