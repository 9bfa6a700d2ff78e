"""Models that Studio trained, made ready to find events."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from labelloop.errors import UserError, printable
from labelloop.formats.model.info import ModelInfo
from labelloop.formats.model.model_file import read_weights
from labelloop.learning.data.units import Chain
from labelloop.learning.networks.description import Graph, Network
from labelloop.learning.predicting.model import Model


def load_studio_model(path: Path, info: ModelInfo) -> Model:
    """The model in a file of Studio, rebuilt from the layers that its description lists.

    Raises:
        UserError: its weights don't belong to its layers.
    """
    g = Graph()
    layers = info.meta["layers"]
    shape: dict[str, Any] = next((x["config"] for x in layers if x["layer"] == "InputLayer"), {})
    size = (
        shape.get("batch_input_shape")
        or shape.get("batch_shape")
        or [None, *info.meta["preprocessor"]["levels"][-1]["shape"]]
    )
    last = g.add("InputLayer", name="frames", shape=[int(v) for v in size[1:]])
    for layer in layers:
        if layer["layer"] != "InputLayer":
            last = g.add(layer["layer"], [last], layer["name"], **layer["config"])
    weights = read_weights(path)
    needed = {
        n["name"]
        for n in g.nodes
        if n["layer"] in ("Conv1D", "Conv2D", "Dense", "BatchNormalization", "LSTM")
    }
    if not needed <= set(weights):
        raise UserError(
            f"{printable(path.name)} can't be used as a model: weights of some layers are missing."
        )
    front = Chain.from_json(info.meta["preprocessor"])
    network = Network(tuple(g.nodes), (last,))
    return Model(
        info.name, info.family, info.classes, info.channels, info.rate_hz, front, (), network, weights
    )
