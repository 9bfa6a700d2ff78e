"""What a job leaves so that it can go on after its worker was lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labelloop.errors import UserError
from labelloop.learning.training import checkpoints
from labelloop.learning.training.fit import Fitted
from labelloop.learning.training.job import Job
from tests.learning.jobs import MOVES, Notes, job_of, request, shelf


@pytest.mark.training
def test_a_full_disk_costs_the_checkpoint_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise UserError("The disk is full.")

    monkeypatch.setattr(checkpoints, "keep", full)
    notes = Notes()
    result = Job(tmp_path, job_of(request(MOVES, model_count=1, epochs=2)), shelf(MOVES), notes).run()
    assert result["state"] == "done"
    assert "No checkpoint could be kept" in notes.texts


def _fitted() -> Fitted:
    weights: dict[str, list[Any]] = {"a|b": [np.eye(2, dtype=np.float32), np.zeros(3)], "c": [np.ones(1)]}
    return Fitted(weights, history=[{"epoch": 1, "loss": 0.5}], best=0.25)


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    checkpoints.keep(tmp_path, 3, _fitted())
    found = checkpoints.started(tmp_path, 3)
    assert found is not None
    assert (found.history, found.best) == ([{"epoch": 1, "loss": 0.5}], 0.25)
    assert found.weights.keys() == {"a|b", "c"}
    np.testing.assert_array_equal(found.weights["a|b"][0], np.eye(2))
    assert len(found.weights["a|b"]) == 2
    assert checkpoints.started(tmp_path, 4) is None


@pytest.mark.parametrize("size", [0, 10, 200])
def test_a_damaged_one_is_no_checkpoint(tmp_path: Path, size: int) -> None:
    checkpoints.keep(tmp_path, 0, _fitted())
    path = tmp_path / "checkpoints" / "0.npz"
    path.write_bytes(path.read_bytes()[:size])
    assert checkpoints.started(tmp_path, 0) is None


def test_a_model_is_finished_while_its_file_is_there(tmp_path: Path) -> None:
    model = tmp_path / "m.h5"
    model.touch()
    checkpoints.finish(tmp_path, 0, {"path": str(model), "name": "m"})
    assert checkpoints.finished(tmp_path, 0) == {"path": str(model), "name": "m"}
    model.unlink()
    assert checkpoints.finished(tmp_path, 0) is None
    assert checkpoints.finished(tmp_path, 1) is None
