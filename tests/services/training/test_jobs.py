"""What a training job is asked for, and what came of it."""

from __future__ import annotations

import doctest
import importlib.util
from dataclasses import replace

import pytest

from labelloop.contract.training import CurvePoint, TrainingJob
from labelloop.errors import UserError
from labelloop.jobs.run import RunFolder, write_json
from labelloop.jobs.status import status
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.services.labels.classes import set_weight
from labelloop.services.sessions.assign import assign
from labelloop.services.sessions.marks import toggle_done
from labelloop.services.training import jobs as service
from labelloop.services.training.jobs import (
    classes_in_train,
    curve_of,
    curve_sentence,
    default_name,
    find_job,
    finished,
    job_json,
    notes_before,
    partly_labelled,
    start_training,
    training_job,
    training_json,
    training_warnings,
)
from labelloop.services.training.request import TrainingRequest
from labelloop.storage.store import ProjectStore
from tests.services.conftest import Named


@pytest.fixture
def sets(made: ProjectStore, named: Named) -> ProjectStore:
    """up_00 and down_01 in Train, up_02 in Validation."""
    assign(made.editor, [named("up_00"), named("down_01")], "train")
    assign(made.editor, [named("up_02")], "validation")
    return made


def test_examples() -> None:
    assert doctest.testmod(service).failed == 0


def test_a_snapshot_of_what_is_confirmed(sets: ProjectStore, named: Named) -> None:
    unsure = Label.spanning(6, 7, "up", confirmed=False, origin="run:g1")
    sets.editor.apply(EditLabels(named("up_00").id, "label", (), (unsure,)))
    job = training_job(sets, TrainingRequest())
    first = job.sessions[0]
    assert [s.set for s in job.sessions] == ["train", "train", "validation"]
    assert first.labels == ((1.5, 2.0, "up"), (4.0, 5.25, "down"), (8.0000001, 8.1250001, "up"))
    assert first.ignore == ((6.0, 7.0),)
    with_all = training_job(sets, TrainingRequest(unconfirmed=True)).sessions[0]
    assert (len(with_all.labels), with_all.ignore) == (4, ())


def test_the_rest_behind_the_last_label_can_be_left_out(sets: ProjectStore, named: Named) -> None:
    toggle_done(sets.editor, [named("down_01")], ["up", "down"])
    job = training_job(sets, TrainingRequest(ignore_rest=True))
    assert [s.ignore_after for s in job.sessions] == [8.1250001, None, 8.1250001]


def test_weights_of_classes_are_in_the_request_where_they_differ(sets: ProjectStore) -> None:
    assert training_job(sets, TrainingRequest()).class_weights == {}
    assert "class_weights" not in training_job(sets, TrainingRequest()).to_json()
    set_weight(sets, "up", "100")
    job = training_job(sets, TrainingRequest())
    assert job.class_weights == {"up": 100.0, "down": 1.0}
    assert TrainingJob.from_json(job.to_json()) == job
    set_weight(sets, "down", "100")
    assert training_job(sets, TrainingRequest()).class_weights == {}, "all count alike"


def test_classes_are_those_of_train(sets: ProjectStore) -> None:
    assert classes_in_train(sets.project) == ["up", "down"]
    assert training_job(sets, TrainingRequest(classes=("down",))).classes == ("down",)
    with pytest.raises(UserError, match="no class 'side'"):
        training_job(sets, TrainingRequest(classes=("side",)))


def test_what_can_not_be_learned(made: ProjectStore, named: Named) -> None:
    with pytest.raises(UserError, match=r"Train has no sessions.*about 80 events"):
        training_job(made, TrainingRequest())
    assign(made.editor, [named("up_00")], "train")
    made.editor.apply(EditLabels(named("up_00").id, "label", tuple(made.project.track(named("up_00").id))))
    with pytest.raises(UserError, match="no confirmed labels"):
        training_job(made, TrainingRequest())
    with pytest.raises(UserError, match="no preset 'best'"):
        training_job(made, TrainingRequest(preset="best"))


def test_a_job_without_a_name_is_called_by_what_it_learns(sets: ProjectStore) -> None:
    assert default_name(sets, TrainingRequest(), ["up", "down"]) == "up, down, round 1"
    assert default_name(sets, TrainingRequest(), list("abcd")) == "4 classes, round 1"
    assert default_name(sets, TrainingRequest(curve=True), []) == "learning curve"


