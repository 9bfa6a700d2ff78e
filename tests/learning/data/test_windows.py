"""Windows of samples and the class of each, by Studio's rule."""

from __future__ import annotations

import json

import numpy as np
import pytest

from labelloop.labeling.matching import Event
from labelloop.learning.data.windows import Windowing, window_targets, windows
from tests.learning.made import Made


def _ramp(samples: int) -> Made:
    x = np.arange(samples, dtype=np.float32)
    return Made(np.arange(samples) / 10, np.stack([x, -x], axis=1))


@pytest.mark.parametrize(("samples", "count"), [(9, 0), (10, 1), (14, 1), (15, 2), (100, 19)])
def test_only_whole_windows_count(samples: int, count: int) -> None:
    assert Windowing(10, 5).count(samples) == count


def test_windows_begin_every_stride() -> None:
    found = windows(Windowing(10, 5), _ramp(100), 2, 5)
    assert found.shape == (3, 10, 2)
    np.testing.assert_array_equal(found[:, 0, 0], [10, 15, 20])
    np.testing.assert_array_equal(found[1, :, 1], -np.arange(15, 25))


def test_behind_the_end_there_are_zeros() -> None:
    found = windows(Windowing(10, 5), _ramp(7), 0, 1)
    np.testing.assert_array_equal(found[0, 7:], 0)
    assert found[0, 6, 0] == 6


def test_channels_are_scaled() -> None:
    found = windows(Windowing(2, 1, (1.0, 0.0), (2.0, 1.0)), _ramp(5), 0, 1)
    np.testing.assert_allclose(found[0], np.array([[-0.5, 0], [0, -1]]))


def test_it_is_kept_and_read_back() -> None:
    w = Windowing(10, 5, (1.0,), (2.0,))
    assert Windowing.from_json(json.loads(json.dumps(w.to_json()))) == w


def test_a_window_has_the_class_of_the_event_it_lies_in() -> None:
    w, times = Windowing(11, 10), np.arange(100) / 10
    found = window_targets(w, times, [Event(2.0, 5.0, "up")], ["down", "up"], 10.0)
    assert found.tolist() == [0, 0, 2, 2, 2, 0, 0, 0, 0]


def test_a_short_event_gets_the_window_in_its_middle() -> None:
    w, times = Windowing(11, 10), np.arange(100) / 10
    found = window_targets(w, times, [Event(3.0, 3.2, "up")], ["up"], 10.0)
    assert int(found.sum()) == 1


def test_other_classes_are_background() -> None:
    found = window_targets(Windowing(11, 10), np.arange(100) / 10, [Event(2, 8, "x")], ["up"], 10.0)
    assert not found.any()
