"""Post-processing is chosen on recordings whose events are known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import strategies as st

from labelloop.labeling.matching import Event
from labelloop.labeling.postprocess import PostSettings, to_events
from labelloop.labeling.tuning import Scored, default_settings, goal, tune

Array = npt.NDArray[Any]


PLAIN = PostSettings(switch=0.0)


def scores_of(pattern: str, confidence: float = 0.9) -> Array:
    """One frame a letter: '.' background, 'a' and 'b' classes."""
    out = np.full((len(pattern), 3), (1 - confidence) / 2)
    for k, letter in enumerate(pattern):
        out[k, ".ab".index(letter)] = confidence
    return out


settings = st.builds(
    PostSettings,
    threshold=st.floats(0.05, 0.95),
    min_length_s=st.floats(0, 3),
    max_length_s=st.none() | st.floats(0, 9),
    gap_s=st.floats(0, 3),
    switch=st.floats(0, 9),
    cut=st.none() | st.floats(0, 1),
    snap_s=st.floats(0, 3),
)


def test_tuning_learns_to_split_where_events_touch() -> None:
    truth = [Event(i * 10.0, i * 10.0 + 10, "a") for i in range(8)]
    scores = scores_of("a" * 80)[:, :2]
    boundary = np.zeros((80, 2))
    for k in range(1, 8):
        boundary[k * 10 - 1 : k * 10 + 1] = 0.8
    item = Scored(scores, boundary, np.arange(81.0), truth)
    chosen = tune([item], ["a"], {"a": [10.0] * 8})
    assert goal([item], ["a"], chosen) == 1.0


def test_tuning_never_does_worse_than_the_defaults() -> None:
    rng = np.random.default_rng(0)
    truth = [Event(5, 9, "a"), Event(20, 26, "b"), Event(40, 44, "a")]
    scores = rng.dirichlet([1, 1, 1], 60)
    lengths = {"a": [4.0, 4.0], "b": [6.0]}
    item = Scored(scores, None, np.arange(61.0), truth)
    assert goal([item], ["a", "b"], tune([item], ["a", "b"], lengths, touching=False)) >= goal(
        [item], ["a", "b"], default_settings(lengths)
    )


def test_what_is_found_in_ignored_stretches_counts_nowhere() -> None:
    item = Scored(scores_of("aa....aa"), None, np.arange(9.0), [Event(0, 2, "a")], ((5.0, 8.0),))
    assert goal([item], ["a", "b"], PLAIN) == 1.0


def test_outliers_are_dropped() -> None:
    rng = np.random.default_rng(0)
    truth, scores = [], np.full((4000, 2), (0.95, 0.05))
    for k in range(20):
        start = 150 * k + 40
        scores[start : start + 12 + k % 3] = (0.1, 0.9)
        truth.append(Event(float(start), float(start + 12 + k % 3), "a"))
    item = Scored(scores + rng.uniform(0, 1e-3, scores.shape), None, np.arange(4001.0), truth)
    settings = tune([item], ["a"], {"a": [e.end - e.start for e in truth]}, touching=False)
    assert 0.4 < settings.least_score <= 0.45
    assert settings.of("a", "max_length_s") == 28.0
    other = np.full((300, 2), (0.95, 0.05))
    other[20:33] = (0.1, 0.9)
    other[60:100] = (0.1, 0.9)
    other[150:163] = (0.6, 0.4)
    other[152] = (0.0, 1.0)
    low = replace(settings, threshold=0.3)
    assert [round(e.start) for e in to_events(other, np.arange(301.0), ["a"], low)] == [20]
    lower = low.merged({"threshold": 0.2})
    assert lower.least_score == pytest.approx(low.least_score * 2 / 3)


def test_no_limit_drops_an_event_of_validation_that_is_found() -> None:
    """The known lengths say that events last a second; one of Validation lasts forty times as long."""
    rng = np.random.default_rng(0)
    truth = [Event(5.0 * k, 5.0 * k + 1.0, "up") for k in range(1, 9)] + [Event(50.0, 90.0, "up")]
    times = np.arange(0, 100.01, 0.1)
    on = np.zeros(len(times) - 1)
    for event in truth:
        on[round(event.start * 10) : round(event.end * 10)] = 1
    up = np.clip(on * 0.9 + 0.05 + rng.normal(0, 0.01, len(on)), 0.001, 0.999)
    item = Scored(np.stack([1 - up, up], axis=1), None, times, truth)
    settings = tune([item], ["up"], {"up": [1.0 + 0.01 * k for k in range(20)]}, touching=False)
    found = to_events(item.scores, times, ["up"], settings)
    assert any(e.end - e.start > 35 for e in found)
    assert len(found) == len(truth)