def test_starting_writes_the_request(sets: ProjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[RunFolder] = []
    monkeypatch.setattr(service, "launch", started.append)
    run = start_training(sets, TrainingRequest(name="mine", epochs=3))
    assert [r.id for r in started] == [run.id] == ["t1"]
    job = TrainingJob.from_json(run.request())
    assert (job.name, job.epochs, job.cache_dir) == ("mine", 3, str(sets.layout.cache))
    assert find_job(sets, "last").id == find_job(sets, "t1").id == "t1"
    assert job_json(status(run))["kind"] == "train"


def test_windows_of_the_request_win_over_the_project_s(sets: ProjectStore) -> None:
    job = training_job(sets, TrainingRequest(options={"context_s": 0.5, "size": "small"}))
    assert (job.context_s, job.prediction_hz, job.options) == (0.5, None, {"size": "small"})


def test_what_a_user_should_know_before(sets: ProjectStore) -> None:
    notes = notes_before(sets, TrainingRequest(classes=("up",)))
    assert any("One class only" in note for note in notes)
    assert any("Train has 4 events" in note for note in notes)
    request = TrainingRequest(options={"context_s": 1.0})
    assert any("Dense models score every frame" in note for note in notes_before(sets, request))


def test_warnings_about_the_sets(made: ProjectStore, named: Named) -> None:
    assign(made.editor, [named("up_00")], "train")
    assert any("Validation is empty" in text for text in training_warnings(made.project))
    short = Label.spanning(0.5, 1, "up")
    session = named("up_00").id
    made.editor.apply(EditLabels(session, "label", tuple(made.project.track(session)), (short,)))
    assert [s.name for s in partly_labelled(made.project)] == ["up_00"]
    assert any("labelled only at the start" in text for text in training_warnings(made.project))
    assert any("does not contain" in text or "Validation" in text for text in training_warnings(made.project))


def test_no_job_yet(made: ProjectStore) -> None:
    with pytest.raises(UserError, match="no training job yet"):
        find_job(made, "last")


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [(0.5, 0.6, "more labels are worth"), (0.96, 0.965, "good already"), (0.5, 0.505, "brings little")],
)
def test_what_a_curve_says(before: float, after: float, says: str) -> None:
    points = [CurvePoint(10, 0, before, 0), CurvePoint(20, 0, after, 0)]
    assert says in curve_sentence(points)
    assert "too few" in curve_sentence(points[:1])


def test_a_result_as_it_is_shown(sets: ProjectStore) -> None:
    run = RunFolder.create(sets.layout.runs, "train", "x", TrainingJob(name="x").to_json())
    assert finished([run]) == []
    rows = [{"name": "m", "path": "/m.h5", "parameters": 3, "validation": {"f1": 0.5}}]
    body = {"state": "done", "message": "", "models": rows, "best": {"name": "m", "path": "/m.h5"}}
    write_json(run.path / "result.json", body | {"curve": []})
    assert finished([run]) == [run]
    shown = training_json(run)
    assert shown["best"] == {"name": "m", "path": "/m.h5"}
    assert shown["models"][0]["validation"] == {"f1": 0.5}
    assert curve_of(run) == []


def test_a_curve_is_told_while_it_grows(sets: ProjectStore) -> None:
    run = RunFolder.create(sets.layout.runs, "train", "x", TrainingJob(curve=True).to_json())
    run.append({"type": "curve", "events": 5, "event_f1_30": 1.0, "event_f1_50": 0.5, "event_f1_70": 0.1})
    assert curve_of(run) == [CurvePoint(5, 1.0, 0.5, 0.1)]


def test_broken_sessions_are_left_out(sets: ProjectStore, named: Named) -> None:
    sets.project.replace_session(replace(named("down_01"), message="gone"))
    assert [s.name for s in training_job(sets, TrainingRequest()).sessions] == ["up/up_00", "up/up_02"]


def test_without_what_learns_no_job_is_made(sets: ProjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UserError, match=r"pip install 'labelloop\[train\]'"):
        start_training(sets, TrainingRequest())
    assert not sets.layout.runs.exists()
