"""Changes are looked at where they tell more than values, and only there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from labelloop.contract.front_end import CHANGES, FrontEnd
from labelloop.labeling.matching import Event
from labelloop.learning.data.frames import choose_front_end, features, fit_front_end
from labelloop.learning.data.prepared import Example
from labelloop.learning.training.changes import with_changes
from tests.learning.made import Made, movements


def jumps(seed: int) -> Example:
    """A slow walk with short stretches that shake: the value says nothing, the change all."""
    rng = np.random.default_rng(seed)
    x = np.cumsum(rng.normal(0, 0.02, (6000, 2)), axis=0) * 10
    events = []
    for start in range(200, 5800, 300):
        x[start : start + 60] += rng.normal(0, 0.5, (60, 2))
        events.append(Event(start / 100, (start + 60) / 100, "shake"))
    return Example(f"s{seed}", Made(np.arange(6000) / 100, x), tuple(events))


def front_of(examples: list[Example], lengths: list[float]) -> FrontEnd:
    rec = examples[0].recording
    chosen = choose_front_end(rec.rate_hz, lengths, len(rec.names))
    return fit_front_end(chosen, [x.recording for x in examples])


def test_changes_that_tell_more_are_taken() -> None:
    train = [jumps(1), jumps(2)]
    front = front_of(train, [0.1] * 20)
    wide = with_changes(front, train, [jumps(3)], ("shake",))
    assert wide.groups == front.groups + CHANGES
    assert len(wide.changes) == CHANGES * 2
    assert FrontEnd.from_json(wide.to_json()) == wide
    assert replace(wide, changes=()) == front


def test_values_that_tell_enough_are_left_alone() -> None:
    train = [movements(1), movements(2)]
    front = front_of(train, [1.2] * 20)
    assert with_changes(front, train, [movements(3)], ("down", "up")) == front


def test_without_validation_nothing_is_decided() -> None:
    train = [jumps(1)]
    front = front_of(train, [0.1] * 20)
    assert with_changes(front, train, [], ("shake",)) == front
    assert with_changes(front, train, [replace(jumps(2), events=())], ("shake",)) == front


def test_any_cut_gives_the_same_changes() -> None:
    train = [jumps(1)]
    front = with_changes(front_of(train, [0.1] * 20), train, [jumps(3)], ("shake",))
    assert front.changes
    whole = features(front, train[0].recording, 0, front.frames(6000))
    part = features(front, train[0].recording, 50, 90)
    np.testing.assert_allclose(part, whole[50:90], atol=1e-5)
