"""The training screen and those that hang on it, by keys."""

from __future__ import annotations

import os
import sys
from typing import Any

import pytest

from labelloop.app import LabelloopApp
from labelloop.jobs import locks
from labelloop.jobs.launch import launch
from labelloop.jobs.run import RunFolder, list_runs, write_json
from labelloop.jobs.status import status
from labelloop.project.models import SetFactory
from labelloop.screens.training.events import EventsScreen
from labelloop.screens.training.jobs_compare import CompareScreen
from labelloop.screens.training.model_form import ModelFormScreen
from labelloop.screens.training.screen import TrainingScreen
from labelloop.screens.viewer.screen import ViewerScreen
from labelloop.services.labels.classes import rename
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


async def test_the_wizard_is_a_screen_with_commands(driven: Driven, never_started: None) -> None:
    async with driven() as (app, press):
        labelled(app)
        await press("t", "w")
        assert isinstance(app.screen, ModelFormScreen)
        await press("down", "down", "e", "2", "enter", "enter")
        assert len(app.project.state.models) == 2
        await press("enter")
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
        assert "not in the project" in text_of(app, "#status")


async def test_compare_goes_to_a_job(driven: Driven) -> None:
    async with driven() as (app, press):
        first = made_job(app.store, {"m-1": 0.9}, "m-1", name="first")
        made_job(app.store, {"m-1": 0.8}, "m-1", name="second")
        await press("t", "c")
        assert isinstance(app.screen, CompareScreen)
        third = made_job(app.store, {"m-1": 0.8}, "m-1")
        third.delete()
        await press("up", "enter")
        screen = app.screen
        assert isinstance(screen, TrainingScreen)
        assert screen.looked.run.id == first.id
        fourth = made_job(app.store, {"m-1": 0.8}, "m-1")
        await until(lambda: screen.context().jobs == 3)
        await press("c", "end")
        first.delete()
        await press("enter")
        assert screen.looked.run.id == fourth.id


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


async def test_the_best_says_why_and_the_description_stands_below(driven: Driven) -> None:
    async with driven() as (app, press):
        made_job(app.store, {"m-1": 0.9, "m-2": 0.8}, "m-1", description="less noise")
        await press("t")
        facts = text_of(app, "#facts")
        assert "highest event F1 on Validation, 0.880 against 0.780 of m-2" in " ".join(facts.split())
        assert "less noise" in facts
        assert "@0.5 0.90" in facts
        assert "onset ±31, offset ±44 ms" in facts
        assert app.screen.query_one("#facts").size.height == len(facts.split("\n"))


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


async def test_nothing_is_asked_when_nothing_can_be_learnt(driven: Driven) -> None:
    async with driven() as (app, press):
        await press("t", "n")
        screen = app.screen
        assert isinstance(screen, TrainingScreen)
        assert not screen.asking
        assert "Train has no sessions" in text_of(app, "#status")
        assert not screen.query_one("#curves").display


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


async def test_a_job_without_a_best_says_why(driven: Driven) -> None:
    async with driven() as (app, press):
        run = made_job(app.store, {"m-1": 0.0}, "")
        await press("t")
        assert "No model found any of Validation's events" in " ".join(text_of(app, "#facts").split())
        assert "★" not in text_of(app, "#models")
        assert training_json(run)["message"].startswith("No model found")


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


async def test_a_job_without_statistics_takes_the_room_and_the_keys_back(driven: Driven) -> None:
    async with driven() as (app, press):
        made_job(app.store, {"m-1": 0.9}, "m-1")
        run = RunFolder.create(app.store.layout.runs, "train", "runs", {"classes": ["down"], "sessions": []})
        for index in range(3):
            run.append({"type": "model", "index": index, "name": f"m-{index}", "state": "queued"})
        run.append({"type": "state", "state": "stopped"})
        await press("t", "[", "b", "]")
        assert "m-2" in text_of(app, "#models")
        await press("[", "b", "tab", "]", "down")
        screen = app.screen
        assert isinstance(screen, TrainingScreen)
        assert screen.looked.table.has_focus
        assert screen.looked.table.cursor == 1


async def test_the_log_is_that_of_the_job_that_is_looked_at(driven: Driven) -> None:
    async with driven() as (app, press):
        made_job(app.store, {"first": 0.9}, "first")
        run = made_job(app.store, {"second": 0.9}, "second")
        await press("t", "l")
        assert "second: done" in text_of(app, "#log")
        await press("[")
        assert "first: done" in text_of(app, "#log")
        assert "second" not in text_of(app, "#log")
        await press("]")
        run.append({"type": "message", "text": "a long story " * 9 + "and one more thing"})
        run.append({"type": "state", "state": "stopped"})
        await until(lambda: "one more thing" in text_of(app, "#log"))
        assert max(map(len, text_of(app, "#log").split("\n"))) < 80


async def test_a_job_that_is_gone_when_its_question_is_answered_is_a_sentence(driven: Driven) -> None:
    async with driven() as (app, press):
        run = made_job(app.store, {"m-1": 0.9}, "m-1")
        await press("t", "X", "y")
        run.delete()
        await press("enter")
        assert "can't be deleted: it does not exist" in text_of(app, "#status")


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


async def test_a_class_with_the_sign_of_a_description_names_a_job(
    driven: Driven, never_started: None
) -> None:
    async with driven() as (app, press):
        labelled(app)
        assert rename(app.store, "down", "down;up")
        await press("t", "n", "enter")
        request = list_runs(app.store.layout.runs, "train")[0].request()
        assert (request["name"], request["description"]) == ("down,up, round 1", "")


async def test_compared_jobs_come_and_go_under_the_cursor(driven: Driven) -> None:
    async with driven() as (app, press):
        first, second = (made_job(app.store, {"m-1": 0.9}, "m-1") for _ in range(2))
        await press("t", "c")
        compared = app.screen
        assert isinstance(compared, CompareScreen)
        first.delete()
        made_job(app.store, {"m-1": 0.9}, "m-1")
        await until(lambda: "t3" in compared.table.text and "t1" not in compared.table.text)
        await press("enter")
        screen = app.screen
        assert isinstance(screen, TrainingScreen)
        assert screen.looked.run.id == second.id
