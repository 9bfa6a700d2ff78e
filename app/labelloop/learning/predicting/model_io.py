"""Models as they are used: rebuilt from a model file, or made from what training brought, and saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy.typing as npt

from labelloop.errors import UserError, printable
from labelloop.formats.model.model_file import ModelInfo, read_model_info, read_weights, write_model
from labelloop.labeling.matching import Event
from labelloop.labeling.postprocess import PostSettings, to_events
from labelloop.learning.data.frames import FrontEnd, Recording, frame_times, snapped_to_samples
from labelloop.learning.data.prepared import Norm
from labelloop.learning.data.windows import Windowing, window_scores
from labelloop.learning.networks.description import Network, Node, weight_shapes
from labelloop.learning.predicting.scores import Second, recording_scores

Array = npt.NDArray[Any]
NAMES = {
    "Conv1D": ("kernel", "bias"),
    "Dense": ("kernel", "bias"),
    "LayerNormalization": ("gamma", "beta"),
    "BatchNormalization": ("gamma", "beta", "moving_mean", "moving_variance"),
    "LSTM": ("kernel", "recurrent_kernel", "bias"),
}  # what Keras calls the weights of a layer


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model, ready to find events.

    front: how samples become what the network sees (frames, or windows). norms: how features are scaled; the
    network sees one copy of the features for each. second: a model whose opinion is asked, too.
    """

    name: str
    family: str
    classes: tuple[str, ...]
    channels: tuple[str, ...]
    rate_hz: float | None
    front: FrontEnd | Windowing
    norms: tuple[Norm, ...]
    network: Network
    weights: Mapping[str, Sequence[Array]]
    post: PostSettings = field(default_factory=PostSettings)
    second: Second | None = None

    def scores(self, rec: Recording) -> tuple[Array, Array | None, Array]:
        """Class scores (frames, 1 + classes), boundary scores (frames, 2) or None, edges (frames + 1,)."""
        scores, boundary, times, _ = self.look(rec)
        return scores, boundary, times

    def look(self, rec: Recording) -> tuple[Array, Array | None, Array, Array | None]:
        """What ``scores`` gives, and how far several models agree, (frames,) 0 to 1, or None for one."""
        if isinstance(self.front, Windowing):
            scores, times = window_scores(self.front, self.network, self.weights, rec)
            return scores, None, times, None
        scores, boundary, agreement = recording_scores(
            self.front, self.norms, self.network, self.weights, rec, second=self.second
        )
        return scores, boundary, frame_times(self.front, rec.times), agreement

    def events(self, rec: Recording, settings: PostSettings | None = None) -> list[Event]:
        """The events that the model finds in a recording; every edge is a time of the recording."""
        if len(rec.times) < 2:
            return []
        return self.events_of(self.scores(rec), rec, settings)

    def events_of(
        self, scored: tuple[Array, Array | None, Array], rec: Recording, settings: PostSettings | None = None
    ) -> list[Event]:
        """The events that follow from what ``scores`` gave."""
        scores, boundary, times = scored
        found = to_events(scores, times, self.classes, settings or self.post, boundary)
        return snapped_to_samples(found, rec.times)

    def check(self, rec: Recording, name: str) -> None:
        """Refuse a recording that does not fit. Raises UserError with the reason."""
        if len(rec.names) != len(self.channels):
            raise UserError(
                f"{printable(name)} has {len(rec.names)} channels, but the model {printable(self.name)} was "
                f"trained on {len(self.channels)} ({_listed(self.channels)})."
            )
        rate = float(rec.rate_hz)
        if self.rate_hz and rate > 0 and not 0.8 < rate / self.rate_hz < 1.25:
            raise UserError(
                f"{printable(name)} has {rate:.4g} samples a second, the model {printable(self.name)} was "
                f"trained on {self.rate_hz:.4g}: ask for --resample or train on recordings like it."
            )


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - 4} more" if len(names) > 4 else ""
    return ", ".join(printable(n) for n in names[:4]) + more


def load_model(path: Path) -> Model:
    """A model of ours or of Studio from its file. Raises UserError when it can't be used."""
    info = read_model_info(path)
    if info.maker == "studio":
        from labelloop.learning.predicting.studio import load_studio_model

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
