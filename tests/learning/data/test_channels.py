"""Sessions come to the network with one order of channels, whatever order they were recorded in."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from labelloop.errors import UserError
from labelloop.learning.data.channels import Picked, aligned, with_channels
from labelloop.learning.data.prepared import Example
from tests.learning.made import Made, movements


def renamed(example: Example, names: list[str], order: list[int]) -> Example:
    x = example.recording.read(0, len(example.recording.times))
    return replace(example, recording=Made(example.recording.times, np.asarray(x)[:, order], names))


def test_the_same_names_in_another_order_are_the_same_samples() -> None:
    example = movements(1)
    turned = renamed(example, ["c2", "c0", "c1"], [2, 0, 1])
    back = with_channels(turned.recording, ["c0", "c1", "c2"], "s", "it has", False)
    assert isinstance(back, Picked)
    assert np.array_equal(back.read(3, 9), example.recording.read(3, 9))
    assert list(back.names) == ["c0", "c1", "c2"]
    assert back.rate_hz == example.recording.rate_hz


def test_sessions_are_brought_to_one_order_and_told() -> None:
    one, two = movements(1), renamed(movements(2), ["c2", "c0", "c1"], [2, 0, 1])
    told: list[str] = []
    alike = aligned([one, two], False, told.append)
    assert [list(alike[id(x)].recording.names) for x in (one, two)] == [["c0", "c1", "c2"]] * 2
    assert told == ["The channels of made_2 stand in another order; they are matched by their names."]


def test_channels_that_not_all_have_are_left_out_and_told() -> None:
    wide, narrow = movements(1, channels=4), movements(2)
    told: list[str] = []
    alike = aligned([wide, narrow], False, told.append)
    assert list(alike[id(wide)].recording.names) == ["c0", "c1", "c2"]
    assert told == ["Channels that not every session has are left out: c3 of made_1."]


def test_other_names_are_refused_unless_taken_by_position() -> None:
    one, two = movements(1), renamed(movements(2), ["a", "b", "c"], [0, 1, 2])
    with pytest.raises(UserError, match="by-position"):
        aligned([one, two], False, lambda text: None)
    assert aligned([one, two], True, lambda text: None)[id(two)].recording is two.recording
