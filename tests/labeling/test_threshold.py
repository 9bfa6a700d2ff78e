"""Threshold rules: reading them, the values they compare, the events they find."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelloop.errors import UserError
from labelloop.labeling.threshold import (
    BAND,
    CHANNEL,
    DIFF,
    NORM,
    Rule,
    find_events,
    parse_rule,
    to_events,
    values_of,
)

NAMES = ["ax (g)", "ay (g)", "gx (deg/s)", "abs(x)"]
Floats = npt.NDArray[np.float64]


def spans(rule: Rule, values: Sequence[float]) -> list[tuple[float, float]]:
    times = np.arange(len(values), dtype=np.float64)
    return [(e.start, e.end) for e in to_events(rule, np.array(values), times, "x")]


def rule(on: float, off: float | None = None, **more: float | bool) -> Rule:
    return Rule(CHANNEL, ("x",), on, off, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("gx > 100", Rule(CHANNEL, ("gx (deg/s)",), 100)),
        ("ax (g)<-.5", Rule(CHANNEL, ("ax (g)",), -0.5, over=False)),
        ("norm(ax, AY) > 1.5/1.2", Rule(NORM, ("ax (g)", "ay (g)"), 1.5, 1.2)),
        ("norm(1,2,2) < 0.3/0.5", Rule(NORM, ("ax (g)", "ay (g)"), 0.3, 0.5, over=False)),
        ("diff(3) > 1e3", Rule(DIFF, ("gx (deg/s)",), 1000)),
        ("band(gx,2-8) > 30", Rule(BAND, ("gx (deg/s)",), 30, low_hz=2, high_hz=8)),
        ("band(ax (g),ay (g),0.5-2.5)>1", Rule(BAND, ("ax (g)", "ay (g)"), 1, low_hz=0.5, high_hz=2.5)),
        ("abs(x) > 1", Rule(CHANNEL, ("abs(x)",), 1)),
        ("abs(gx) > 1", Rule("abs", ("gx (deg/s)",), 1)),
    ],
)
def test_rules_are_read_and_written_back(text: str, wanted: Rule) -> None:
    assert parse_rule(text, NAMES) == wanted
    assert parse_rule(wanted.text(), NAMES) == wanted


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is no threshold rule"),
        ("gx", "is no threshold rule"),
        ("gx > lots", "is no threshold rule"),
        ("gx > 1 and more", "is no threshold rule"),
        ("gx > 1/2", "must lie below the first"),
        ("gx < 1/0", "must lie above the first"),
        ("a > 1", "several channels begin with 'a'"),
        ("9 > 1", "there is no channel '9'"),
        ("norm() > 1", "names no channel"),
        ("norm(ax,foo) > 1", "there is no channel 'foo'"),
        ("band(gx) > 1", "needs a band"),
        ("band(gx,8-2) > 1", "from a lower to a higher"),
        ("\x1b[31m > 1", "'␛\\[31m'"),
    ],
)
def test_rules_that_cant_be_read_are_a_sentence(text: str, why: str) -> None:
    with pytest.raises(UserError, match=why):
        parse_rule(text, NAMES)


def test_over_and_under() -> None:
    values = [0, 2, 2, 0, 3, 0, 0.0]
    assert spans(rule(1), values) == [(1, 3), (4, 5)]
    assert spans(rule(1, over=False), values) == [(0, 1), (3, 4), (5, 6)]
    assert spans(rule(5), values) == []


def test_hysteresis_reaches_back_and_forth() -> None:
    values = [0, 1, 3, 1, 0, 1, 1, 0]
    assert spans(rule(2, 0.5), values) == [(1, 4)]
    assert spans(rule(-2, -0.5, over=False), [-v for v in values]) == [(1, 4)]


def test_gaps_then_lengths() -> None:
    values = [0, 2, 0, 2, 0, 0, 0, 2, 0]
    assert spans(rule(1), values) == [(1, 2), (3, 4), (7, 8)]
    assert spans(rule(1, gap_s=1), values) == [(1, 4), (7, 8)]
    assert spans(rule(1, gap_s=1, min_length_s=2), values) == [(1, 4)]
    assert spans(rule(1, gap_s=1, max_length_s=2), values) == [(7, 8)]


def test_the_ends_of_the_recording_are_the_ends_of_events() -> None:
    assert spans(rule(1), [2, 2, 2]) == [(0, 2)]
    assert spans(rule(1), [0, 0, 2]) == []
    assert spans(rule(1), [2]) == []
    assert find_events(rule(1), np.zeros((0, 1)), ["x"], np.zeros(0), 1, "x") == []


def test_values_that_are_no_numbers_are_neither_over_nor_under() -> None:
    values = [2, math.nan, 2, 0]
    assert spans(rule(1), values) == [(0, 1), (2, 3)]
    assert spans(rule(1, over=False), [0, math.nan, 0, 2]) == [(0, 1), (2, 3)]


def test_the_values_that_are_compared() -> None:
    data = np.array([[3.0, 4], [-3, 4], [0, 0]])
    names = ["a", "b"]
    assert values_of(Rule("abs", ("a",), 1), data, names, 10).tolist() == [3, 3, 0]
    assert values_of(Rule(NORM, ("a", "b"), 1), data, names, 10).tolist() == [5, 5, 0]
    assert values_of(Rule(DIFF, ("a",), 1), data, names, 10).tolist() == [0, 60, 30]
    with pytest.raises(UserError, match="no channel 'c'"):
        values_of(Rule(CHANNEL, ("c",), 1), data, names, 10)


def test_band_energy_sees_its_band_only() -> None:
    t = np.arange(1000) / 100
    slow, fast = np.sin(2 * np.pi * t), np.where((t > 4) & (t < 6), np.sin(2 * np.pi * 10 * t), 0)
    data = (slow + fast)[:, None]
    energy = values_of(Rule(BAND, ("x",), 1, low_hz=5, high_hz=20), data, ["x"], 100)
    assert energy[450:550].mean() == pytest.approx(math.sqrt(0.5), abs=0.05)
    assert energy[:350].max() < 0.1
    found = find_events(parse_rule("band(x,5-20) > 0.4", ["x"]), data, ["x"], t, 100, "shake")
    assert [(round(e.start, 1), round(e.end, 1)) for e in found] == [(4.0, 6.0)]


@given(
    st.lists(st.floats(-3, 3), min_size=1, max_size=60),
    st.floats(-2, 2),
    st.floats(0, 2),
    st.booleans(),
    st.floats(0, 5),
    st.floats(0, 5),
)
def test_events_are_inside_apart_and_long_enough(
    values: list[float], on: float, less: float, over: bool, gap: float, least: float
) -> None:
    off = on - less if over else on + less
    request = Rule(CHANNEL, ("x",), on, off, over, gap_s=gap, min_length_s=least)
    found = spans(request, values)
    for start, end in found:
        assert 0 <= start < end <= len(values) - 1
        assert end - start >= least - 1e-9
    assert all(b[0] - a[1] > gap for a, b in itertools.pairwise(found))
