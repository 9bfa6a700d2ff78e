"""Verbs for jobs and models."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from labelloop.jobs import locks
from labelloop.jobs.run import RunFolder
from tests.end_to_end.support import Call, Ran
from tests.made_project import make_project, write_recording


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    return make_project(tmp_path / "p", 4)


def good(ran: Ran) -> Ran:
    assert ran.code == 0, ran.err
    return ran


def test_jobs_and_models_of_a_fresh_project(call: Call, fresh: Path) -> None:
    assert good(call("jobs", fresh, "--json")).json == {"jobs": []}
    assert good(call("models", fresh, "--json")).json == {"models": []}
    for words in (["jobs", fresh, "t9"], ["jobs", fresh, "last"], ["download", fresh, "best", "x.h5"]):
        assert call(*words).code == 1
    assert call("jobs", fresh, "--stop").code == 2


@pytest.fixture
def project(tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four sessions, two of them in Train; jobs are made, but no process is started for them."""
    monkeypatch.setattr("labelloop.services.training.jobs.launch", lambda run: 0)
    file = make_project(tmp_path / "p", 4)
    call("assign", file, "train", "up/*")
    return file


def request(project: Path) -> dict[str, Any]:
    return RunFolder(project.parent / ".labelloop" / "runs" / "t1").request()


def test_what_is_asked_for_stands_in_the_request(call: Call, project: Path) -> None:
    words = ["--family", "conv1d", "--context", 1.5, "--rate", 4, "--name", "a b", "--description", "less"]
    ran = call("train", project, *words, "--detach", "--json")
    assert (ran.code, json.loads(ran.out)) == (
        0,
        {"job": "t1", "state": "queued", "best": None, "models": []},
    )
    found = request(project)
    assert [found[key] for key in ("family", "context_s", "prediction_hz")] == ["conv1d", 1.5, 4]
    assert [found[key] for key in ("name", "description")] == ["a b", "less"]
    said = call("jobs", project, "t1").out
    assert "a b" in said
    assert "description: less" in said


def test_what_will_be_poor_is_noted_on_stderr(call: Call, project: Path) -> None:
    ran = call("train", project, "--classes", "up", "--context", 2, "--detach")
    assert ran.code == 0
    assert ran.out == ""
    assert "Note: One class only is learned, up" in ran.err
    assert "Note: Train has 4 events to learn from" in ran.err
    assert "Note: Dense models score every frame" in ran.err


@pytest.mark.parametrize("words", [["--context", 0], ["--rate", "-1"], ["--context", "nan"], ["--rate", "x"]])
def test_windows_that_can_not_be_are_wrong_usage(call: Call, project: Path, words: list[object]) -> None:
    ran = call("train", project, *words, "--detach")
    assert ran.code == 2
    assert not (project.parent / ".labelloop" / "runs" / "t1").exists()


def test_another_rate_is_refused_before_a_job_is_made(tmp_path: Path, call: Call, project: Path) -> None:
    folder = tmp_path / "f"
    write_recording(folder / "a" / "data.csv", 300, 20.0)
    write_recording(folder / "b" / "data.csv", 300, 50.0)
    for name in "ab":
        rows = "".join(f"{i},0.5,up,1,\n" for i in range(5))
        (folder / name / "label.label").write_text(
            f"Time(Seconds),Length(Seconds),Label(string),Confidence(double),Comment(string)\n{rows}"
        )
    assert call("new", folder, "--name", "n").code == 0
    call("assign", folder, "train", "all")
    ran = call("train", folder, "--detach")
    assert ran.code == 1
    assert "b, 50 samples a second; a, 20." in ran.err
    assert "--resample" in ran.err
    assert not (folder / ".labelloop" / "runs").exists()
    assert call("train", folder, "--resample", "--detach").code == 0


def test_a_grace_that_is_no_number_is_wrong_usage(call: Call, project: Path) -> None:
    call("train", project, "--detach")
    assert call("jobs", project, "t1", "--stop", "--grace", "nan").code == 2


def test_what_does_not_run_is_not_stopped(call: Call, project: Path) -> None:
    call("train", project, "--detach")
    ran = call("jobs", project, "t1", "--stop")
    assert ran.code == 1
    assert "t1 is not running: there is nothing to stop" in ran.err
    run = RunFolder(project.parent / ".labelloop" / "runs" / "t1")
    held = locks.try_lock(run.lock)
    assert held is not None
    assert call("jobs", project, "t1", "--stop").code == 0
    assert run.stop_requested
    os.close(held)


def test_what_a_job_tells_is_told_by_whoever_follows_it(
    call: Call, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def launch(run: RunFolder) -> int:
        run.append({"type": "message", "text": "look at up"})
        run.append({"type": "state", "state": "done", "message": ""})
        return 0

    monkeypatch.setattr("labelloop.services.training.jobs.launch", launch)
    ran = good(call("train", project, "--wait", "--json"))
    assert "Note: look at up" in ran.err
    assert ran.json["state"] == "done"
