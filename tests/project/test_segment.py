"""Half-open stretches of time."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelloop.project.segment import Segment

points = st.integers(0, 30).map(lambda n: n / 2)
segments = st.tuples(points, points).map(lambda p: Segment(min(p), max(p)))


@pytest.mark.parametrize(("start", "end"), [(1, 0), (math.nan, 1), (0, math.inf), (-math.inf, 0)])
def test_refuses_what_is_no_stretch(start: float, end: float) -> None:
    with pytest.raises(ValueError, match="segment"):
        Segment(start, end)


@given(segments, segments)
def test_the_common_part_holds_the_common_moments(a: Segment, b: Segment) -> None:
    common = a & b
    assert common == b & a
    for time in (n / 4 for n in range(-1, 62)):
        assert (time in a and time in b) == (common is not None and time in common)


@given(segments, segments)
def test_iou_is_a_share_and_symmetric(a: Segment, b: Segment) -> None:
    assert 0 <= a.iou(b) <= 1
    assert a.iou(b) == b.iou(a)
    assert (a.iou(b) > 0) == (a & b is not None)
    if a.length:
        assert a.iou(a) == 1


def test_centre_and_length() -> None:
    assert (Segment(1, 4).length, Segment(1, 4).centre) == (3, 2.5)
