"""The training job that is looked at, and the model of it under the cursor."""

from __future__ import annotations

from collections.abc import Callable

from labelloop.contract.training import ModelResult
from labelloop.errors import UserError
from labelloop.jobs.run import RunFolder, list_runs
from labelloop.screens.shared.project_screen import ProjectScreen
from labelloop.screens.training.rows import JobView
from labelloop.widgets.list_table import ListTable


class Looked:
    """Which job a screen shows. ``look_at`` goes to another: its place in the list, -1 for the latest."""

    def __init__(self, screen: ProjectScreen, look_at: Callable[[int], None]) -> None:
        self.screen = screen
        self.host = screen.host
        self.look_at = look_at
        self.runs: list[RunFolder] = []
        self.at = -1
        self.view: JobView | None = None
        self.rows = 2  # of the models' table on the screen

    def all_runs(self) -> list[RunFolder]:
        """The project's training jobs as they are now, oldest first."""
        return list_runs(self.host.store.layout.runs, "train")

    @property
    def table(self) -> ListTable:
        """The models of the job."""
        return self.screen.query_one("#models", ListTable)

    @property
    def run(self) -> RunFolder:
        """The job's folder. Raises UserError when there is no job."""
        if self.view is None:
            raise UserError("There is no job yet; start one first.")
        return self.view.run

    @property
    def model(self) -> ModelResult:
        """The result of the model under the cursor. Raises UserError while it has none."""
        rows = self.view.rows if self.view else []
        result = rows[self.table.cursor][1] if self.table.cursor < len(rows) else None
        if result is None or not result.path:
            raise UserError("This model has no file yet: wait for the job's end, or stop it.")
        return result

    def model_here(self) -> str:
        """The model under the cursor, as JOB/NAME. Raises UserError when there is none."""
        return f"{self.run.id}/{self.model.name}"
