"""The windowed families: a class for each window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from labelloop.labeling.postprocess import PostSettings
from labelloop.learning.data.windows import Windowing
from labelloop.learning.networks.studio import windowed_network
from labelloop.learning.predicting.model_io import load_model
from labelloop.learning.training.job import Job
from labelloop.learning.training.windowed import WindowTask, choose_windowing
from tests.learning.jobs import MOVES, Notes, job_of, request, shelf
from tests.learning.made import movements


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
