"""What is said of training jobs: the best, the queue, names."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from labelloop.contract.training import TrainingResult
from labelloop.jobs import locks
from labelloop.jobs.run import RunFolder, write_json
from labelloop.jobs.status import status
from labelloop.services.training.wording import (
    best_reason,
    details,
    log_lines,
    message_of,
    notes,
    queue_sentence,
)

_result = TrainingResult.from_json


def model(name: str, value: float | None) -> dict[str, object]:
    scores = {f"event_f1_{iou}": value for iou in (30, 50, 70)} if value is not None else None
    return {"name": name, "validation": scores}


def test_the_best_is_told_against_the_next_one() -> None:
    rows = [model("a", 0.97), model("b", 0.95), model("c", 0.5), model("none", None)]
    said = best_reason(_result({"best": rows[0], "models": rows}))
    assert said == "highest event F1 on Validation, 0.970 against 0.950 of b"
    assert best_reason(_result({"best": None, "models": rows})) == ""
    assert (
        best_reason(_result({"best": rows[0], "models": rows[:1]}))
        == "the only model; event F1 on Validation 0.970"
    )


def test_models_made_of_others_say_what_they_are() -> None:
    rows = [model("a", 0.97), model("dense-ensemble", 0.96), model("dense-distilled", 0.96)]
    said = best_reason(_result({"best": rows[1], "models": rows}))
    assert "average" in said
    assert "0.960; a alone had 0.970" in said
    said = best_reason(_result({"best": rows[2], "models": rows}))
    assert "distilled" in said
    assert "0.960 of the ensemble; a alone" in said


def test_a_waiting_job_says_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slots = tmp_path / "slots"
    slots.mkdir()
    monkeypatch.setenv("LABELLOOP_SLOTS", str(slots))
    run = RunFolder.create(tmp_path / "runs", "train", "n", {})
    write_json(run.path / "worker.json", {"pid": os.getpid(), "host": socket.gethostname()})
    assert queue_sentence(run, status(run)) == ""
    held = []
    for number, pid in ((1, 111), (2, 222), (3, os.getpid())):
        held.append(locks.try_lock(slots / f"wait-{number:020d}-{pid}"))
    assert message_of(run, status(run)).startswith("2 before it in the queue: this machine trains ")
    for fd in held[:2]:
        assert fd is not None
        os.close(fd)
    assert message_of(run, status(run)).startswith("next in the queue")
    run.append({"type": "state", "state": "done"})
    assert queue_sentence(run, status(run)) == ""
    assert held[2] is not None
    os.close(held[2])


def test_the_log_tells_what_happened_below_what_was_printed(tmp_path: Path) -> None:
    run = RunFolder.create(tmp_path / "runs", "train", "n", {"description": "less \x1b noise"})
    run.append({"type": "message", "text": "Channel gz never changes."})
    run.append({"type": "state", "state": "failed", "message": "out of memory"})
    assert [line[10:] for line in log_lines(run)] == ["Channel gz never changes.", "failed: out of memory"]
    (run.path / "log.txt").write_text("noise\n")
    lines = log_lines(run)
    assert lines[:2] == ["printed by its process:", "noise"]
    assert lines[-1].endswith("failed: out of memory")
    write_json(run.path / "result.json", {"best": model("a", 0.9), "models": [model("a", 0.9)]})
    assert details(run) == [
        "description: less ␛ noise",
        "best: a, the only model; event F1 on Validation 0.900",
        "note: Channel gz never changes.",
    ]


def test_what_is_told_twice_is_noted_once(tmp_path: Path) -> None:
    run = RunFolder.create(tmp_path / "runs", "train", "n", {})
    for text in ("b", "a\x1b", "b", ""):
        run.append({"type": "message", "text": text})
    assert notes(run) == ["b", "a␛"]
