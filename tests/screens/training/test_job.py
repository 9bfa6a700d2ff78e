"""A job while it runs, is stopped, deleted."""

from __future__ import annotations

import os
import sys
from typing import Any

from labelloop.app import LabelloopApp
from labelloop.jobs import locks
from labelloop.jobs.launch import launch
from labelloop.jobs.run import RunFolder
from labelloop.jobs.status import status
from labelloop.screens.training.screen import TrainingScreen
from labelloop.services.sessions.assign import assign
from labelloop.widgets.rows import RowsView
from tests.screens.conftest import Driven, until
from tests.screens.made_jobs import made_job


def labelled(app: LabelloopApp) -> None:
    """Sessions with labels in Train."""
    found = [s for s in app.project.sessions() if s.path.startswith("down/down_0")]
    assign(app.store.editor, found[:3], "train")


def text_of(app: LabelloopApp, selector: str) -> str:
    """What a part of the screen shows."""
    return app.screen.query_one(selector, RowsView).text


async def test_stopping_twice_ends_a_job_that_hangs(driven: Driven) -> None:
    async with driven() as (app, press):
        labelled(app)
        body: dict[str, Any] = {"version": 1, "classes": ["down"], "sessions": []}
        run = RunFolder.create(app.store.layout.runs, "train", "hangs", body)
        code = "import sys, time; time.sleep(300)"
        launch(run, argv=[sys.executable, "-c", code, str(run.path)])
        await press("t", "s")
        assert run.stop_requested
        assert run.alive
        await press("s", "n", "enter")
        assert run.alive
        await press("s", "y", "enter")
        await until(lambda: not run.alive)
        await until(lambda: "was ended" in text_of(app, "#status"))
        assert status(run).state == "stopped"
        screen = app.screen
        assert isinstance(screen, TrainingScreen)
        await until(lambda: screen.context().resumable)


async def test_a_running_job_says_how_far_it_is(driven: Driven) -> None:
    async with driven() as (app, press):
        run = RunFolder.create(app.store.layout.runs, "train", "runs", {"classes": ["down"], "sessions": []})
        held = locks.try_lock(run.lock)
        assert held is not None
        run.append({"type": "state", "state": "running"})
        run.append({"type": "model", "index": 0, "name": "dense-medium-1-final", "state": "running"})
        run.append({"type": "model", "index": 1, "name": "dense-distilled", "state": "queued"})
        run.append({"type": "epoch", "model": 0, "epoch": 3, "epochs": 12, "eta_s": 40, "loss": 0.5})
        await press("t")
        assert "model 1 of 2 (+ Validation), epoch 3 of 12" in text_of(app, "#facts")
        assert "s left" in text_of(app, "#facts")
        assert "dense-medium-1 + Validation" in text_of(app, "#models")
        os.close(held)


async def test_a_stopped_job_has_nothing_that_runs(driven: Driven) -> None:
    async with driven() as (app, press):
        run = RunFolder.create(app.store.layout.runs, "train", "runs", {"classes": ["down"], "sessions": []})
        run.append({"type": "model", "index": 0, "name": "one", "state": "running"})
        run.append({"type": "model", "index": 1, "name": "two", "state": "queued"})
        run.append({"type": "state", "state": "stopped", "message": "Stopped before the first epoch ended."})
        await press("t")
        shown = text_of(app, "#models")
        assert "stopped" in shown
        assert "not begun" in shown
        assert "Stopped before the first epoch ended." in text_of(app, "#facts")
        assert not app.screen.query_one("#curves").display
        assert text_of(app, "#bars").strip() == ""
        assert "R resume" in text_of(app, "#keys")


async def test_a_job_is_deleted_after_a_question(driven: Driven) -> None:
    async with driven() as (app, press):
        first = made_job(app.store, {"m-1": 0.9}, "m-1")
        second = made_job(app.store, {"m-1": 0.9}, "m-1")
        await press("t", "X", "n", "enter")
        assert second.path.exists()
        await press("X", "y", "enter")
        assert not second.path.exists()
        screen = app.screen
        assert isinstance(screen, TrainingScreen)
        assert screen.looked.run.id == first.id


async def test_a_job_that_is_gone_when_its_question_is_answered_is_a_sentence(driven: Driven) -> None:
    async with driven() as (app, press):
        run = made_job(app.store, {"m-1": 0.9}, "m-1")
        await press("t", "X", "y")
        run.delete()
        await press("enter")
        assert "can't be deleted: it does not exist" in text_of(app, "#status")
