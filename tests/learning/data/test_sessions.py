"""The sessions of a training request: read, checked, put into sets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labelloop.errors import UserError
from labelloop.learning.data.prepared import Example
from labelloop.learning.data.sessions import Sets, hold_out, read_sets
from labelloop.learning.training.job import Job
from tests.learning.jobs import MOVES, Notes, Shelf, job_of, request, row, shelf
from tests.learning.made import Made, movements


def sets_of(parts: dict[str, list[Example]], **more: Any) -> tuple[Sets, str]:
    notes = Notes()
    sets = read_sets(
        job_of(request(parts, **more)),
        shelf(parts),
        lambda text: notes.report("message", text=text),
    )
    return sets, notes.texts


def test_what_can_not_be_learned_is_refused() -> None:
    bare = Example("bare", movements(1).recording, ())
    with pytest.raises(UserError, match="Train has no labels"):
        sets_of({"train": [bare], "validation": [movements(2)]})
    with pytest.raises(UserError, match="Train has no sessions"):
        sets_of({"validation": [movements(2)]})
    with pytest.raises(UserError, match="no labels of sideways"):
        sets_of({"train": [movements(1)]}, classes=["sideways"])
    base = movements(2).recording
    named = Made(base.times, np.asarray(base.read(0, len(base.times))), ["a", "b", "c"])
    other = replace(movements(2), recording=named)
    with pytest.raises(UserError, match=r"names its channels .*a, b, c"):
        sets_of({"train": [movements(1), other]})
    with pytest.raises(UserError, match=r"made_2 has 100\S* samples a second"):
        sets_of({"train": [movements(1), movements(3), movements(2, rate=100)]})
    with pytest.raises(UserError, match="preset"):
        Job(Path(), job_of(request(MOVES, preset="best")), shelf(MOVES), Notes()).run()


def test_classes_that_are_not_asked_for_are_background() -> None:
    sets, _ = sets_of({"train": [movements(1)], "validation": [movements(2)]}, classes=["up"])
    assert sets.classes == ("up",)
    assert {e.name for x in sets.train + sets.validation for e in x.events} == {"up"}


def test_unknown_stretches_are_taken_from_the_request() -> None:
    example = movements(1)
    rows = [row(example, "train", ignore_after=9.0, ignore=[[1, 2]]), row(movements(2), "validation")]
    asked = request({}) | {"sessions": rows}
    sets = read_sets(job_of(asked), Shelf([example, movements(2)]), print)
    assert sets.train[0].ignore[0] == (1.0, 2.0)
    assert sets.train[0].ignore[1][0] == 9.0
    assert sets.train[0].ignore[1][1] > example.recording.times[-1]


def test_a_part_of_train_is_held_out_without_validation() -> None:
    sets, texts = sets_of({"train": [movements(k) for k in range(1, 9)]})
    assert (len(sets.train), len(sets.validation)) == (6, 2)
    assert "held out" in texts
    train, validation = hold_out([movements(1)], lambda text: None)
    assert len(train[0].events) == 9
    assert len(validation[0].events) == 3
    assert train[0].recording.times[-1] < validation[0].recording.times[0]
    part = validation[0].recording
    assert (
        part.read(3, 7) == movements(1).recording.read(0, 10**9)[len(train[0].recording.times) :][3:7]
    ).all()
    one = Example("one", movements(1).recording, movements(1).events[:1])
    assert hold_out([one], lambda text: None) == ([one], [one])


def test_classes_that_validation_lacks_are_named() -> None:
    lacking = Example(
        "lacking", movements(2).recording, tuple(e for e in movements(2).events if e.name == "up")
    )
    _, texts = sets_of({"train": [movements(1)], "validation": [lacking]})
    assert "Validation has no events of down" in texts


def test_weights_of_classes_count_relative_to_each_other() -> None:
    sets, _ = sets_of({"train": [movements(1)], "validation": [movements(2)]})
    assert sets.emphasis.tolist() == [1, 1, 1]
    down, up = replace(sets, weights={"up": 3.0, "down": 1.0}).emphasis[1:]
    assert (down, up) == pytest.approx((0.5, 1.5))
    assert replace(sets, weights={"up": 0.0}).emphasis.tolist() == [1, 2, 0]


def test_a_class_of_weight_zero_is_told() -> None:
    examples = {"train": [movements(1)], "validation": [movements(2)]}
    sets, told = sets_of(examples, class_weights={"up": 0, "down": 1})
    assert sets.weights == {"up": 0.0, "down": 1.0}
    assert "The weight of up is 0: nothing is learned of it." in told
