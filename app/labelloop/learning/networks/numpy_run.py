"""Running a network from its description and weights with numpy alone: no TensorFlow, no start-up time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from labelloop.errors import UserError

Array = npt.NDArray[Any]
Node = Mapping[str, Any]
Weights = Mapping[str, Sequence[Array]]


def run_network(nodes: Sequence[Node], weights: Weights, x: Array, outputs: Sequence[str]) -> list[Array]:
    """The outputs of a network for one sequence, (frames, features), or a batch of windows.

    Arrays have the axes (..., time, features); pooling over all time drops the time axis.
    """
    left = _uses(nodes, outputs)
    values: dict[str, Array] = {}
    for node in nodes:
        layer = node["layer"]
        inputs = [values[name] for name in node["inputs"]]
        if layer == "InputLayer":
            values[node["name"]] = np.asarray(x, dtype=np.float32)
        elif layer in LAYERS:
            values[node["name"]] = LAYERS[layer](inputs, node["config"], weights.get(node["name"], ()))
        else:
            raise UserError(f"The model has a layer of the kind '{layer}', which is not supported.")
        for name in node["inputs"]:
            left[name] -= 1
            if not left[name]:
                del values[name]
    return [values[name] for name in outputs]


def _uses(nodes: Sequence[Node], outputs: Sequence[str]) -> dict[str, int]:
    """How often each value is needed."""
    count: dict[str, int] = {}
    for name in [name for node in nodes for name in node["inputs"]] + list(outputs):
        count[name] = count.get(name, 0) + 1
    return count


def activate(x: Array, kind: str | None) -> Array:
    """An activation by Keras' name."""
    if kind in (None, "linear"):
        return x
    if kind == "relu":
        return np.maximum(x, 0)
    if kind == "sigmoid":
        return np.asarray(1 / (1 + np.exp(-np.clip(x, -60, 60))), dtype=x.dtype)
    if kind == "tanh":
        return np.tanh(x)
    if kind == "softmax":
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        return np.asarray(e / e.sum(axis=-1, keepdims=True))
    raise UserError(f"The model uses the activation '{kind}', which is not supported.")


