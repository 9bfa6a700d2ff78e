"""Networks: our own runner agrees with Keras, chunks with one pass, descriptions with weights."""

from __future__ import annotations

import numpy as np
import pytest

from labelloop.errors import UserError
from labelloop.formats.improj.layers import Layout
from labelloop.learning.data.frames import choose_front_end, features, fit_front_end
from labelloop.learning.data.prepared import GLOBAL, SESSION, fit_norm
from labelloop.learning.networks.description import (
    Graph,
    Network,
    dense_network,
    ensemble,
    ensemble_weights,
    initial_weights,
    member_outputs,
    receptive_field,
    weight_shapes,
)
from labelloop.learning.networks.keras_build import build
from labelloop.learning.networks.numpy_run import run_network, same_padding
from labelloop.learning.networks.studio import windowed_network
from labelloop.learning.predicting.scores import dense_scores, recording_scores, agreement_of
from tests.learning.made import movements

SMALL = dense_network(6, 2, 8, (1, 2, 4), 0.1)
LARGE = Layout("large", "accuracy", "largekern", classifier="dense")


def test_chunks_give_what_one_pass_gives() -> None:
    weights = initial_weights(SMALL, 1)
    x = np.random.default_rng(0).normal(size=(301, 2, 3)).astype(np.float32)
    whole = dense_scores(SMALL, weights, x, chunk=10**6)
    for chunk in (1, 7, 64, 300):
        parts = dense_scores(SMALL, weights, x, chunk)
        assert all(np.abs(a - b).max() < 1e-5 for a, b in zip(parts, whole, strict=True))


def test_a_recording_in_chunks_gives_what_it_gives_whole() -> None:
    example = movements(5)
    front = fit_front_end(choose_front_end(50, [1.2] * 9, 3), [example.recording])
    raw = features(front, example.recording, 0, front.frames(len(example.recording.times)))
    norms = [fit_norm(GLOBAL, [raw * 2 + 1]), fit_norm(SESSION, [raw * 2 + 1])]
    network = dense_network(front.groups * 3 * 2, 2, 8, (1, 2, 4), 0.1)
    weights = initial_weights(network, 1)
    whole = dense_scores(network, weights, np.concatenate([n.apply(raw) for n in norms], axis=1))
    for chunk in (50, 333, 10**6):
        *parts, agreement = recording_scores(front, norms, network, weights, example.recording, chunk)
        assert agreement is None
        assert all(np.abs(a - b).max() < 1e-5 for a, b in zip(parts, whole, strict=True))


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


def test_an_ensemble_averages() -> None:
    members = [initial_weights(SMALL, k) for k in range(3)]
    x = np.random.default_rng(0).normal(size=(50, 6)).astype(np.float32)
    single = [run_network(SMALL.nodes, w, x, SMALL.outputs) for w in members]
    both = ensemble([SMALL] * 3)
    together = run_network(both.nodes, ensemble_weights(members), x, both.outputs)
    for k in range(2):
        assert np.abs(together[k] - np.mean([s[k] for s in single], axis=0)).max() < 1e-6


def test_members_of_an_ensemble_agree_or_not() -> None:
    mean = np.array([[0.5, 0.5], [0.0, 1.0]])
    apart = [np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[0.0, 1.0], [0.0, 1.0]])]
    assert agreement_of(mean, apart).tolist() == [0.5, 1.0]
    both = ensemble([SMALL] * 2)
    assert member_outputs(both) == ("m0_classes", "m1_classes")
    assert member_outputs(SMALL) == ()


def test_weights_are_the_same_for_the_same_seed() -> None:
    one, same, other = (initial_weights(SMALL, s) for s in (1, 1, 2))
    assert all((a == b).all() for k in one for a, b in zip(one[k], same[k], strict=True))
    assert any((a != b).any() for k in one for a, b in zip(one[k], other[k], strict=True))
    assert {k: [a.shape for a in v] for k, v in one.items()} == weight_shapes(SMALL)
    assert SMALL.parameters == sum(a.size for v in one.values() for a in v)


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
