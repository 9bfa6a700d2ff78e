"""Ending jobs that do not react."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from labelloop.errors import UserError
from labelloop.jobs.children import reap
from labelloop.jobs.ending import end
from labelloop.jobs.launch import launch
from labelloop.jobs.run import RunFolder, read_json, write_json
from labelloop.jobs.status import status

FAKE = Path(__file__).with_name("fake_worker.py")


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Callable[..., RunFolder]]:
    """Makes a run whose worker has told of its first epoch."""
    runs: list[RunFolder] = []

    def one(**request: object) -> RunFolder:
        run = RunFolder.create(tmp_path / "runs", "train", "fake", request)
        runs.append(run)
        launch(run, argv=[sys.executable, str(FAKE), str(run.path)])
        until = time.monotonic() + 20
        while not any(e["type"] == "epoch" for e in run.events()[0]):
            assert time.monotonic() < until
            time.sleep(0.02)
        return run

    yield one
    for run in runs:
        if run.alive:
            end(run, 0, 1)
        reap()


def test_a_job_that_listens_stops_by_itself(started: Callable[..., RunFolder]) -> None:
    run = started(epochs=1000, pause=0.05)
    assert end(run, 10) is False
    now = status(run)
    assert (now.state, "after epoch" in now.message) == ("stopped", True)
    with pytest.raises(UserError, match="not running"):
        end(run)


@pytest.mark.parametrize("deaf", [False, True])
def test_one_that_hangs_is_ended(started: Callable[..., RunFolder], deaf: bool) -> None:
    run = started(epochs=2, pause=60, deaf=deaf)
    assert end(run, 0.1, 0.5) is True
    now = status(run)
    assert now.state == "stopped"
    assert "did not react for 0.1 s" in now.message
    assert not run.alive


def test_a_process_that_is_not_the_worker_is_left_alone(started: Callable[..., RunFolder]) -> None:
    run = started(epochs=2, pause=60)
    about = read_json(run.path / "worker.json") or {}
    write_json(run.path / "worker.json", {**about, "pid": 1})
    with pytest.raises(UserError, match="can't be told"):
        end(run, 0.1)
    write_json(run.path / "worker.json", {**about, "host": "elsewhere"})
    with pytest.raises(UserError, match="runs on elsewhere"):
        end(run, 0.1)
    write_json(run.path / "worker.json", about)
