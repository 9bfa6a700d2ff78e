"""A track answers like a plain list that is looked through from end to end."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from labelloop.project.labels import Label, LabelTrack, problem_of
from tests.project.made_up import labels, times


def brute_between(all_labels: list[Label], start: float, end: float) -> list[Label]:
    shares = [
        x for x in all_labels if x.start < end and (x.end > start or (x.length == 0 and x.start >= start))
    ]
    return sorted(shares, key=Label.key)


@given(st.lists(labels, max_size=30), times, times)
def test_range_queries_equal_brute_force(some: list[Label], a: float, b: float) -> None:
    track, start, end = LabelTrack(some), min(a, b), max(a, b)
    assert track.between(start, end) == brute_between(some, start, end)


@given(st.lists(labels, max_size=30), times)
def test_moments_equal_brute_force(some: list[Label], at: float) -> None:
    track = LabelTrack(some)
    covering = [x for x in some if x.start <= at < x.end]
    found = track.at(at)
    assert (found is None) == (not covering)
    if found is not None:
        assert found.start == max(x.start for x in covering)
    after, before = [x.start for x in some if x.start > at], [x.start for x in some if x.start < at]
    assert (following := track.next_after(at)) is None or following.start == min(after)
    assert (following is None) == (not after)
    assert (earlier := track.last_before(at)) is None or earlier.start == max(before)
    assert (earlier is None) == (not before)


@given(st.lists(labels, max_size=30), st.lists(times, max_size=5))
def test_many_moments_are_looked_up_as_one_is(some: list[Label], moments: list[float]) -> None:
    track = LabelTrack(some)
    assert track.indexes_at(np.array(moments)) == [track.index_at(t) for t in moments]
    if some:
        track.remove(some[0])  # the arrays can still change their size
        assert len(track) == len(some) - 1


@given(times, times, st.sampled_from([0.1, 1 / 3, 1e-7, 12345.678901234]))
def test_a_stretch_in_one_change_is_one_after_the_other(a: float, b: float, scale: float) -> None:
    rows = [Label(i * scale, scale / 2, "up", source_text=str(i)) for i in range(30)]
    low, high = sorted((int(a * 3) % 30, int(b * 3) % 30))
    added = [Label(low * scale + 0.1, scale, "new"), Label(high * scale, 0.0, "new")]
    one, other = LabelTrack(rows), LabelTrack(rows)
    one.change(rows[low:high], added)
    for label in rows[low:high]:
        other.remove(label)
    for label in added:
        other.insert(label)
    assert list(one) == list(other)
    assert list(one._reach) == list(other._reach)
    one.change(added, rows[low:high])
    assert list(one) == rows
    with pytest.raises(KeyError):
        one.change(added, ())


class TrackMachine(RuleBasedStateMachine):
    """Insert and remove in any order: the track stays what a sorted list would be."""

    def __init__(self) -> None:
        super().__init__()
        self.track = LabelTrack()
        self.plain: list[Label] = []

    @rule(label=labels)
    def insert(self, label: Label) -> None:
        self.track.insert(label)
        self.plain.append(label)

    @rule(number=st.integers(0, 1000))
    def remove(self, number: int) -> None:
        if self.plain:
            label = self.plain.pop(number % len(self.plain))
            self.track.remove(label)

    @rule(label=labels)
    def remove_missing(self, label: Label) -> None:
        if label not in self.plain:
            with pytest.raises(KeyError):
                self.track.remove(label)

    @invariant()
    def same_as_plain(self) -> None:
        assert list(self.track) == sorted(self.plain, key=Label.key)
        assert sorted(x.source_text for x in self.track) == sorted(x.source_text for x in self.plain)
        assert self.track.between(2, 5) == brute_between(self.plain, 2, 5)
        reach = [max(x.end for x in list(self.track)[: i + 1]) for i in range(len(self.track))]
        assert list(self.track._reach) == reach
        assert all(self.track.count(x) == self.plain.count(x) for x in self.plain)


TestTrackMachine = TrackMachine.TestCase
TestTrackMachine.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


@given(times, times, st.sampled_from([0.1, 1 / 3, 1e-7, 12345.678901234]))
def test_spanning_never_passes_the_end(a: float, b: float, scale: float) -> None:
    start, end = min(a, b) * scale, max(a, b) * scale
    made = Label.spanning(start, end, "up")
    assert made.length >= 0
    assert made.end <= end
    assert abs(made.end - end) < 1e-8


@pytest.mark.parametrize(
    ("label", "why"),
    [
        (Label(0, -1, "up"), "ends before"),
        (Label(math.nan, 1, "up"), "finite"),
        (Label(0, math.inf, "up"), "finite"),
        (Label(0, 1, "  "), "no class"),
    ],
)
def test_unsound_labels_are_refused(label: Label, why: str) -> None:
    assert why in (problem_of(label) or "")
    with pytest.raises(ValueError, match=why):
        LabelTrack().insert(label)


def test_moved_is_no_longer_the_row_that_was_read() -> None:
    label = Label(1, 1, "up", source_text="1,1,up,1,")
    assert label.moved(2, 4) == Label(2, 2, "up")
    assert label.moved(2, 4).source_text == ""


def test_a_removed_row_is_the_very_one() -> None:
    first, second = Label(1, 1, "up", source_text="1,1,up,1,"), Label(1, 1, "up", source_text="1.0,1,up,1,")
    track = LabelTrack([first, second])
    track.remove(second)
    assert [x.source_text for x in track] == ["1,1,up,1,"]


def test_a_range_of_a_million_labels_is_found_at_once() -> None:
    track = LabelTrack(Label(i * 0.5, 0.4, "up") for i in range(100_000))
    began = time.perf_counter()
    for i in range(1000):
        assert 3 <= len(track.between(i * 40.0, i * 40.0 + 1.5)) <= 4
    assert time.perf_counter() - began < 1.0


@given(
    st.floats(-1e9, 1e9, allow_subnormal=True),
    st.floats(-1e9, 1e9, allow_subnormal=True),
)
def test_a_label_never_passes_the_end_that_it_was_given(start: float, end: float) -> None:
    label = Label.spanning(min(start, end), max(start, end), "a")
    assert label.end <= max(start, end)
    assert label.length >= 0


@pytest.mark.parametrize(("start", "end"), [(-1.0, 2.0**53), (5e-324, 1.0), (-5e-324, 1e9), (-1e-9, 0.3)])
def test_spanning_ends_where_a_sum_is_rounded_up(start: float, end: float) -> None:
    assert Label.spanning(start, end, "a").end <= end
