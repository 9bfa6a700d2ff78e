"""The training screen and those that hang on it, by keys."""

from __future__ import annotations

from typing import Any

import pytest

from labelloop.app import LabelloopApp
from labelloop.jobs.run import RunFolder, list_runs, write_json
from labelloop.project.models import SetFactory
from labelloop.screens.training.model_form import ModelFormScreen
from labelloop.screens.training.screen import TrainingScreen
from labelloop.services.sessions.assign import assign
from labelloop.services.training import jobs as service
from labelloop.services.training.jobs import training_json
from labelloop.widgets.rows import RowsView
from tests.screens.conftest import Driven, until
from tests.screens.made_jobs import made_job


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


async def test_studios_settings_come_from_the_project_and_go_back(
    driven: Driven, never_started: None
) -> None:
    async with driven() as (app, press):
        labelled(app)
        app.store.editor.apply(SetFactory((), (("ModelFlavor", "LargeKern"),)))
        await press("t", "w")
        screen = app.screen
        assert isinstance(screen, ModelFormScreen)
        assert screen.form.values["flavor"] == "LargeKern"
        await press("down", "right", "down", "e", "1", "enter")
        await press(*["down"] * 5, "right", "enter")
        assert [m.name for m in app.project.state.models] == ["conv1d-medium-balanced-0"]
        kept = dict(app.project.state.factory)
        assert (kept["ModelFlavor"], kept["Pooling"]) == ("LargeKern", "False")
        await press("enter")
        request = list_runs(app.store.layout.runs, "train")[0].request()
        assert request["description"] == "flavor largekern, pooling False"
        await press("m")
        assert "n trains dense models" in text_of(app, "#header")


async def test_matrix_and_bars_take_the_room_when_they_are_asked_for(driven: Driven) -> None:
    async with driven() as (app, press):
        made_job(app.store, {"m-1": 0.9}, "m-1")
        await press("t")
        screen = app.screen
        assert isinstance(screen, TrainingScreen)
        await press("b")
        assert not screen.matrix.display
        assert "actual" in text_of(app, "#bars")
        await press("b", "tab")
        assert screen.matrix.has_focus
        assert not screen.query_one("#bars").display
        await press("p")
        assert "per cent" in text_of(app, "#status")
        assert "%" in screen.matrix.text
        await press("escape")
        assert screen.query_one("#bars").display


async def test_a_job_without_a_best_says_why(driven: Driven) -> None:
    async with driven() as (app, press):
        run = made_job(app.store, {"m-1": 0.0}, "")
        await press("t")
        assert "No model found any of Validation's events" in " ".join(text_of(app, "#facts").split())
        assert "★" not in text_of(app, "#models")
        assert training_json(run)["message"].startswith("No model found")


async def test_the_curve_is_drawn_as_it_grows_with_what_it_says(driven: Driven) -> None:
    async with driven() as (app, press):
        body: dict[str, Any] = {"classes": ["down"], "sessions": [], "curve": True}
        run = RunFolder.create(app.store.layout.runs, "train", "curve", body)
        run.append({"type": "curve", "events": 40, "event_f1_50": 0.8})
        await press("t")
        assert "40 events" in text_of(app, "#bars")
        points = [{"events": 40, "event_f1_50": 0.8}, {"events": 80, "event_f1_50": 0.9}]
        write_json(run.path / "result.json", {"state": "done", "best": None, "models": [], "curve": points})
        run.append({"type": "state", "state": "done"})
        await until(lambda: "more labels are worth their keys" in " ".join(text_of(app, "#bars").split()))
        assert not app.screen.query_one("#curves").display


async def test_jobs_that_somebody_else_begins_or_deletes_are_noticed(driven: Driven) -> None:
    async with driven() as (app, press):
        await press("t")
        screen = app.screen
        assert isinstance(screen, TrainingScreen)
        first = made_job(app.store, {"m-1": 0.9}, "m-1")
        await until(lambda: screen.context().jobs == 1)
        assert screen.looked.run.id == first.id
        second = made_job(app.store, {"m-1": 0.9}, "m-1")
        await until(lambda: f"Job {second.id} was begun elsewhere" in text_of(app, "#status"))
        assert screen.looked.run.id == first.id
        first.delete()
        await until(lambda: screen.context().jobs == 1)
        assert screen.looked.run.id == second.id


async def test_a_long_name_leaves_room_for_the_state(driven: Driven) -> None:
    async with driven() as (app, press):
        made_job(app.store, {"m-1": 0.9}, "m-1", name="漢字 and " * 9)
        await press("t")
        header = text_of(app, "#header")
        assert "漢字 and" in header
        assert "done after" in header
        assert header.endswith("1 of 1")


async def test_a_long_description_takes_more_rows(driven: Driven) -> None:
    async with driven() as (app, press):
        made_job(app.store, {"m-1": 0.9}, "m-1", description="less noise, " * 12 + "the end")
        await press("t")
        facts = text_of(app, "#facts").split("\n")
        assert any("the end" in line for line in facts)
        assert max(map(len, facts)) < 80
