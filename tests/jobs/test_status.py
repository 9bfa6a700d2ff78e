"""What is said of a job from outside."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from labelloop.jobs import locks
from labelloop.jobs import status as module
from labelloop.jobs.progress import JobStatus
from labelloop.jobs.run import RunFolder
from labelloop.jobs.status import JobFollower, status, wait


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder.create(tmp_path, "train", "n", {})


@pytest.fixture
def held(run: RunFolder) -> Iterator[None]:
    """As if a worker held the run."""
    fd = locks.try_lock(run.lock)
    assert fd is not None
    yield
    os.close(fd)


def report(run: RunFolder, state: str) -> None:
    run.append({"type": "state", "state": state})


def test_a_fresh_job_is_queued(run: RunFolder) -> None:
    assert status(run).state == "queued"


def test_a_job_that_nobody_started_is_lost(run: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_NEVER_STARTED_S", -1.0)
    assert status(run).state == "lost"


@pytest.mark.usefixtures("held")
def test_a_held_job_that_told_nothing_is_queued(run: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_NEVER_STARTED_S", -1.0)
    assert status(run).state == "queued"


@pytest.mark.usefixtures("held")
def test_a_held_job_is_what_its_worker_says(run: RunFolder) -> None:
    report(run, "running")
    assert status(run).state == "running"


def test_a_job_that_said_running_and_is_not_held_is_lost(run: RunFolder) -> None:
    report(run, "running")
    assert status(run).state == "lost"


@pytest.mark.parametrize("state", ["done", "stopped", "failed"])
def test_an_end_that_was_told_stays(run: RunFolder, state: str) -> None:
    report(run, state)
    assert status(run).state == state


def test_a_follower_goes_on_where_it_was(run: RunFolder) -> None:
    follower = JobFollower(run)
    run.append({"type": "epoch", "model": 0, "epoch": 1, "epochs": 5})
    assert follower.poll().epoch == 1
    run.append({"type": "epoch", "model": 0, "epoch": 2, "epochs": 5})
    now = follower.poll()
    assert (now.epoch, len(now.models[0].history)) == (2, 2)


def test_waiting_tells_each_change_once_and_ends_with_the_job(run: RunFolder) -> None:
    seen: list[str] = []

    def told(now: JobStatus) -> None:
        seen.append(now.state)
        report(run, "done")

    assert wait(run, told, poll_s=0).state == "done"
    assert seen == ["queued", "done"]


@pytest.mark.parametrize(
    ("log", "words"),
    [
        ("", "worker lost, killed or out of memory; resume goes on from there"),
        (
            "Fatal Python error: Illegal instruction\n\nCurrent thread",
            "an instruction that this processor",
        ),
        (
            "Fatal Python error: Segmentation fault\n",
            "its process crashed (Segmentation fault)",
        ),
    ],
)
def test_why_a_worker_is_lost_stands_in_its_log(run: RunFolder, log: str, words: str) -> None:
    report(run, "running")
    (run.path / "log.txt").write_text(log)
    assert words in status(run).message
