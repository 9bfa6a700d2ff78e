"""A trained model: which recordings fit it."""

from __future__ import annotations

import numpy as np
import pytest

from labelloop.errors import UserError
from labelloop.learning.data.windows import Windowing
from labelloop.learning.networks.description import initial_weights
from labelloop.learning.networks.studio import windowed_network
from labelloop.learning.predicting.model import Model
from tests.learning.made import Made


def made_model(channels: int = 3, rate_hz: float | None = 50.0) -> Model:
    """A windowed model with weights of chance."""
    names = tuple(f"c{n}" for n in range(channels))
    network = windowed_network(16, channels, 2)
    weights = initial_weights(network, 1)
    return Model("m", "conv1d", ("up", "down"), names, rate_hz, Windowing(16, 4), (), network, weights)


def _recording(samples: int = 200, channels: int = 3, rate: float = 50.0) -> Made:
    return Made(np.arange(samples) / rate, np.zeros((samples, channels)))


def test_a_recording_like_train_fits() -> None:
    rec = _recording()
    assert made_model().fitted(rec, "s") is rec
    made_model(rate_hz=None).fitted(_recording(rate=10.0), "s")


def test_other_channels_are_named() -> None:
    with pytest.raises(UserError, match=r"s lacks c2: the model m was trained on c0, c1, c2, and it"):
        made_model().fitted(_recording(channels=2), "s")
    with pytest.raises(UserError, match=r"lacks c3, c4, c5, c6"):
        made_model(7).fitted(_recording(), "s")
    with pytest.raises(UserError, match=r"s has 2 channels, but the model m was trained on 3 \(c0, c1, c2\)"):
        made_model().fitted(_recording(channels=2), "s", by_position=True)


def test_another_rate_says_what_to_do() -> None:
    with pytest.raises(UserError, match="25 samples a second, the model m was trained on 50"):
        made_model().fitted(_recording(rate=25.0), "s")


def test_scores_reach_from_end_to_end() -> None:
    recording = _recording()
    scores, boundary, times = made_model().scores(recording)
    assert boundary is None
    assert (len(scores) + 1, scores.shape[1]) == (len(times), 3)
    assert (times[0], times[-1]) == (recording.times[0], recording.times[-1])
    np.testing.assert_allclose(scores.sum(axis=1), 1, rtol=1e-5)


def test_edges_of_events_are_times_of_the_recording() -> None:
    recording = _recording()
    scored = made_model().scores(recording)
    scored[0][:] = [1, 0, 0]
    scored[0][10:20] = [0, 1, 0]
    (event,) = made_model().events_of(scored, recording)
    assert event.name == "up"
    assert {event.start, event.end} <= set(recording.times.tolist())


def test_a_recording_of_one_sample_has_no_events() -> None:
    assert made_model().events(_recording(1)) == []
