"""Candidates: networks and tasks made from what a job computed once."""

from __future__ import annotations

import numpy as np

from labelloop.learning.networks.description import (
    dense_network,
    ensemble,
    ensemble_weights,
    initial_weights,
)
from labelloop.learning.networks.numpy_run import run_network
from labelloop.learning.training.candidates import gaps_of
from tests.learning.made import Made, movements

SMALL = dense_network(6, 2, 8, (1, 2, 4), 0.1)


def test_an_ensemble_averages() -> None:
    members = [initial_weights(SMALL, k) for k in range(3)]
    x = np.random.default_rng(0).normal(size=(50, 6)).astype(np.float32)
    single = [run_network(SMALL.nodes, w, x, SMALL.outputs) for w in members]
    both = ensemble([SMALL] * 3)
    together = run_network(both.nodes, ensemble_weights(members), x, both.outputs)
    for k in range(2):
        assert np.abs(together[k] - np.mean([s[k] for s in single], axis=0)).max() < 1e-6


def test_gaps_in_train_are_told_by_channel_and_session() -> None:
    whole, gappy = movements(1), movements(2)
    assert gaps_of([whole, gappy]) == ""
    recording = gappy.recording
    assert isinstance(recording, Made)
    recording.x[: len(recording.x) // 4, 1] = np.nan
    assert gaps_of([whole, gappy]) == (
        "25 % of channel c1 in made_2 are no numbers: gaps are filled between their neighbours."
    )


def test_a_channel_without_any_number_is_a_hundred_per_cent() -> None:
    examples = [movements(1), movements(2)]
    for example in examples:
        assert isinstance(example.recording, Made)
        example.recording.x[:, 1] = np.nan
    assert gaps_of(examples).startswith(
        "100 % of channel c1 in made_1 are no numbers, and 1 more session has"
    )
