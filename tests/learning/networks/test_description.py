"""Networks: our own runner agrees with Keras, chunks with one pass, descriptions with weights."""

from __future__ import annotations

import numpy as np

from labelloop.learning.networks.description import (
    dense_network,
    initial_weights,
    receptive_field,
    weight_shapes,
)
from labelloop.learning.networks.numpy_run import run_network

SMALL = dense_network(6, 2, 8, (1, 2, 4), 0.1)


def test_an_output_depends_on_its_receptive_field_only() -> None:
    weights = initial_weights(SMALL, 1)
    reach = receptive_field(SMALL)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 6)).astype(np.float32)
    y = x.copy()
    y[100 + reach + 1 :] = 9
    y[: 100 - reach] = -9
    a, b = (run_network(SMALL.nodes, weights, v, SMALL.outputs)[0][100] for v in (x, y))
    assert np.abs(a - b).max() < 1e-6


def test_weights_are_the_same_for_the_same_seed() -> None:
    one, same, other = (initial_weights(SMALL, s) for s in (1, 1, 2))
    assert all((a == b).all() for k in one for a, b in zip(one[k], same[k], strict=True))
    assert any((a != b).any() for k in one for a, b in zip(one[k], other[k], strict=True))
    assert {k: [a.shape for a in v] for k, v in one.items()} == weight_shapes(SMALL)
    assert SMALL.parameters == sum(a.size for v in one.values() for a in v)