def same_padding(n: int, kernel: int, stride: int) -> tuple[int, int]:
    """Zeros before and after an axis of length n for padding 'same' (TensorFlow's rule)."""
    total = max((-(-n // stride) - 1) * stride + kernel - n, 0)
    return total // 2, total - total // 2


def _conv1d(inputs: list[Array], config: Mapping[str, Any], weights: Sequence[Array]) -> Array:
    x, kernel = inputs[0], weights[0]
    size, stride, rate = kernel.shape[0], int(config.get("strides", 1)), int(config.get("dilation_rate", 1))
    reach = (size - 1) * rate + 1
    pad = same_padding(x.shape[-2], reach, stride) if config["padding"] == "same" else (0, 0)
    length = (x.shape[-2] + sum(pad) - reach) // stride + 1
    out = np.zeros((*x.shape[:-2], length, kernel.shape[2]), dtype=np.float32)
    for j in range(size):
        _add_tap(out, x, kernel[j], j * rate - pad[0], stride)
    if config.get("use_bias", True):
        out += weights[1]
    return activate(out, config.get("activation"))


def _add_tap(out: Array, x: Array, matrix: Array, shift: int, stride: int) -> None:
    """Add x[t * stride + shift] @ matrix to out[t] wherever that sample exists."""
    n = x.shape[-2]
    first = max(0, -(shift // stride))
    last = min(out.shape[-2], (n - 1 - shift) // stride + 1)
    if last > first:
        a = first * stride + shift
        out[..., first:last, :] += x[..., a : a + (last - first - 1) * stride + 1 : stride, :] @ matrix


def _conv2d(inputs: list[Array], config: Mapping[str, Any], weights: Sequence[Array]) -> Array:
    x, kernel = inputs[0], weights[0]
    strides = config.get("strides", (1, 1))
    for axis in (0, 1):
        if config["padding"] == "same":
            pad = [(0, 0)] * x.ndim
            pad[x.ndim - 3 + axis] = same_padding(
                x.shape[x.ndim - 3 + axis], kernel.shape[axis], int(strides[axis])
            )
            x = np.pad(x, pad)
    views = np.lib.stride_tricks.sliding_window_view(x, kernel.shape[:2], axis=(-3, -2))
    views = views[..., :: int(strides[0]), :: int(strides[1]), :, :, :]
    out = np.einsum("...cij,ijco->...o", views, kernel, optimize=True)
    if config.get("use_bias", True):
        out = out + weights[1]
    return activate(np.asarray(out, dtype=np.float32), config.get("activation"))


def _dense(inputs: list[Array], config: Mapping[str, Any], weights: Sequence[Array]) -> Array:
    out = inputs[0] @ weights[0]
    if config.get("use_bias", True):
        out = out + weights[1]
    return activate(out, config.get("activation"))


def _layer_norm(inputs: list[Array], config: Mapping[str, Any], weights: Sequence[Array]) -> Array:
    x = inputs[0]
    width = x.shape[-1]
    out = x - x @ np.full((width, 1), 1 / width, dtype=np.float32)
    spread = np.einsum("...i,...i->...", out, out)[..., None] / np.float32(width)
    out /= np.sqrt(spread + np.float32(config["epsilon"]))
    out *= weights[0]
    out += weights[1]
    return np.asarray(out)


def _batch_norm(inputs: list[Array], config: Mapping[str, Any], weights: Sequence[Array]) -> Array:
    gamma, beta, mean, variance = weights
    scale = gamma / np.sqrt(variance + np.float32(config["epsilon"]))
    return inputs[0] * scale + (beta - mean * scale)


def _max_pool(inputs: list[Array], config: Mapping[str, Any], weights: Sequence[Array]) -> Array:
    x = inputs[0]
    size = config["pool_size"]
    axes = (-2,) if isinstance(size, int) or len(size) == 1 else (-3, -2)
    sizes = [int(s) for s in ([size] if isinstance(size, int) else size)]
    for axis, width in zip(axes, sizes, strict=True):
        n = x.shape[axis]
        whole = n // width if config.get("padding", "valid") == "valid" else -(-n // width)
        if whole * width > n:
            pad = [(0, 0)] * x.ndim
            pad[x.ndim + axis] = same_padding(n, width, width)
            x = np.pad(x, pad, constant_values=-np.inf)
        x = np.take(x, np.arange(whole * width), axis=axis)
        at = x.ndim + axis
        x = x.reshape(*x.shape[:at], whole, width, *x.shape[at + 1 :]).max(axis=at + 1)
    return x


def _lstm(inputs: list[Array], config: Mapping[str, Any], weights: Sequence[Array]) -> Array:
    """A plain LSTM (tanh, sigmoid) over time; gates in Keras' order i, f, c, o."""
    x = inputs[0]
    kernel, recurrent, bias = weights
    units = recurrent.shape[0]
    h = np.zeros((*x.shape[:-2], units), dtype=np.float32)
    c = np.zeros_like(h)
    states = []
    for t in range(x.shape[-2]):
        i, f, g, o = np.split(x[..., t, :] @ kernel + h @ recurrent + bias, 4, axis=-1)
        c = activate(f, "sigmoid") * c + activate(i, "sigmoid") * np.tanh(g)
        h = activate(o, "sigmoid") * np.tanh(c)
        states.append(h)
    return np.stack(states, axis=-2) if config.get("return_sequences") else np.asarray(h)


def _reshape(inputs: list[Array], config: Mapping[str, Any], weights: Sequence[Array]) -> Array:
    shape = tuple(int(v) for v in config["target_shape"])
    return inputs[0].reshape(inputs[0].shape[0], *shape)


def _global_average(x: list[Array], config: Mapping[str, Any], weights: Sequence[Array]) -> Array:
    return np.asarray(x[0].mean(axis=-2))


def _global_average_2d(x: list[Array], config: Mapping[str, Any], weights: Sequence[Array]) -> Array:
    return np.asarray(x[0].mean(axis=(-3, -2)))


Layer = Callable[[list[Array], Mapping[str, Any], Sequence[Array]], Array]
LAYERS: dict[str, Layer] = {
    "Conv1D": _conv1d,
    "Conv2D": _conv2d,
    "Dense": _dense,
    "LayerNormalization": _layer_norm,
    "BatchNormalization": _batch_norm,
    "Activation": lambda x, c, w: activate(x[0], c["activation"]),
    "Dropout": lambda x, c, w: x[0],
    "SpatialDropout1D": lambda x, c, w: x[0],
    "Add": lambda x, c, w: np.asarray(sum(x[1:], x[0])),
    "Average": lambda x, c, w: np.asarray(sum(x[1:], x[0]) / np.float32(len(x))),
    "Concatenate": lambda x, c, w: np.concatenate(x, axis=-1),
    "MaxPooling1D": _max_pool,
    "MaxPooling2D": _max_pool,
    "GlobalAveragePooling1D": _global_average,
    "GlobalAveragePooling2D": _global_average_2d,
    "Flatten": lambda x, c, w: x[0].reshape(x[0].shape[0], -1),
    "Reshape": _reshape,
    "LSTM": _lstm,
}
