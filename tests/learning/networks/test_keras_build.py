"""Keras models from descriptions: allowed layers only, weights by name."""

from __future__ import annotations

import numpy as np
import pytest

from labelloop.errors import UserError
from labelloop.learning.networks.description import Graph, Network, initial_weights
from labelloop.learning.networks.keras_build import build, get_weights, set_weights


def _network(layer: str = "Dense", **config: object) -> Network:
    g = Graph()
    x = g.add("InputLayer", name="frames", shape=[8, 2])
    x = g.add(layer, [x], name="last", **config)
    return Network(tuple(g.nodes), (x,))


@pytest.mark.parametrize("layer", ["Lambda", "RandomContrast", "TFSMLayer"])
def test_what_is_not_on_the_list_is_refused(layer: str) -> None:
    with pytest.raises(UserError, match=f"a layer of the kind '{layer}', which is not supported"):
        build(_network(layer))


def test_weights_go_in_and_come_out_by_name() -> None:
    network = _network(units=3)
    weights = initial_weights(network, 1)
    found = get_weights(build(network, weights))
    assert found.keys() == weights.keys() == {"last"}
    for a, b in zip(found["last"], weights["last"], strict=True):
        np.testing.assert_array_equal(a, b)


def test_weights_can_be_put_in_later() -> None:
    network = _network(units=3)
    model = build(network)
    set_weights(model, initial_weights(network, 2))
    np.testing.assert_array_equal(get_weights(model)["last"][0], initial_weights(network, 2)["last"][0])


def test_a_batch_of_known_size() -> None:
    assert build(_network(units=3), batch=4).input_shape == (4, 8, 2)
