"""Models as they are used: rebuilt from a model file, or made from what training brought, and saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from labelloop.errors import UserError, printable
from labelloop.formats.model.child import read_info
from labelloop.formats.model.info import ModelInfo
from labelloop.formats.model.model_file import read_weights, write_model
from labelloop.labeling.postprocess import PostSettings
from labelloop.learning.data.frames import FrontEnd
from labelloop.learning.data.prepared import Norm
from labelloop.learning.data.windows import Windowing
from labelloop.learning.networks.description import Network, Node, weight_shapes
from labelloop.learning.predicting.model import Array, Model
from labelloop.learning.predicting.studio import load_studio_model

NAMES = {
    "Conv1D": ("kernel", "bias"),
    "Dense": ("kernel", "bias"),
    "LayerNormalization": ("gamma", "beta"),
    "BatchNormalization": ("gamma", "beta", "moving_mean", "moving_variance"),
    "LSTM": ("kernel", "recurrent_kernel", "bias"),
}  # what Keras calls the weights of a layer


def load_model(path: Path) -> Model:
    """A model of ours or of Studio from its file. Raises UserError when it can't be used."""
    info = read_info(path)  # by a process that a hostile file may break
    if info.maker == "studio":
        return load_studio_model(path, info)
    try:
        return _ours(info, read_weights(path))
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(
            f"{printable(path.name)} can't be used as a model: its description is damaged."
        ) from error


def _ours(info: ModelInfo, weights: dict[str, list[Array]]) -> Model:
    meta = info.meta
    network = Network(tuple(_node(n) for n in meta["network"]["nodes"]), tuple(meta["network"]["outputs"]))
    shapes = {name: [a.shape for a in arrays] for name, arrays in weights.items()}
    if shapes != weight_shapes(network):
        raise ValueError("weights do not fit the network")
    kind = Windowing if "window" in meta["front"] else FrontEnd
    return Model(
        info.name,
        info.family,
        info.classes,
        info.channels,
        info.rate_hz,
        kind.from_json(meta["front"]),
        tuple(Norm.from_json(n) for n in meta["norms"]),
        network,
        weights,
        PostSettings.from_json(info.post),
    )


def _node(data: Mapping[str, Any]) -> Node:
    """One layer of a description, checked for shape; its kind is checked where it is run."""
    return {
        "name": str(data["name"]),
        "layer": str(data["layer"]),
        "inputs": [str(n) for n in data["inputs"]],
        "config": dict(data["config"]),
    }


def save_model(
    path: Path,
    model: Model,
    metrics: Mapping[str, Any],
    lengths: Mapping[str, float],
    report: Mapping[str, Any],
) -> None:
    """Write a trained model of ours, in a form that plain Keras opens too. Raises UserError."""
    from labelloop.learning.networks.keras_build import build

    order = [layer.name for layer in build(model.network).layers]
    place = {name: n for n, name in enumerate(order)}
    nodes = sorted(model.network.nodes, key=lambda node: place[node["name"]])
    kinds = {node["name"]: node["layer"] for node in nodes}
    weights = {name: model.weights[name] for name in order if name in model.weights}
    meta = {
        "name": model.name,
        "family": model.family,
        "classes": list(model.classes),
        "channels": list(model.channels),
        "rate_hz": model.rate_hz,
        "parameters": model.network.parameters,
        "front": model.front.to_json(),
        "norms": [norm.to_json() for norm in model.norms],
        "post": model.post.to_json(),
        "network": {"nodes": list(model.network.nodes), "outputs": list(model.network.outputs)},
        "metrics": dict(metrics),
        "lengths": dict(lengths),
    }
    names = {name: NAMES[kinds[name]][: len(arrays)] for name, arrays in weights.items()}
    write_model(path, meta, report, keras_config(nodes, model.network.outputs), weights, names)


def keras_config(nodes: Sequence[Node], outputs: Sequence[str]) -> dict[str, Any]:
    """The network as a configuration of a functional Keras model."""
    layers = []
    for node in nodes:
        config = dict(node["config"])
        kind, name = node["layer"], node["name"]
        if kind == "InputLayer":
            config = {"batch_shape": [None, *config["shape"]], "dtype": "float32"}
        links = [[[n, 0, 0, {}] for n in node["inputs"]]] if node["inputs"] else []
        layers.append(
            {"class_name": kind, "name": name, "config": {"name": name, **config}, "inbound_nodes": links}
        )
    source = next(n["name"] for n in nodes if n["layer"] == "InputLayer")
    ends = [[name, 0, 0] for name in outputs]
    inside = {
        "name": "labelloop",
        "trainable": True,
        "layers": layers,
        "input_layers": [[source, 0, 0]],
        "output_layers": ends,
    }
    return {"class_name": "Functional", "config": inside}
