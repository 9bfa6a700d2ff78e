"""What a learning process says when it can't go on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labelloop.jobs.run import TRAIN, RunFolder
from labelloop.jobs.status import status
from labelloop.jobs.worker import working_on
from labelloop.learning.__main__ import work
from labelloop.learning.training.job import Job


def too_much(job: Job) -> dict[str, Any]:
    """Ask for more memory than a machine can address."""
    np.empty(2**45)
    return {}


class ResourceExhaustedError(Exception):
    """TensorFlow's error of that name, without TensorFlow."""


def exhausted(job: Job) -> dict[str, Any]:
    raise ResourceExhaustedError("OOM when allocating tensor")


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABELLOOP_SLOTS", str(tmp_path / "slots"))
    monkeypatch.setattr(os, "nice", lambda by: by)


@pytest.mark.parametrize("run_out", [too_much, exhausted])
def test_running_out_of_memory_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run_out: Any
) -> None:
    monkeypatch.setattr(Job, "run", run_out)
    run = RunFolder.create(tmp_path, TRAIN, "n", {"cache_dir": str(tmp_path), "sessions": []})
    with pytest.raises(SystemExit) as ended, working_on(run.path) as worker:
        work(worker)
    assert ended.value.code == 1
    now = status(run)
    assert now.state == "failed"
    assert "not enough memory to train" in now.message
    assert "Traceback" not in now.message


def test_another_mistake_is_not_taken_for_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(job: Job) -> dict[str, Any]:
        raise ValueError("a bug")

    monkeypatch.setattr(Job, "run", broken)
    run = RunFolder.create(tmp_path, TRAIN, "n", {"cache_dir": str(tmp_path), "sessions": []})
    with pytest.raises(SystemExit), working_on(run.path) as worker:
        work(worker)
    assert "memory" not in status(run).message
