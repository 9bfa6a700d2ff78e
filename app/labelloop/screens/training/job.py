"""The commands of the training screen that act on a job or on one of its models."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import ClassVar

from labelloop.errors import UserError, printable
from labelloop.jobs.ending import end
from labelloop.jobs.launch import resume
from labelloop.jobs.run import RunFolder
from labelloop.screens import routes
from labelloop.screens.shared.parts import Commands, Part
from labelloop.screens.training.looked import Looked
from labelloop.services.training.models import download


class Job(Part):
    """A job that is looked at, and the model of it under the cursor."""

    def __init__(self, looked: Looked) -> None:
        self.looked = looked
        self.screen = looked.screen
        self.host = looked.host

    def stop_job(self, _: str) -> None:
        """Ask the worker to stop; asked again, offer to end its process."""
        run = self.looked.run
        if not run.stop_requested:
            run.stop()
            self.screen.report("Stopping soon; the best so far is kept. s again ends a process that hangs.")
            return

        def answer(text: str) -> None:
            if text.strip().lower() in ("y", "yes"):
                self.screen.report(f"Ending the process of job {run.id} ...")
                end_run = partial(self._end, run)
                self.screen.run_worker(end_run, thread=True, group="end", exit_on_error=False)

        hint = "what is saved stays"
        self.screen.ask("end", f" end the process of job {run.id} at once? y/n", answer, "", hint)

    def _end(self, run: RunFolder) -> None:
        """End a job's process; waits for it, so in a thread."""
        try:
            forced = end(run, 0.0)
            what = "was ended; R goes on from what it saved" if forced else "stopped"
            text = f"Job {run.id} {what}."
            style = "good"
        except UserError as error:
            text, style = str(error), "error"
        self.screen.app.call_from_thread(self.screen.report, text, style)

    def resume_job(self, _: str) -> None:
        """Go on from the last checkpoint."""
        resume(self.looked.run)
        self.looked.look_at(self.looked.at)

    def delete_job(self, _: str) -> None:
        """Ask, then delete the job's folder."""
        run = self.looked.run

        def delete(answer: str) -> None:
            if answer.strip().lower() in ("y", "yes"):
                run.delete()
                self.looked.look_at(-1)
                self.screen.report(f"Job {run.id} is deleted.")

        self.screen.ask("delete", f" delete job {run.id} and its models? y/n", delete)

    def next_job(self, _: str) -> None:
        """The job after this one."""
        self.looked.look_at(self.looked.at + 1)

    def previous_job(self, _: str) -> None:
        """The job before this one."""
        self.looked.look_at(self.looked.at - 1)

    def download_model(self, _: str) -> None:
        """Ask where to, then copy the model's file."""
        model = self.looked.model
        name = f"{model.name}.h5"
        target = self.host.project.folder / "Models" / model.name / name

        def copy(text: str) -> None:
            path = download(self.host.store, model.path, Path(text).expanduser())
            self.screen.report(f"Copied to {printable(str(path))}.", "good")

        self.screen.ask("download", " download to", copy, str(target))

    def generate(self, _: str) -> None:
        """Open the wizard with this model as the source."""
        self.screen.app.push_screen(routes.screen("generate", [], self.looked.model_here()))

    def compare_jobs(self, _: str) -> None:
        """All jobs with their best model, under each other."""
        self.screen.app.push_screen(
            routes.screen("compare", self.looked.runs, self._look_at_job, self.looked.at)
        )

    def _look_at_job(self, job: str) -> None:
        """Look at the job with this id, the latest when it is gone."""
        self.looked.look_at(next((n for n, run in enumerate(self.looked.all_runs()) if run.id == job), -1))

    COMMANDS: ClassVar[Commands] = {
        "training.stop": stop_job,
        "training.resume": resume_job,
        "training.delete": delete_job,
        "training.next_job": next_job,
        "training.previous_job": previous_job,
        "training.download": download_model,
        "training.generate": generate,
        "training.compare": compare_jobs,
    }
