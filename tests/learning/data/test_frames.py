"""Frames, features and targets: times are looked up, chunks make no difference."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelloop.labeling.matching import Event
from labelloop.learning.data import frames
from labelloop.learning.data.frames import (
    FrontEnd,
    choose_front_end,
    features,
    filled,
    fit_front_end,
    frame_times,
    make_targets,
    snapped_to_samples,
)
from labelloop.learning.data.prepared import GLOBAL, SESSION, Warped, fit_norm, prepare
from tests.learning.made import Made, movements


@pytest.mark.parametrize(
    ("rate", "length", "channels"),
    [
        (1, 14, 1),
        (3, 300, 4),
        (32, 4.4, 15),
        (100, 1.3, 6),
        (250, 0.09, 10),
        (200, 5, 64),
        (16000, 0.02, 1),
        (16000, 20, 2),
    ],
)
def test_a_front_end_fits_the_events(rate: float, length: float, channels: int) -> None:
    front = choose_front_end(rate, [length] * 20, channels)
    assert front.stride % front.sub == 0
    assert front.stride % front.hop == 0
    assert front.stride == 1 or 12 <= length * rate / front.stride <= 40
    assert list(front.bands) == sorted(set(front.bands))
    n = front.stride * 9 + 1
    rec = Made(np.arange(n) / rate, np.random.default_rng(0).normal(size=(n, channels)))
    front = fit_front_end(front, [rec])
    x = features(front, rec, 0, front.frames(n))
    assert x.shape == (10, front.groups, channels)
    assert np.isfinite(x).all()
    assert FrontEnd.from_json(json.loads(json.dumps(front.to_json()))) == front


def test_chunks_give_what_one_pass_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    rec = movements(1).recording
    front = fit_front_end(choose_front_end(50, [3.0] * 9, 3), [rec])
    assert front.fft > 0
    count = front.frames(len(rec.times))
    whole = features(front, rec, 0, count)
    monkeypatch.setattr(frames, "CHUNK_VALUES", 1500)
    assert np.abs(features(front, rec, 0, count) - whole).max() < 1e-5
    assert np.abs(features(front, rec, 7, 31) - whole[7:31]).max() < 1e-5


@given(st.integers(1, 9), st.integers(2, 60), st.integers(0, 2**32))
def test_targets_follow_the_clock_of_the_recording(stride: int, n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    times = np.cumsum(rng.uniform(0.1, 2.0, n)) - 5
    a, b = sorted(rng.choice(n, 2, replace=False))
    event = Event(float(times[a]), float(times[b]), "x")
    front = FrontEnd(stride, 1, 0, stride, ())
    targets = make_targets(front, times, [event, event._replace(name="other")], ["x"])
    samples = np.zeros(front.frames(n) * stride)
    samples[a:b] = 1
    sizes = np.minimum(stride, n - np.arange(front.frames(n)) * stride)
    assert targets.classes[:, 1] == pytest.approx(samples.reshape(-1, stride).sum(axis=1) / sizes, abs=1e-6)
    assert targets.classes.sum(axis=1) == pytest.approx(1)
    assert targets.boundary.max() <= 1
    edges = frame_times(front, times)
    assert len(edges) == len(targets.weight) + 1
    assert set(edges) <= set(times)


def test_a_boundary_is_marked_at_its_frame() -> None:
    front = FrontEnd(2, 2, 0, 2, ())
    targets = make_targets(front, np.arange(100.0), [Event(40, 60, "a")], ["a"])
    assert targets.boundary[:, 0].argmax() in (19, 20)
    assert targets.boundary[:, 1].argmax() in (29, 30)
    assert targets.boundary[5, 0] == 0


def test_of_overlapping_events_the_shorter_counts() -> None:
    front = FrontEnd(1, 1, 0, 1, ())
    events = [Event(2, 4, "b"), Event(0, 9, "a")]
    targets = make_targets(front, np.arange(10.0), events, ["a", "b"])
    assert targets.classes.argmax(axis=1).tolist() == [1, 1, 2, 2, 1, 1, 1, 1, 1, 0]


def test_ignored_stretches_weigh_nothing() -> None:
    front = FrontEnd(2, 2, 0, 2, ())
    targets = make_targets(front, np.arange(20.0), [], ["a"], [(9.0, 100.0)])
    assert targets.weight.tolist() == [1, 1, 1, 1, 0, 0, 0, 0, 0, 0]


def test_events_are_moved_to_times_of_the_recording() -> None:
    times = np.array([0.0, 1.1, 2.3, 3.0])
    assert snapped_to_samples([Event(0.4, 2.2, "a", 0.5), Event(2.9, 3.0, "a")], times) == [
        Event(0.0, 2.3, "a", 0.5)
    ]
    assert snapped_to_samples([], times) == []


def test_missing_values_are_filled() -> None:
    x = np.array([[1.0, np.nan], [np.nan, np.nan], [3.0, np.inf]], dtype=np.float32)
    assert filled(x).tolist() == [[1, 0], [2, 0], [3, 0]]
    assert np.isnan(x[0, 1])


def test_a_warped_recording_keeps_the_clock() -> None:
    example = movements(3)
    rec = Warped(example.recording, 1.25)
    assert rec.times[0] == example.recording.times[0]
    assert rec.times[-1] == example.recording.times[-1]
    whole = rec.read(0, len(rec.times))
    assert np.abs(whole[100:200] - rec.read(100, 200)).max() < 1e-6
    assert whole[:, 0] == pytest.approx(
        np.interp(rec.times, example.recording.times, example.recording.read(0, 10**9)[:, 0]), abs=0.05
    )


def test_normalisation_by_train_and_by_session() -> None:
    example = movements(4)
    front = fit_front_end(choose_front_end(50, [1.2] * 9, 3), [example.recording])
    raw = features(front, example.recording, 0, front.frames(len(example.recording.times)))
    for mode in (GLOBAL, SESSION):
        ready = prepare(front, fit_norm(mode, [raw]), example, ["up", "down"])
        assert abs(ready.x.mean()) < 0.05
        assert 0.8 < ready.x.std() < 1.1
    moved = fit_norm(SESSION, [raw]).apply(raw * 3 + 5)
    assert np.abs(moved - fit_norm(SESSION, [raw]).apply(raw)).max() < 1e-3


@pytest.mark.parametrize("size", [16, 64, 512])
def test_power_is_that_of_the_transform(size: int) -> None:
    views = np.random.default_rng(0).normal(2, 1, (20, 3, size)).astype(np.float32)
    window = np.hanning(size + 1)[:-1]
    spectrum = np.fft.rfft((views - views.mean(axis=2, keepdims=True)) * window, axis=2)
    assert np.abs(frames._power(views) - np.abs(spectrum) ** 2 / size).max() < 1e-4
