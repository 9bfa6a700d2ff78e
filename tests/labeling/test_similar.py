"""Find similar: examples in, ranked suggestions out."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelloop.formats.labels.label_file import parse_labels
from labelloop.labeling.matching import Event, event_score
from labelloop.labeling.similar import (
    Example,
    Suggestion,
    agreement,
    default_threshold,
    similarity,
    resampled,
    suggest,
    to_events,
)
from tests.where import SHARED, needs_shared

Floats = npt.NDArray[np.float64]
GESTURES = SHARED / "gestures_actrectut" / "subject1"


def recording(
    seed: int = 0, n: int = 6000, places: tuple[int, ...] = (700, 2000, 2600, 4100), size: float = 1.0
) -> Floats:
    """Noise with a movement of 100 samples at some places, over a level that drifts."""
    random = np.random.default_rng(seed)
    u = np.linspace(0, 1, 100)
    shape = np.stack([np.sin(2 * np.pi * u), np.sin(np.pi * u) ** 2, np.cos(3 * np.pi * u) - 1], axis=1)
    out = random.normal(0, 0.15, (n, 3)) + np.linspace(-3, 3, n)[:, None]
    for place in places:
        out[place : place + 100] += size * shape
    return out


def brute(signal: Floats, pattern: Floats) -> Floats:
    out = []
    for i in range(len(signal) - len(pattern) + 1):
        x = signal[i : i + len(pattern)]
        a, b = x - x.mean(axis=0), pattern - pattern.mean(axis=0)
        out.append(2 * (a * b).sum() / ((a**2).sum() + (b**2).sum() + 1e-9))
    return np.array(out)


@pytest.mark.parametrize("length", [3, 40, 399, 400])
def test_likeness_is_what_its_definition_says(length: int) -> None:
    random = np.random.default_rng(1)
    signal, pattern = random.normal(5, 2, (400, 2)), random.normal(-1, 1, (length, 2))
    assert np.allclose(similarity(signal, pattern), brute(signal, pattern))


def test_likeness_across_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(2)
    signal, pattern = random.normal(0, 1, (3000, 2)).cumsum(axis=0), random.normal(0, 1, (50, 2))
    monkeypatch.setattr("labelloop.labeling.similar._BLOCK", 256)
    assert np.allclose(similarity(signal, pattern), brute(signal, pattern), atol=1e-6)


def test_every_place_is_found_and_nothing_else() -> None:
    data = recording()
    found = suggest(data, 50, [Example.cut(data, 700, 800, 50)])
    top = sorted(s.first for s in found[:4])
    assert all(abs(a - b) <= 3 for a, b in zip(top, (700, 2000, 2600, 4100), strict=True))
    assert found[0].score > 0.99
    assert found[3].score > 0.8
    assert found[4].score < 0.5
    assert [s.score for s in found] == sorted((s.score for s in found), reverse=True)
    threshold = default_threshold([s.score for s in found], None)
    assert found[4].score < threshold < found[3].score


def test_a_weak_imitation_is_less_alike_than_the_thing() -> None:
    data = recording()
    weak = recording(3, 2000, (900,), size=0.3)
    example = Example.cut(data, 700, 800, 50)
    assert suggest(weak, 50, [example])[0].score < 0.75


def test_faster_and_slower_ones_and_other_rates() -> None:
    data = recording()
    slow = resampled(data, int(6000 * 1.2))
    example = Example.cut(data, 700, 800, 50)
    assert sorted(s.first for s in suggest(slow, 50, [example])[:4]) == pytest.approx(
        [840, 2400, 3120, 4920], abs=20
    )
    double = resampled(data, 12000)
    first = suggest(double, 100, [example], (1.0,))[0]
    assert (first.first, first.last) == pytest.approx((1400, 1600), abs=3)


def test_several_examples_agree_and_set_the_threshold() -> None:
    data = recording()
    examples = [Example.cut(data, at, at + 100, 50) for at in (700, 2000)]
    alike = agreement(examples)
    assert alike is not None
    assert alike > 0.8
    assert agreement(examples[:1]) is None
    found = suggest(data, 50, examples)
    threshold = default_threshold([s.score for s in found], alike)
    assert sum(s.score >= threshold for s in found) == 4


def test_long_examples_are_thinned_and_land_where_they_should() -> None:
    data = resampled(recording(), 60_000)
    example = Example.cut(data, 7000, 8000, 500)
    found = suggest(data, 500, [example])
    assert sorted(s.first for s in found[:4]) == pytest.approx([7000, 20_000, 26_000, 41_000], abs=40)


def test_odd_input_is_no_trouble() -> None:
    data = recording(n=1500, places=(700,))
    example = Example.cut(data, 700, 800, 50)
    assert suggest(np.empty((0, 3)), 50, [example]) == []
    assert suggest(data, 50, []) == []
    assert suggest(data[:50], 50, [example]) == []
    flat = np.zeros((1000, 3))
    assert suggest(flat, 50, [example]) == []
    assert suggest(data, 50, [Example.cut(flat, 100, 200, 50)]) == []
    gaps = data.copy()
    gaps[::7, 1] = np.nan
    gaps[3, 0] = np.inf
    assert abs(suggest(gaps, 50, [example])[0].first - 700) < 5
    assert default_threshold([], 0.5) == 0.5
    assert suggest(data, 50, [Example.cut(data, 700, 701, 50)]) == []


def test_a_dead_channel_counts_for_nothing() -> None:
    data = recording()
    dead = np.hstack([data, np.full((len(data), 1), 7.0)])
    a = suggest(data, 50, [Example.cut(data, 700, 800, 50)])
    b = suggest(dead, 50, [Example.cut(dead, 700, 800, 50)])
    assert [s[:2] for s in a[:4]] == [s[:2] for s in b[:4]]


def test_events_are_sorted_inside_and_apart() -> None:
    times = np.linspace(10, 20, 101)
    some = [Suggestion(50, 60, 0.9, 0), Suggestion(58, 70, 0.8, 0), Suggestion(90, 200, 0.7, 0)]
    events = to_events([*some, Suggestion(0, 10, 0.1, 0)], times, "down", 0.5)
    expected = [(15.0, 15.9, 0.9), (15.9, 17.0, 0.8), (19.0, 20.0, 0.7)]
    assert [(e.start, e.end, e.confidence) for e in events] == [pytest.approx(x) for x in expected]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 400), st.integers(2, 60), st.integers(1, 3))
def test_suggestions_hardly_overlap(seed: int, n: int, m: int, channels: int) -> None:
    random = np.random.default_rng(seed)
    data = random.normal(0, 1, (n, channels)).cumsum(axis=0)
    found = suggest(data, 50, [Example.cut(data, 0, min(m, n), 50)])
    times = np.arange(n) / 50
    events = to_events(found, times, "x", 0.0)
    assert all(0 <= s.first < s.last <= n and s.score <= 1 + 1e-9 for s in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(events))
    assert all(times[0] <= e.start < e.end <= times[-1] for e in events)


@pytest.mark.slow
def test_an_hour_of_six_channels_is_searched_in_two_seconds() -> None:
    random = np.random.default_rng(0)
    data = random.normal(0, 1, (180_000, 6)).astype(np.float32)
    examples = [Example.cut(data, at, at + 75, 50) for at in (1000, 2000, 3000)]
    best = min(_seconds(data, examples) for _ in range(3))
    print(f"\n1 h, 6 channels, 50 Hz, 3 examples: {best:.2f} s")
    assert best < 4


def _seconds(data: npt.NDArray[np.float32], examples: list[Example]) -> float:
    began = time.process_time()
    suggest(data, 50, examples)
    return time.process_time() - began


@needs_shared
def test_three_examples_find_real_gestures() -> None:
    wanted = ("drink", "forehand", "open_window")
    results = {name: _search_gestures(name) for name in wanted}
    print("\n", {name: (round(p, 2), round(r, 2)) for name, (p, r) in results.items()})
    for precision, recall in results.values():
        assert precision > 0.8
        assert recall > 0.8


def _search_gestures(name: str) -> tuple[float, float]:
    sessions = [_load(folder) for folder in sorted(GESTURES.iterdir()) if folder.is_dir()]
    examples = []
    for times, values, events in sessions[:3]:
        event = next(e for e in events if e.name == name)
        first, last = np.searchsorted(times, [event.start, event.end])
        examples.append(Example.cut(values, int(first), int(last), 32))
    found = [suggest(values, 32, examples) for _, values, _ in sessions]
    threshold = default_threshold([s.score for f in found for s in f], agreement(examples))
    hits = truth = total = 0
    for (times, _, events), suggestions in zip(sessions, found, strict=True):
        score = event_score(
            [e for e in events if e.name == name], to_events(suggestions, times, name, threshold)
        )
        hits, truth, total = hits + score.hits, truth + score.truth, total + score.found
    return hits / total, hits / truth


def _load(folder: Path) -> tuple[Floats, Floats, list[Event]]:
    data = np.loadtxt(folder / "data.csv", delimiter=",", skiprows=1)
    labels = parse_labels((folder / "label.label").read_bytes(), folder.name).labels
    return data[:, 0], data[:, 1:], [Event(x.start, x.end, x.name) for x in labels]


@pytest.mark.parametrize("alike", [None, 0.45, 0.6, 0.7])
def test_examples_more_or_less_alike_than_the_rest_find_the_rest(alike: float | None) -> None:
    random = np.random.default_rng(0)
    chance = np.abs(random.normal(0.12, 0.05, 400))
    others = random.normal(0.26, 0.03, 20)
    wanted = np.clip(random.normal(0.6, 0.07, 30), 0, 0.9)
    threshold = default_threshold([*chance, *others, *wanted, 1.0, 1.0, 1.0], alike)
    assert np.mean(wanted >= threshold) >= 0.9
    assert np.count_nonzero(np.concatenate([chance, others]) >= threshold) <= 1
