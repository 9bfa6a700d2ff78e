"""Candidates are tuned, measured and compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labelloop.contract.training import TrainingJob
from labelloop.labeling.matching import Event
from labelloop.learning.data.prepared import Example
from labelloop.learning.training.job import Job
from tests.learning.made import Made

job_of = TrainingJob.from_json


class Shelf:
    """Recordings by name of file."""

    def __init__(self, examples: list[Example]) -> None:
        self.known = {f"/data/{x.name}": x.recording for x in examples}

    def load(self, source: Path) -> Any:
        return self.known[str(source)]


class Notes:
    """What a job said; ``stop_at`` events it is asked to stop."""

    def __init__(self, stop_after: int = 10**9) -> None:
        self.said: list[dict[str, Any]] = []
        self.parts: dict[int, dict[str, Any]] = {}
        self.stop_after = stop_after

    def report(self, type: str, **values: Any) -> None:
        self.said.append({"type": type, **values})

    def part(self, index: int, value: dict[str, Any]) -> None:
        self.parts[index] = value

    @property
    def stopped(self) -> bool:
        return len([e for e in self.said if e["type"] == "epoch"]) >= self.stop_after

    @property
    def texts(self) -> str:
        return " ".join(e["text"] for e in self.said if e["type"] == "message")


def row(example: Example, part: str, **more: Any) -> dict[str, Any]:
    labels = [[e.start, e.end, e.name] for e in example.events]
    source = f"/data/{example.name}"
    return {"id": example.id, "name": example.name, "set": part, "source": source, "labels": labels, **more}


def request(parts: dict[str, list[Example]], **more: Any) -> dict[str, Any]:
    rows = [row(x, part) for part, examples in parts.items() for x in examples]
    return {"kind": "train", "preset": "quick", "seed": 1, "classes": [], "sessions": rows, **more}


def shelf(parts: dict[str, list[Example]]) -> Shelf:
    return Shelf([x for examples in parts.values() for x in examples])


@pytest.mark.training
def test_a_model_that_finds_nothing_is_never_the_best(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    noise = Example("noise", Made(np.arange(3000) / 50, rng.normal(size=(3000, 2))), (Event(5.0, 5.1, "a"),))
    far = Example("far", noise.recording, (Event(50.0, 50.1, "a"),))
    parts = {"train": [noise], "validation": [far]}
    notes = Notes()
    result = Job(tmp_path, job_of(request(parts, model_count=1, epochs=1)), shelf(parts), notes).run()
    assert result["best"] is None
    assert "No model found any" in result["message"]
    assert "found none" in notes.texts
