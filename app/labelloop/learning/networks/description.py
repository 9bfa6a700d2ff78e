"""Networks as plain descriptions: lists of layers, which keras_build and numpy_run read."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Node = dict[str, Any]
CLASSES, BOUNDARY = "classes", "boundary"  # the names of the outputs

NORMS = {"layer": "LayerNormalization", "batch": "BatchNormalization"}


@dataclass(slots=True)
class Graph:
    """A network being described. ``prefix`` keeps the names of an ensemble's members apart."""

    prefix: str = ""
    nodes: list[Node] = field(default_factory=list)

    def add(self, layer: str, inputs: Sequence[str] = (), name: str = "", **config: Any) -> str:
        """Append a layer; its name is returned for others to take as input."""
        name = name or f"{self.prefix}{layer.lower()}_{len(self.nodes)}"
        self.nodes.append({"name": name, "layer": layer, "inputs": list(inputs), "config": config})
        return name


@dataclass(frozen=True, slots=True)
class Network:
    """A described network: its layers in order of use and the names of its outputs."""

    nodes: tuple[Node, ...]
    outputs: tuple[str, ...]

    @property
    def parameters(self) -> int:
        """Trainable and other weights, counted from the description."""
        return sum(math.prod(s) for shapes in weight_shapes(self).values() for s in shapes)


def dense_network(
    features: int, classes: int, width: int, dilations: Sequence[int], dropout: float, norm: str = "layer"
) -> Network:
    """A dilated residual network: a class and a boundary score for each frame.

    Pre-activation residual blocks with growing dilation (temporal convolutional networks, Bai et al. 2018;
    MS-TCN, Farha & Gall 2019). Normalisation works on each frame alone, so that a stretch gives the same
    scores wherever it is cut, up to ``receptive_field`` frames. ``norm`` is "layer" (each frame by
    itself, which makes loudness matter less) or "batch" (by what was usual in training, which keeps it).
    """
    g = Graph()
    x = g.add("InputLayer", name="frames", shape=[None, features])
    x = g.add("SpatialDropout1D", [x], rate=dropout / 2)
    x = g.add("Conv1D", [x], filters=width, kernel_size=3, padding="same", dilation_rate=1)
    for dilation in dilations:
        y = g.add(NORMS[norm], [x], epsilon=1e-3)
        y = g.add("Conv1D", [y], filters=width, kernel_size=3, padding="same", dilation_rate=dilation)
        y = g.add("Activation", [y], activation="relu")
        y = g.add("SpatialDropout1D", [y], rate=dropout)
        y = g.add("Dense", [y], units=width)
        x = g.add("Add", [x, y])
    x = g.add(NORMS[norm], [x], epsilon=1e-3)
    x = g.add("Dropout", [x], rate=dropout)
    a = g.add("Dense", [x], name=CLASSES, units=classes + 1, activation="softmax")
    b = g.add(
        "Conv1D", [x], filters=width // 2, kernel_size=3, padding="same", dilation_rate=1, activation="relu"
    )
    b = g.add("Dense", [b], name=BOUNDARY, units=2, activation="sigmoid")
    return Network(tuple(g.nodes), (a, b))


def ensemble(members: Sequence[Network]) -> Network:
    """One graph that averages the outputs of members of the same input."""
    g = Graph()
    shape = members[0].nodes[0]["config"]["shape"]
    source = g.add("InputLayer", name="frames", shape=shape)
    for k, member in enumerate(members):
        for node in member.nodes[1:]:
            inputs = [source if n == "frames" else f"m{k}_{n}" for n in node["inputs"]]
            g.add(node["layer"], inputs, f"m{k}_{node['name']}", **node["config"])
    for name in members[0].outputs:
        g.add("Average", [f"m{k}_{name}" for k in range(len(members))], name)
    return Network(tuple(g.nodes), members[0].outputs)


def ensemble_weights(members: Sequence[Mapping[str, Sequence[Array]]]) -> dict[str, list[Array]]:
    """The weights of ``ensemble`` from those of its members."""
    return {f"m{k}_{name}": list(arrays) for k, m in enumerate(members) for name, arrays in m.items()}


def member_outputs(network: Network) -> tuple[str, ...]:
    """The class outputs of an ensemble's members; empty for a single network."""
    return next(
        (tuple(n["inputs"]) for n in network.nodes if (n["layer"], n["name"]) == ("Average", CLASSES)), ()
    )


def receptive_field(network: Network) -> int:
    """How many frames to either side an output depends on (dense networks)."""
    reach: dict[str, int] = {}
    for node in network.nodes:
        own = 0
        if node["layer"] == "Conv1D":
            own = (int(node["config"]["kernel_size"]) - 1) * int(node["config"].get("dilation_rate", 1)) // 2
        reach[node["name"]] = own + max((reach[n] for n in node["inputs"]), default=0)
    return max(reach[name] for name in network.outputs)


def weight_shapes(network: Network) -> dict[str, list[tuple[int, ...]]]:
    """Shapes of the arrays of each layer that has weights, in Keras' order."""
    width: dict[str, int] = {}
    shapes: dict[str, list[tuple[int, ...]]] = {}
    for node in network.nodes:
        name, config = node["name"], node["config"]
        ins = [width[n] for n in node["inputs"]]
        out, own = _layer_shapes(node["layer"], config, ins)
        width[name] = out
        if own:
            shapes[name] = own
    return shapes


def _layer_shapes(layer: str, config: Mapping[str, Any], ins: list[int]) -> tuple[int, list[tuple[int, ...]]]:
    """Output width and weight shapes of one layer with inputs of the given widths."""
    if layer == "InputLayer":
        return int(config["shape"][-1]), []
    if layer in ("Conv1D", "Dense"):
        out = int(config["filters"] if layer == "Conv1D" else config["units"])
        kernel = (int(config["kernel_size"]), ins[0], out) if layer == "Conv1D" else (ins[0], out)
        return out, [kernel, (out,)] if config.get("use_bias", True) else [kernel]
    if layer in ("LayerNormalization", "BatchNormalization"):
        return ins[0], [(ins[0],)] * (2 if layer == "LayerNormalization" else 4)
    if layer == "LSTM":
        units = int(config["units"])
        return units, [(ins[0], 4 * units), (units, 4 * units), (4 * units,)]
    if layer == "Concatenate":
        return sum(ins), []
    if layer == "Reshape":
        return int(config["target_shape"][-1]), []
    return ins[0], []


def initial_weights(network: Network, seed: int) -> dict[str, list[Array]]:
    """Glorot-uniform kernels, zero biases, unit scales: the same for the same seed on every machine."""
    rng = np.random.default_rng(seed)
    kinds = {node["name"]: node["layer"] for node in network.nodes}
    out: dict[str, list[Array]] = {}
    for name, shapes in weight_shapes(network).items():
        arrays = [np.zeros(s, np.float32) for s in shapes]
        if kinds[name].endswith("Normalization"):
            arrays[0][:] = 1
            if len(arrays) == 4:
                arrays[3][:] = 1
        else:
            for k, s in enumerate(shapes):
                if len(s) > 1:
                    limit = math.sqrt(6 / (math.prod(s[:-1]) + math.prod(s[:-2]) * s[-1]))
                    arrays[k] = rng.uniform(-limit, limit, s).astype(np.float32)
        out[name] = arrays
    return out
