"""Batches for training: crops about events and anywhere, with made-up variation."""

from __future__ import annotations

import numpy as np
import pytest

from labelloop.learning.data.frames import Targets
from labelloop.learning.data.prepared import Prepared
from labelloop.learning.data.sampling import Augment, Sampler

STILL = Augment(0, 0, 0, 0, 0)


def _session(frames: int = 100, first: int = 40, last: int = 50, cls: int = 1) -> Prepared:
    """Frames numbered from 1 in one group and channel; one event of a class of two."""
    x = np.arange(1, frames + 1, dtype=np.float32).reshape(frames, 1, 1)
    classes = np.zeros((frames, 3), np.float32)
    classes[:, 0] = 1
    classes[first:last] = np.eye(3, dtype=np.float32)[cls]
    weight = np.ones(frames, np.float32)
    targets = Targets(classes, np.zeros((frames, 2), np.float32), weight)
    return Prepared("s", x, targets, np.arange(frames + 1) / 10, ())


def test_crops_are_whole_stretches_of_a_session() -> None:
    x, y, b, w = Sampler([_session()], 16, 8, STILL, 4, seed=1).draw()
    assert (x.shape, y.shape, b.shape, w.shape) == ((8, 16, 1), (8, 16, 3), (8, 16, 2), (8, 16))
    for crop in x[..., 0]:
        inside = crop[crop > 0]
        np.testing.assert_array_equal(np.diff(inside), 1)


def test_targets_belong_to_their_frames() -> None:
    x, y, _, w = Sampler([_session()], 16, 32, STILL, 4, seed=1).draw()
    number = x[..., 0].round().astype(int)
    event = (number > 40) & (number <= 50)
    np.testing.assert_array_equal(y[..., 1] == 1, event)
    np.testing.assert_array_equal(w == 1, number > 0)


def test_half_of_the_crops_lie_about_an_event() -> None:
    _, y, _, _ = Sampler([_session(5000)], 16, 400, STILL, 0, seed=2).draw()
    share = float((y[..., 1].max(axis=1) > 0).mean())
    assert 0.42 < share < 0.6


def test_a_rare_class_is_drawn_more_often_than_it_occurs() -> None:
    sessions = [_session(), *[_session(cls=2) for _ in range(9)]]
    _, y, _, _ = Sampler(sessions, 16, 600, STILL, 0, seed=3).draw()
    rare, common = (float((y[..., k].max(axis=1) > 0).sum()) for k in (1, 2))
    assert rare / common > 1 / 6


def test_a_session_shorter_than_a_crop_is_filled_up() -> None:
    x, _, _, w = Sampler([_session(10, 2, 5)], 64, 4, STILL, 4, seed=1).draw()
    assert x.shape == (4, 64, 1)
    assert (w.sum(axis=1) == 10).all()


def test_variation_leaves_what_lies_outside_at_zero() -> None:
    x, _, _, w = Sampler([_session(10, 2, 5)], 64, 16, Augment(), 4, seed=1).draw()
    assert (x[w == 0] == 0).all()
    assert np.isfinite(x).all()


@pytest.mark.parametrize("seed", [1, 2])
def test_batches_are_the_same_for_the_same_seed(seed: int) -> None:
    one, other = (Sampler([_session()], 16, 8, Augment(), 4, seed).draw()[0] for _ in range(2))
    np.testing.assert_array_equal(one, other)
    assert (Sampler([_session()], 16, 8, Augment(), 4, seed + 1).draw()[0] != one).any()
