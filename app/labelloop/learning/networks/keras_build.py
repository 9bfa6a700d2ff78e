"""Keras models from network descriptions; with train.py the only module that imports TensorFlow."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from labelloop.errors import UserError
from labelloop.learning.networks.description import Network

Array = npt.NDArray[Any]
ALLOWED = (
    "Conv1D", "Conv2D", "Dense", "LayerNormalization", "BatchNormalization", "Activation", "Dropout",
    "SpatialDropout1D", "Add", "Average", "Concatenate", "MaxPooling1D", "MaxPooling2D",
    "GlobalAveragePooling1D", "GlobalAveragePooling2D", "Flatten", "Reshape", "LSTM",
)  # fmt: skip


def start_tensorflow(threads: int = 2) -> Any:
    """TensorFlow, quiet and on the CPU with a fixed number of threads; the first call imports it."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import tensorflow as tf

    try:
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(1)
    except RuntimeError:  # already running: the numbers stay what they are
        pass
    return tf


def build(
    network: Network, weights: Mapping[str, Sequence[Array]] | None = None, batch: int | None = None
) -> Any:
    """A functional Keras model with the layers of the description, and weights when given.

    Raises:
        UserError: a layer is not on the allow-list.
    """
    start_tensorflow()
    import keras

    tensors: dict[str, Any] = {}
    source: Any = None
    for node in network.nodes:
        if node["layer"] == "InputLayer":
            source = keras.Input(shape=tuple(node["config"]["shape"]), batch_size=batch, name=node["name"])
            tensors[node["name"]] = source
            continue
        if node["layer"] not in ALLOWED:
            raise UserError(f"The model has a layer of the kind '{node['layer']}', which is not supported.")
        layer = getattr(keras.layers, node["layer"])(name=node["name"], **node["config"])
        inputs = [tensors[name] for name in node["inputs"]]
        tensors[node["name"]] = layer(inputs if len(inputs) > 1 else inputs[0])
    model = keras.Model(source, [tensors[name] for name in network.outputs], name="labelloop")
    if weights is not None:
        set_weights(model, weights)
    return model


def set_weights(model: Any, weights: Mapping[str, Sequence[Array]]) -> None:
    """Put arrays by layer name into a built model."""
    for name, arrays in weights.items():
        model.get_layer(name).set_weights([np.asarray(a) for a in arrays])


def get_weights(model: Any) -> dict[str, list[Array]]:
    """The arrays of every layer that has some, by layer name."""
    return {layer.name: [np.array(a) for a in layer.get_weights()] for layer in model.layers if layer.weights}
