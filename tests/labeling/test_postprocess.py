"""Scores to events: every step, and what must hold whatever the scores."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelloop.errors import UserError
from labelloop.labeling.postprocess import PostSettings, to_events

Array = npt.NDArray[Any]


PLAIN = PostSettings(switch=0.0)


def scores_of(pattern: str, confidence: float = 0.9) -> Array:
    """One frame a letter: '.' background, 'a' and 'b' classes."""
    out = np.full((len(pattern), 3), (1 - confidence) / 2)
    for k, letter in enumerate(pattern):
        out[k, ".ab".index(letter)] = confidence
    return out


def found(
    pattern: str, settings: PostSettings = PLAIN, boundary: Array | None = None
) -> list[tuple[float, float, str]]:
    events = to_events(scores_of(pattern), np.arange(len(pattern) + 1.0), ["a", "b"], settings, boundary)
    return [(round(e.start, 6), round(e.end, 6), e.name) for e in events]


def test_runs_become_events() -> None:
    assert found("..aaa.bb") == [(2, 5, "a"), (6, 8, "b")]
    assert found("aaaa") == [(0, 4, "a")]
    assert found("....") == []
    assert found("") == []


def test_a_stretch_gets_one_class_when_changes_cost_something() -> None:
    assert found("aaabaaa") == [(0, 3, "a"), (3, 4, "b"), (4, 7, "a")]
    assert found("aaabaaa", PostSettings(switch=4.0)) == [(0, 7, "a")]
    assert found("..a....", PostSettings(switch=4.0)) == []
    assert found("aaaabbbb", PostSettings(switch=4.0)) == [(0, 4, "a"), (4, 8, "b")]


def test_edges_lie_where_the_classes_are_equally_likely() -> None:
    scores = np.array([[0.9, 0.1], [0.5, 0.5], [0.1, 0.9], [0.1, 0.9]])
    (event,) = to_events(scores, np.arange(5.0), ["a"], PLAIN)
    assert event.start == pytest.approx(1.5)
    assert event.end == 4.0


def test_the_threshold_favours_background() -> None:
    scores = np.array([[0.4, 0.6]] * 4)
    assert len(to_events(scores, np.arange(5.0), ["a"], PLAIN)) == 1
    assert to_events(scores, np.arange(5.0), ["a"], PostSettings(switch=0.0, threshold=0.7)) == []
    own = PostSettings(switch=0.0, per_class={"a": {"threshold": 0.7}})
    assert to_events(scores, np.arange(5.0), ["a"], own) == []


def test_lengths_and_gaps() -> None:
    assert found("a.aa...b", PostSettings(switch=0.0, gap_s=1.0)) == [(0, 4, "a"), (7, 8, "b")]
    assert found("a.aa...b", PostSettings(switch=0.0, min_length_s=1.5)) == [(2, 4, "a")]
    assert found("a.aa...b", PostSettings(switch=0.0, max_length_s=1.5)) == [(0, 1, "a"), (7, 8, "b")]
    assert found("a.bb", PostSettings(switch=0.0, gap_s=2.0)) == [(0, 1, "a"), (2, 4, "b")]


def test_a_boundary_splits_events_that_touch() -> None:
    boundary = np.zeros((8, 2))
    boundary[3:5] = 0.9
    settings = PostSettings(switch=0.0, cut=0.5)
    assert found("aaaaaaaa", settings, boundary) == [(0, 4, "a"), (4, 8, "a")]
    assert found("aaaaaaaa", PostSettings(switch=0.0), boundary) == [(0, 8, "a")]
    assert found("aaaaaaaa", PostSettings(switch=0.0, cut=0.5, min_length_s=5), boundary) == [(0, 8, "a")]


def test_a_boundary_keeps_a_gap_open() -> None:
    boundary = np.zeros((8, 2))
    boundary[3:5] = 0.9
    assert found("aaa..aaa", PostSettings(switch=0.0, gap_s=3, cut=0.5), boundary) == [
        (0, 3, "a"),
        (5, 8, "a"),
    ]
    assert found("aaa..aaa", PostSettings(switch=0.0, gap_s=3, cut=0.5), boundary * 0) == [(0, 8, "a")]


def test_edges_snap_to_peaks() -> None:
    boundary = np.zeros((8, 2))
    boundary[3, 0] = 1.0
    ((start, end, _),) = found("..aaaa..", PostSettings(switch=0.0, snap_s=2), boundary)
    assert (start, end) == (3.5, 6)


def test_times_are_looked_up() -> None:
    times = np.array([0.0, 1.0, 1.5, 4.0, 9.0])
    (event,) = to_events(scores_of(".aa."), times, ["a", "b"], PLAIN)
    assert (event.start, event.end) == (1.0, 4.0)


arrays = st.integers(0, 40).flatmap(
    lambda n: st.lists(st.lists(st.floats(0, 1), min_size=5, max_size=5), min_size=n, max_size=n)
)


settings = st.builds(
    PostSettings,
    threshold=st.floats(0.05, 0.95),
    min_length_s=st.floats(0, 3),
    max_length_s=st.none() | st.floats(0, 9),
    gap_s=st.floats(0, 3),
    switch=st.floats(0, 9),
    cut=st.none() | st.floats(0, 1),
    snap_s=st.floats(0, 3),
)


@given(arrays, settings)
def test_whatever_the_scores(rows: list[list[float]], post: PostSettings) -> None:
    raw = np.array(rows).reshape(-1, 5)
    scores, boundary = raw[:, :3].copy(), raw[:, 3:].copy()
    times = np.cumsum(np.full(len(raw) + 1, 0.25)) + 7
    kept = scores.copy(), boundary.copy(), times.copy()
    events = to_events(scores, times, ["a", "b"], post, boundary)
    assert all((a == b).all() for a, b in zip(kept, (scores, boundary, times), strict=True))
    assert all(times[0] <= e.start < e.end <= times[-1] for e in events)
    assert all(a.end <= b.start + 1e-9 for a, b in itertools.pairwise(events))
    assert all(0 <= e.confidence <= 1 for e in events)
    assert all(post.min_length_s <= e.end - e.start for e in events)
    assert all(post.max_length_s is None or e.end - e.start <= post.max_length_s for e in events)
    assert events == to_events(scores, times, ["a", "b"], post, boundary)


def test_settings_survive_json() -> None:
    post = PostSettings(0.4, 1.0, 9.0, 0.5, 2.0, 0.6, 0.1, {"a": {"threshold": 0.3, "max_length_s": None}})
    assert PostSettings.from_json(post.to_json()) == post
    assert PostSettings.from_json({}) == PostSettings()


def test_a_setting_for_all_replaces_that_of_single_classes() -> None:
    post = PostSettings(per_class={"a": {"threshold": 0.3, "gap_s": 1.0}, "b": {"threshold": 0.2}})
    merged = post.merged({"threshold": 0.6, "per_class": {"b": {"gap_s": 2.0}}})
    assert merged.of("a", "threshold") == merged.of("b", "threshold") == 0.6
    assert merged.of("a", "gap_s") == 1.0
    assert merged.of("b", "gap_s") == 2.0


@pytest.mark.parametrize(
    ("bad", "word"),
    [
        ({"threshold": 0}, "threshold"),
        ({"threshold": 1.2}, "threshold"),
        ({"min_length_s": -1}, "min_length_s"),
        ({"gap_s": None}, "gap_s"),
        ({"switch": float("nan")}, "switch"),
        ({"wrong": 1}, "wrong"),
        ({"per_class": {"a": {"switch": 1}}}, "switch"),
        ({"per_class": {"a": {"threshold": "x"}}}, "threshold"),
    ],
)
def test_settings_that_make_no_sense_are_refused(bad: dict[str, Any], word: str) -> None:
    with pytest.raises(UserError, match=word):
        PostSettings().merged(bad)


def test_what_each_limit_drops_is_counted() -> None:
    on = np.zeros(200)
    on[10:14], on[40:60], on[100:190] = 0.9, 0.55, 0.95
    scores = np.stack([1 - on, on], axis=1)
    settings = PostSettings(
        switch=0.0, per_class={"up": {"min_length_s": 1.0, "max_length_s": 5.0}}, least_score=0.6
    )
    dropped: dict[str, int] = {}
    found = to_events(scores, np.arange(201) / 10, ["up"], settings, dropped=dropped)
    assert found == []
    assert dropped == {"min_length": 1, "least_score": 1, "max_length": 1}
