"""What the training screen shows of a job: curves, the confusion of events, bars."""

from __future__ import annotations

import math

from labelloop.contract.training import CurvePoint, FoundEvent, Statistics
from labelloop.jobs.progress import EpochRecord, ModelProgress
from labelloop.rendering.glyphs import Glyphs
from labelloop.screens.training.rows import (
    curve_rows,
    events_of_cell,
    matrix_of,
    observation_rows,
    series_of,
)


def _text(rows: list) -> list[str]:  # type: ignore[type-arg]
    return ["".join(text for text, *_ in row) for row in rows]


def test_curves_of_train_and_validation() -> None:
    history = [EpochRecord(1, loss=0.9, val_loss=1.0), EpochRecord(2, loss=0.5, val_loss=None)]
    series = series_of(ModelProgress(0, "m", history=tuple(history)), "loss")
    assert series["train"] == [0.9, 0.5]
    assert series["valid"][0] == 1.0
    assert math.isnan(series["valid"][1])


def test_a_curve_without_values_is_left_out() -> None:
    history = [EpochRecord(1, loss=0.9)]
    assert list(series_of(ModelProgress(0, "m", history=tuple(history)), "loss")) == ["train"]
    assert series_of(ModelProgress(0, "m"), "loss") == {}
    assert series_of(None, "loss") == {}


def _statistics() -> Statistics:
    events = [
        FoundEvent("a", 1.0, 2.0, "up", "up"),
        FoundEvent("a", 3.0, 4.0, "up", None),
        FoundEvent("b", 5.0, 6.0, None, "down"),
    ]
    confusion = ((1, 0, 0), (0, 0, 1), (1, 0, 0))
    return Statistics(classes=("up", "down"), confusion=confusion, events=tuple(events))


def test_missed_and_false_events_stand_last() -> None:
    matrix = matrix_of(_statistics(), False)
    assert matrix is not None
    assert matrix.rows == ("up", "down", "(missed)")
    assert matrix.columns == ("up", "down", "(none)")
    assert matrix_of(Statistics(), False) is None


def test_a_cell_names_its_events() -> None:
    statistics = _statistics()
    matrix = matrix_of(statistics, False)
    assert matrix is not None
    hit, missed, false = statistics.events
    assert events_of_cell(statistics, matrix, (0, 0)) == [hit]
    assert events_of_cell(statistics, matrix, (2, 0)) == [missed]
    assert events_of_cell(statistics, matrix, (1, 2)) == [false]
    assert events_of_cell(statistics, matrix, (0, 1)) == []


def test_bars_that_have_no_room_are_counted() -> None:
    many = {f"class {n}": n for n in range(10)}
    rows = observation_rows(Statistics(actual=many, predicted={}), 60, 5, Glyphs.ASCII)
    assert len(rows) == 5
    assert "more: b shows all" in _text(rows)[-1]


def test_a_learning_curve_has_a_bar_a_point_and_a_sentence() -> None:
    points = [CurvePoint(40, 0.9, 0.8, 0.7), CurvePoint(80, 1.0, 0.9, 0.8)]
    rows = _text(curve_rows(points, 78, Glyphs.ASCII))
    assert rows[0].startswith("    40 events ")
    assert rows[1].startswith("    80 events ")
    assert len(rows) > 2
    assert curve_rows([], 78, Glyphs.ASCII) == []
