"""Models are saved and read back as they were; damaged ones are refused."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest

from labelloop.errors import UserError
from labelloop.learning.predicting.model_io import keras_config, load_model, save_model
from tests.learning.predicting.test_model import made_model


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "m.h5"
    save_model(path, made_model(), {"validation": {"event_f1_50": 0.5}}, {"up": 1.0}, {"seed": 1})
    return path


def test_a_model_comes_back_as_it_was(saved: Path) -> None:
    model, made = load_model(saved), made_model()
    assert (model.name, model.family, model.classes, model.channels) == (
        "m",
        "conv1d",
        ("up", "down"),
        made.channels,
    )
    assert (model.front, model.rate_hz, model.post) == (made.front, made.rate_hz, made.post)
    for name, arrays in made.weights.items():
        for a, b in zip(arrays, model.weights[name], strict=True):
            np.testing.assert_array_equal(a, b)


def test_weights_of_another_shape_are_refused(saved: Path) -> None:
    with h5py.File(saved, "r+") as file:
        found: list[str] = []
        file.visititems(lambda name, item: found.append(name) if isinstance(item, h5py.Dataset) else None)
        name = next(n for n in found if file[n].ndim == 2)
        data = np.zeros((1, 1), np.float32)
        del file[name]
        file[name] = data
    with pytest.raises(UserError, match=r"m\.h5 can't be used as a model"):
        load_model(saved)


def test_a_network_is_written_as_keras_reads_it() -> None:
    network = made_model().network
    config = keras_config(network.nodes, network.outputs)["config"]
    assert config["input_layers"] == [["frames", 0, 0]]
    assert config["output_layers"] == [[network.outputs[0], 0, 0]]
    assert config["layers"][0]["config"]["batch_shape"] == [None, 16, 3]
    assert len(config["layers"]) == len(network.nodes)
