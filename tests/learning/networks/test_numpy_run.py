"""Networks run by numpy as Keras runs them."""

from __future__ import annotations

import numpy as np
import pytest

from labelloop.errors import UserError
from labelloop.formats.improj.layers import Layout
from labelloop.learning.networks.description import (
    Graph,
    Network,
    dense_network,
    ensemble,
)
from labelloop.learning.networks.keras_build import build
from labelloop.learning.networks.numpy_run import run_network, same_padding
from labelloop.learning.networks.studio import windowed_network

SMALL = dense_network(6, 2, 8, (1, 2, 4), 0.1)


def test_padding_follows_tensorflow() -> None:
    assert same_padding(10, 3, 1) == (1, 1)
    assert same_padding(10, 3, 2) == (0, 1)
    assert same_padding(9, 3, 2) == (1, 1)


def test_a_layer_that_is_not_allowed_is_refused() -> None:
    g = Graph()
    x = g.add("InputLayer", name="frames", shape=[None, 2])
    y = g.add("Lambda", [x], function="import os")
    bad = Network(tuple(g.nodes), (y,))
    with pytest.raises(UserError, match="Lambda"):
        run_network(bad.nodes, {}, np.zeros((3, 2)), bad.outputs)
    with pytest.raises(UserError, match="Lambda"):
        build(bad)


def _with_lstm() -> Network:
    g = Graph()
    x = g.add("InputLayer", name="frames", shape=[12, 3])
    x = g.add("Conv1D", [x], filters=4, kernel_size=5, strides=2, padding="valid", activation="relu")
    x = g.add("LSTM", [x], units=5)
    x = g.add("Dense", [x], units=2, activation="tanh")
    return Network(tuple(g.nodes), (x,))


def _with_conv2d() -> Network:
    g = Graph()
    x = g.add("InputLayer", name="frames", shape=[9, 8])
    x = g.add("Reshape", [x], target_shape=[9, 8, 1])
    x = g.add(
        "Conv2D", [x], filters=3, kernel_size=[3, 3], strides=[2, 1], padding="same", activation="sigmoid"
    )
    x = g.add("MaxPooling2D", [x], pool_size=[2, 2])
    x = g.add("GlobalAveragePooling2D", [x])
    return Network(tuple(g.nodes), (x,))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("network", "shape"),
    [
        (SMALL, (1, 40, 6)),
        (ensemble([SMALL, SMALL]), (1, 40, 6)),
        (windowed_network(37, 3, 2, 3), (5, 37, 3)),
        (
            windowed_network(37, 3, 2, 0, Layout("large", "accuracy", "largekern", classifier="dense")),
            (5, 37, 3),
        ),
        (windowed_network(64, 3, 2, 1, Layout("small", "speed", lstm=True)), (5, 64, 3)),
        (_with_lstm(), (4, 12, 3)),
        (_with_conv2d(), (4, 9, 8)),
    ],
)
def test_our_runner_agrees_with_keras(network: Network, shape: tuple[int, ...]) -> None:
    model = build(network)
    rng = np.random.default_rng(0)
    for layer in model.layers:
        layer.set_weights([np.abs(rng.normal(0.1, 0.5, w.shape)) for w in layer.get_weights()])
    weights = {layer.name: layer.get_weights() for layer in model.layers if layer.weights}
    x = rng.normal(size=shape).astype(np.float32)
    theirs = model(x, training=False)
    theirs = theirs if isinstance(theirs, (list, tuple)) else [theirs]
    ours = run_network(network.nodes, weights, x, network.outputs)
    for a, b in zip(ours, theirs, strict=True):
        assert np.abs(a - np.asarray(b)).max() < 2e-4
