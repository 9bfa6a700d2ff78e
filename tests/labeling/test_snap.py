"""Edges from the signal: found where they are plain, left alone where nothing can be told."""

from __future__ import annotations

import csv
import time

import numpy as np
import pytest
from numpy.typing import NDArray

from labelloop.labeling.snap import Snapper, nearest_edge, zero_crossing
from labelloop.project.segment import Segment
from tests.where import SHARED, needs_shared

REAL = SHARED / "gestures_actrectut"


class Made:
    """A signal in memory."""

    def __init__(self, times: NDArray[np.float64], values: NDArray[np.floating]) -> None:
        self.times, self.values, self.n = times, values.astype(np.float32), len(times)

    def index_of(self, time: float) -> int:
        return int(np.searchsorted(self.times, time))

    def times_of(self, i: int, j: int) -> NDArray[np.float64]:
        return self.times[i:j]

    def read_channel(self, channel: int, i: int, j: int) -> NDArray[np.float32]:
        return self.values[i:j, channel]


EVENTS = [Segment(a, a + 1.0 + 0.2 * (i % 2)) for i, a in enumerate((3.0, 8.0, 14.0, 21.0, 26.0))]


def bumps(rate: float = 100.0, noise: float = 0.05) -> Made:
    """Lively stretches in a quiet signal."""
    rng = np.random.default_rng(0)
    times = np.arange(0, 30, 1 / rate)
    values = rng.normal(0, noise, (len(times), 2))
    for event in EVENTS:
        inside = (times >= event.start) & (times < event.end)
        values[inside, 0] += np.sin((times[inside] - event.start) * 14)
        values[inside, 1] += 0.8
    return Made(times, values)


@pytest.mark.parametrize("off", [-0.3, -0.1, 0.0, 0.15, 0.3])
def test_a_stamp_finds_the_event_like_the_examples(off: float) -> None:
    snapper = Snapper(bumps(), [0, 1], EVENTS[:2])
    found = snapper.event(EVENTS[3].start + off, 1.1)
    assert found is not None
    assert found.iou(EVENTS[3]) > 0.85


def test_edges_of_a_marked_stretch_without_any_example() -> None:
    snapper = Snapper(bumps(), [0, 1])
    rough = Segment(EVENTS[2].start - 0.12, EVENTS[2].end + 0.1)
    assert snapper.edges(rough).iou(EVENTS[2]) > max(0.9, rough.iou(EVENTS[2]))


def test_nothing_to_tell_leaves_the_stretch() -> None:
    times = np.arange(0, 10, 0.01)
    flat = Made(times, np.ones((len(times), 1)))
    stretch = Segment(3, 4)
    assert Snapper(flat, [0]).edges(stretch) == stretch
    assert Snapper(flat, [0], [Segment(6, 7)]).edges(stretch).iou(stretch) > 0.95
    empty = Made(times, np.full((len(times), 1), np.nan))
    assert Snapper(empty, [0]).edges(stretch) == stretch
    assert Snapper(Made(times[:1], np.ones((1, 1))), [0]).edges(stretch) == stretch
    assert Snapper(flat, []).edges(stretch) == stretch
    assert Snapper(flat, [0], [Segment(6, 7)]).event(900.0, 1.0) is None


def test_gaps_and_missing_values_break_nothing() -> None:
    made = bumps()
    kept = (made.times < 10) | (made.times > 12)
    holed = Made(made.times[kept], made.values[kept])
    holed.values[::7] = np.nan
    found = Snapper(holed, [0, 1], EVENTS[:2]).event(EVENTS[3].start + 0.1, 1.1)
    assert found is not None
    assert found.iou(EVENTS[3]) > 0.7


def test_neighbours_and_zero_crossings() -> None:
    assert nearest_edge([1.0, 2.0, 2.3], 2.1, 0.5) == 2.0
    assert nearest_edge([1.0], 2.1, 0.5) is None
    times = np.arange(0, 2, 0.01)
    wave = Made(times, np.sin(2 * np.pi * times)[:, None])
    found = zero_crossing(wave, 0, 0.55, 0.3)
    assert found == pytest.approx(0.5, abs=0.05)
    assert (
        zero_crossing(wave, 0, 0.25, 0.05) is None
        or abs(float(zero_crossing(wave, 0, 0.25, 0.05) or 0) - 0.25) <= 0.05
    )
    assert zero_crossing(Made(times[:1], np.ones((1, 1))), 0, 0.0, 0.1) is None


def test_it_is_quick() -> None:
    rng = np.random.default_rng(0)
    times = np.arange(0, 60, 0.01)
    many = Made(times, rng.normal(0, 1, (len(times), 12)))
    snapper = Snapper(many, range(12), [Segment(k * 4.0, k * 4.0 + 1) for k in range(1, 9)])
    began = time.perf_counter()
    snapper.event(45.0, 1.0)
    assert time.perf_counter() - began < 0.5


@needs_shared
def test_on_real_gestures_a_stamp_is_usually_right() -> None:
    rng = np.random.default_rng(1)
    overlaps = []
    for folder in sorted(REAL.glob("*/*"))[::6]:
        table = np.genfromtxt(folder / "data.csv", delimiter=",", skip_header=1)
        made = Made(table[:, 0], table[:, 1:])
        rows = list(csv.reader((folder / "label.label").open()))[1:]
        truth = [(Segment(float(r[0]), float(r[0]) + float(r[1])), r[2]) for r in rows]
        for event, name in truth:
            examples = [x for x, other in truth if other == name and x != event]
            usual = examples[0].length
            at = event.start + rng.uniform(-0.15, 0.15) * usual
            found = Snapper(made, range(table.shape[1] - 1), examples).event(at, usual)
            overlaps.append(found.iou(event) if found else 0.0)
    assert np.median(overlaps) > 0.85
    assert np.mean(np.array(overlaps) > 0.8) > 0.7
