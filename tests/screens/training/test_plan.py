"""What is asked before a job starts."""

from __future__ import annotations

import pytest

from labelloop.app import LabelloopApp
from labelloop.jobs.run import list_runs
from labelloop.screens.training.screen import TrainingScreen
from labelloop.services.labels.classes import rename
from labelloop.services.sessions.assign import assign
from labelloop.services.training import jobs as service
from labelloop.widgets.rows import RowsView
from tests.screens.conftest import Driven


@pytest.fixture
def never_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs are made, but no process is started for them."""
    monkeypatch.setattr(service, "launch", lambda run: 0)


def labelled(app: LabelloopApp) -> None:
    """Sessions with labels in Train."""
    found = [s for s in app.project.sessions() if s.path.startswith("down/down_0")]
    assign(app.store.editor, found[:3], "train")


def text_of(app: LabelloopApp, selector: str) -> str:
    """What a part of the screen shows."""
    return app.screen.query_one(selector, RowsView).text


async def test_a_new_job_asks_for_name_and_description(driven: Driven, never_started: None) -> None:
    async with driven() as (app, press):
        labelled(app)
        await press("t", "n", "ctrl+u", *"a", "space", *"b;", "space", *"xy", "enter")
        request = list_runs(app.store.layout.runs, "train")[0].request()
        assert (request["name"], request["description"]) == ("a b", "xy")
        await press("n", "enter")
        request = list_runs(app.store.layout.runs, "train")[1].request()
        assert request["name"].endswith("round 2")
        assert request["description"] == ""


async def test_nothing_is_asked_when_nothing_can_be_learnt(driven: Driven) -> None:
    async with driven() as (app, press):
        await press("t", "n")
        screen = app.screen
        assert isinstance(screen, TrainingScreen)
        assert not screen.asking
        assert "Train has no sessions" in text_of(app, "#status")
        assert not screen.query_one("#curves").display


async def test_a_class_with_the_sign_of_a_description_names_a_job(
    driven: Driven, never_started: None
) -> None:
    async with driven() as (app, press):
        labelled(app)
        assert rename(app.store, "down", "down;up")
        await press("t", "n", "enter")
        request = list_runs(app.store.layout.runs, "train")[0].request()
        assert (request["name"], request["description"]) == ("down,up, round 1", "")
