"""How good found events are: figures, confusion, what became of each event."""

from __future__ import annotations

import numpy as np
import pytest

from labelloop.labeling.matching import Event
from labelloop.learning.data.prepared import Example
from labelloop.learning.training.assess import assess
from tests.learning.made import Made

TRUTH = (Event(1.0, 2.0, "up"), Event(4.0, 5.0, "down"), Event(7.0, 8.0, "up"))
FOUND = [Event(1.1, 2.1, "up", 0.9), Event(4.0, 5.0, "up", 0.8), Event(9.0, 9.5, "down", 0.7)]


def _example(ignore: tuple[tuple[float, float], ...] = ()) -> Example:
    return Example("s", Made(np.arange(1000) / 100, np.zeros((1000, 1))), TRUTH, ignore, id="id")


def test_figures_of_events() -> None:
    metrics, _ = assess([_example()], [FOUND], ("up", "down"))
    assert metrics["precision"] == pytest.approx(1 / 3)
    assert metrics["recall"] == pytest.approx(1 / 3)
    assert metrics["event_f1_50"] == pytest.approx(1 / 3)
    assert 0 < metrics["accuracy"] < 1


def test_everything_found_is_perfect() -> None:
    metrics, statistics = assess([_example()], [list(TRUTH)], ("up", "down"))
    assert {metrics[f"event_f1_{n}"] for n in (30, 50, 70)} == {1.0}
    assert (metrics["accuracy"], metrics["f1"]) == (1.0, 1.0)
    assert statistics["confusion"] == [[2, 0, 0], [0, 1, 0], [0, 0, 0]]


def test_each_event_has_a_row() -> None:
    _, statistics = assess([_example()], [FOUND], ("up", "down"))
    rows = [(e["start"], e["actual"], e["predicted"]) for e in statistics["events"]]
    assert rows == [(1.0, "up", "up"), (4.0, "down", "up"), (7.0, "up", None), (9.0, None, "down")]
    assert {e["session"] for e in statistics["events"]} == {"id"}
    assert statistics["actual"] == {"up": 2, "down": 1}
    assert statistics["predicted"] == {"up": 2, "down": 1}


def test_edge_errors_are_those_of_hits() -> None:
    _, statistics = assess([_example()], [FOUND], ("up", "down"))
    assert statistics["onset_error_s"] == pytest.approx(0.1)
    assert statistics["offset_error_s"] == pytest.approx(0.1)
    _, nothing = assess([_example()], [[]], ("up", "down"))
    assert (nothing["onset_error_s"], nothing["offset_error_s"]) == (None, None)


def test_what_is_not_known_counts_nowhere() -> None:
    _, statistics = assess([_example(((6.0, 10.0),))], [FOUND], ("up", "down"))
    assert [e["start"] for e in statistics["events"]] == [1.0, 4.0]


def test_classes_that_were_not_learned_are_left_out() -> None:
    _, statistics = assess([_example()], [[]], ("up",))
    assert statistics["actual"] == {"up": 2}
