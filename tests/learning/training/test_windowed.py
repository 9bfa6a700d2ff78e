"""The windowed families: a class for each window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from labelloop.contract.training import TrainingJob
from labelloop.labeling.postprocess import PostSettings
from labelloop.learning.data.prepared import Example
from labelloop.learning.data.windows import Windowing
from labelloop.learning.networks.studio import windowed_network
from labelloop.learning.predicting.model_io import load_model
from labelloop.learning.training.job import Job
from labelloop.learning.training.windowed import WindowTask, choose_windowing
from tests.learning.made import movements

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


MOVES = {
    "train": [movements(1), movements(2)],
    "validation": [movements(3)],
    "test": [movements(4, shift=-3.0)],
}


@pytest.mark.training
@pytest.mark.parametrize("family", ["conv1d", "conv1dlstm"])
def test_the_windowed_families_train_too(tmp_path: Path, family: str) -> None:
    asked = request(MOVES, family=family, model_count=1, epochs=3, context_s=0.64, prediction_hz=10)
    result = Job(tmp_path, job_of(asked), shelf(MOVES), Notes()).run()
    assert [m["name"] for m in result["models"]] == [f"{family}-medium-balanced-0"]
    model = load_model(Path(result["models"][0]["path"]))
    assert model.classes == ("down", "up")
    assert isinstance(model.front, Windowing)
    assert (model.front.window, model.front.stride) == (32, 5)
    assert model.scores(movements(9).recording)[1] is None


@pytest.mark.parametrize(
    ("lengths", "more", "window", "stride"),
    [
        ([2.0], {}, 50, 6),
        ([0.1], {}, 8, 1),
        ([100.0], {}, 512, 64),
        ([2.0], {"context_s": 1.0}, 50, 6),
        ([2.0], {"context_s": 0.0}, 2, 1),
        ([2.0], {"prediction_hz": 5.0}, 50, 10),
        ([2.0], {"prediction_hz": 0.1}, 50, 50),
        ([2.0], {"prediction_hz": 500.0}, 50, 1),
    ],
)
def test_windows_follow_from_the_events(
    lengths: list[float], more: dict[str, float], window: int, stride: int
) -> None:
    w = choose_windowing(50.0, lengths, **more)
    assert (w.window, w.stride) == (window, stride)


def test_windows_of_unknown_stretches_are_left_out() -> None:
    example = movements(1)
    network, w = windowed_network(32, 3, 2), Windowing(32, 4)
    made = [
        WindowTask(network, w, [x], [], ("up", "down"), PostSettings(), 1)
        for x in (example, replace(example, ignore=((0.0, 10.0),)))
    ]
    assert len(made[1]._y) < len(made[0]._y)
    x, y = made[0].draw()
    assert (x.shape, y.shape) == ((32, 32, 3), (32,))
    assert 4 <= made[0].steps <= 200
