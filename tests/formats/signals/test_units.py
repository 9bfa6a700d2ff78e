"""Times are found by their name, unit and values."""

from __future__ import annotations

import doctest

import pytest

from labelloop.formats.signals import units
from labelloop.formats.signals.units import (
    CLOCK,
    DATE,
    TimeColumn,
    clock_seconds,
    date_seconds,
    guessed_unit,
    is_index_name,
    is_time_name,
    unit_in,
)


def test_examples() -> None:
    assert doctest.testmod(units).failed == 0


@pytest.mark.parametrize(
    "name", ["Time", "t", "Timestamp [ms]", "seconds_elapsed", "Zeit (s)", "sampleTime", "epoch"]
)
def test_names_of_times(name: str) -> None:
    assert is_time_name(name)


@pytest.mark.parametrize("name", ["temp", "temperature", "accX", "x", "tilt", "", "timbre"])
def test_names_of_other_things(name: str) -> None:
    assert not is_time_name(name)


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("Time (ms)", "ms"),
        ("ts_us", "us"),
        ("t", ""),
        ("Time [s]", "s"),
        ("millis", "ms"),
        ("time_ns", "ns"),
        ("s", ""),
    ],
)
def test_units_in_names(name: str, unit: str) -> None:
    assert unit_in(name) == unit


def test_names_that_count_rows() -> None:
    assert all(map(is_index_name, ["", "index", "Unnamed: 0", "Sample Index", "id"]))
    assert not any(map(is_index_name, ["x", "time", "identity"]))


@pytest.mark.parametrize(
    ("name", "values", "unit"),
    [
        ("t", [0, 0.02, 0.04], ("s", False)),
        ("t", [0, 1, 2], ("s", False)),
        ("timestamp", [0, 5, 10], ("ms", False)),
        ("t", [0, 16, 32], ("ms", False)),
        ("t", [0, 20000, 40000], ("us", False)),
        ("t", [1684751243000000000, 1684751243010000000], ("ns", True)),
        ("t", [1684751243000, 1684751243010], ("ms", True)),
        ("t", [1684751243.5, 1684751243.6], ("s", True)),
        ("t", [0.5, 3600.5, 7200.5], None),
        ("t", [1, 1, 1], None),
    ],
)
def test_units_of_values(name: str, values: list[float], unit: tuple[str, bool] | None) -> None:
    assert guessed_unit(name, values) == unit


def test_dates_with_and_without_a_zone() -> None:
    assert date_seconds("1970-01-01T00:00:01.5Z") == 1.5
    assert date_seconds("1970-01-01 01:00:00+01:00") == 0
    assert date_seconds("01/02/1970 00:00:00") == 31 * 86400, "the day comes first"
    assert date_seconds("Feb 1 1970") == 31 * 86400
    assert [date_seconds(x) for x in ("", "12", "123456789012", "up and down", "99/99/9999")] == [None] * 5


def test_clocks() -> None:
    assert clock_seconds("23:59:59,5") == 86399.5
    assert clock_seconds("12:30") is not None
    assert clock_seconds("12") is None


def test_a_row_s_time() -> None:
    assert TimeColumn((1,), unit="ms").seconds(["x", "1500"]) == 1.5
    assert TimeColumn((0,), CLOCK).seconds(["00:01:00"]) == 60
    assert TimeColumn((0, 1), DATE).seconds(["1970-01-02", "00:00:01"]) == 86401
    assert TimeColumn((3,)).seconds(["x"]) is None
