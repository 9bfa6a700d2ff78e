"""Scores of whole recordings, in pieces that overlap."""

from __future__ import annotations

import numpy as np

from labelloop.learning.data.frames import choose_front_end, features, fit_front_end
from labelloop.learning.data.prepared import GLOBAL, SESSION, fit_norm
from labelloop.learning.networks.description import (
    dense_network,
    ensemble,
    initial_weights,
    member_outputs,
)
from labelloop.learning.predicting.scores import agreement_of, dense_scores, recording_scores
from tests.learning.made import movements

SMALL = dense_network(6, 2, 8, (1, 2, 4), 0.1)


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


def test_members_of_an_ensemble_agree_or_not() -> None:
    mean = np.array([[0.5, 0.5], [0.0, 1.0]])
    apart = [np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[0.0, 1.0], [0.0, 1.0]])]
    assert agreement_of(mean, apart).tolist() == [0.5, 1.0]
    both = ensemble([SMALL] * 2)
    assert member_outputs(both) == ("m0_classes", "m1_classes")
    assert member_outputs(SMALL) == ()
