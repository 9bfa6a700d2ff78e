"""The training screen and those that hang on it, by keys."""

from __future__ import annotations

from typing import Any

import pytest

from app.jobs.run import list_runs
from app.project.models import SetFactory
from app.screens.events import EventsScreen
from app.screens.jobs_compare import CompareScreen
from app.screens.model_wizard import ModelWizardScreen
from app.screens.training import TrainingScreen
from app.screens.viewer import ViewerScreen
from app.services import training as service
from app.services.assign import assign
from tests.screens.conftest import Driven
from tests.screens.made_jobs import made_job


@pytest.fixture
def never_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs are made, but no process is started for them."""
    monkeypatch.setattr(service, "launch", lambda run: 0)


def labelled(app: Any) -> None:
    """Sessions with labels in Train."""
    found = [s for s in app.project.sessions() if s.path.startswith("down/down_0")]
    assign(app.store.editor, found[:3], "train")


async def test_a_new_job_asks_for_name_and_description(driven: Driven, never_started: None) -> None:
    async with driven() as (app, press):
        labelled(app)
        await press("t", "n", "ctrl+u", "a", "space", "b", "enter", "x", "y", "enter")
        request = list_runs(app.store.layout.runs, "train")[0].request()
        assert (request["name"], request["description"]) == ("a b", "xy")
        await press("n", "enter", "enter")
        request = list_runs(app.store.layout.runs, "train")[1].request()
        assert request["name"].endswith("round 2")
        assert request["description"] == ""


async def test_the_wizard_is_a_screen_with_commands(driven: Driven, never_started: None) -> None:
    async with driven() as (app, press):
        labelled(app)
        await press("t", "w")
        assert isinstance(app.screen, ModelWizardScreen)
        await press("down", "down", "e", "2", "enter", "enter")
        assert len(app.project.state.models) == 2
        await press("enter", "enter")
        assert [m["name"] for m in list_runs(app.store.layout.runs)[0].request()["models"]] == [
            "dense-medium-1",
            "dense-medium-2",
        ]


async def test_a_cell_of_the_matrix_lists_events_and_opens_one(driven: Driven) -> None:
    async with driven() as (app, press):
        made_job(app.store, {"m-1": 0.9}, "m-1")
        await press("t", "tab", "down", "enter")
        screen = app.screen
        assert isinstance(screen, EventsScreen)
        await press("enter")
        assert isinstance(app.screen, ViewerScreen)
        await press("q", "q")
        assert isinstance(app.screen, TrainingScreen)
        await press("down", "enter", "enter")
        assert isinstance(app.screen, EventsScreen)
        assert "not in the project" in app.screen.query_one("#status").text  # type: ignore[attr-defined]


async def test_compare_goes_to_a_job(driven: Driven) -> None:
    async with driven() as (app, press):
        first = made_job(app.store, {"m-1": 0.9}, "m-1", name="first")
        made_job(app.store, {"m-1": 0.8}, "m-1", name="second")
        await press("t", "c")
        assert isinstance(app.screen, CompareScreen)
        await press("up", "enter")
        screen = app.screen
        assert isinstance(screen, TrainingScreen)
        assert screen.run.id == first.id


async def test_studios_settings_come_from_the_project_and_go_back(
    driven: Driven, never_started: None
) -> None:
    async with driven() as (app, press):
        labelled(app)
        app.store.editor.apply(SetFactory((), (("ModelFlavor", "LargeKern"),)))
        await press("t", "w")
        screen = app.screen
        assert isinstance(screen, ModelWizardScreen)
        assert screen.form.values["flavor"] == "LargeKern"
        await press("down", "right", "down", "e", "1", "enter")
        await press(*["down"] * 5, "right", "enter")
        assert [m.name for m in app.project.state.models] == ["conv1d-medium-balanced-0"]
        kept = dict(app.project.state.factory)
        assert (kept["ModelFlavor"], kept["Pooling"]) == ("LargeKern", "False")
