"""Matching of events, against definitions by hand and against an established library."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelloop.labeling.matching import (
    Event,
    Score,
    centre_score,
    confusion,
    edge_errors,
    event_score,
    match_events,
    per_class_scores,
    time_accuracy,
    time_confusion,
    time_f1,
)


def iou(a: Event, b: Event) -> float:
    common = max(0.0, min(a.end, b.end) - max(a.start, b.start))
    return common / max(max(a.end, b.end) - min(a.start, b.start), 1e-12)


def plain_match(truth: list[Event], found: list[Event], least: float, classes: bool) -> list[tuple[int, int]]:
    pairs = [
        (-iou(t, f), i, j)
        for (i, t), (j, f) in itertools.product(enumerate(truth), enumerate(found))
        if (t.name == f.name or not classes) and iou(t, f) >= least and iou(t, f) > 0
    ]
    out: list[tuple[int, int]] = []
    for _, i, j in sorted(pairs):
        if all(i != a and j != b for a, b in out):
            out.append((i, j))
    return out


spans = st.tuples(st.integers(0, 60), st.integers(1, 15), st.sampled_from("abc"))
tracks = st.lists(spans.map(lambda s: Event(s[0] / 2, (s[0] + s[1]) / 2, s[2])), max_size=14)


@given(tracks, tracks, st.sampled_from([0.0, 0.3, 0.5, 0.7]), st.booleans())
def test_the_sweep_finds_what_looking_at_all_pairs_finds(
    truth: list[Event], found: list[Event], least: float, classes: bool
) -> None:
    quick = match_events(truth, found, least, classes=classes)
    assert [(m.truth, m.found) for m in quick] == plain_match(truth, found, least, classes)
    assert all(m.iou == pytest.approx(iou(truth[m.truth], found[m.found])) for m in quick)


@given(tracks)
def test_a_track_matches_itself(truth: list[Event]) -> None:
    score = event_score(truth, truth, 1.0)
    assert score.hits == len(truth)
    assert score.f1 == 1.0


@given(tracks, tracks)
def test_each_event_is_used_once(truth: list[Event], found: list[Event]) -> None:
    pairs = match_events(truth, found, 0.0)
    assert len({m.truth for m in pairs}) == len({m.found for m in pairs}) == len(pairs)


@given(tracks, tracks)
def test_a_stricter_overlap_never_matches_more(truth: list[Event], found: list[Event]) -> None:
    hits = [event_score(truth, found, v).hits for v in (0.0, 0.3, 0.5, 0.7, 1.0)]
    assert hits == sorted(hits, reverse=True)


def test_the_best_overlap_comes_first() -> None:
    truth = [Event(0, 10, "a"), Event(10, 20, "a")]
    found = [Event(4, 14, "a"), Event(0, 9, "a")]
    assert [(m.truth, m.found) for m in match_events(truth, found, 0.2)] == [(0, 1), (1, 0)]


def test_scores_of_nothing() -> None:
    assert Score(0, 0, 0).f1 == Score(0, 0, 0).precision == Score(0, 0, 0).recall == 1.0
    assert Score(0, 0, 3).precision == Score(0, 3, 0).recall == 0.0
    assert event_score([], [Event(0, 1, "a")]) == Score(0, 0, 1)
    assert (Score(1, 2, 3) + Score(1, 1, 1)) == Score(2, 3, 4)


def test_scores_of_each_class_add_up() -> None:
    truth = [Event(0, 1, "a"), Event(2, 3, "b"), Event(4, 5, "b")]
    found = [Event(0, 1, "a"), Event(2, 3, "b"), Event(4, 5, "c")]
    scores = per_class_scores(truth, found)
    assert {k: (s.hits, s.truth, s.found) for k, s in scores.items()} == {
        "a": (1, 1, 1),
        "b": (1, 2, 1),
        "c": (0, 0, 1),
    }


def test_edge_errors_are_means_of_distances() -> None:
    truth = [Event(0, 10, "a"), Event(20, 30, "a")]
    found = [Event(1, 10, "a"), Event(19, 33, "a")]
    errors = edge_errors(truth, found, match_events(truth, found))
    assert errors.onset_s == 1.0
    assert errors.offset_s == 1.5
    assert edge_errors(truth, [], []).onset_s is None


def test_centres_must_lie_within_half_the_true_length() -> None:
    truth = [Event(0, 2, "a"), Event(10, 12, "a")]
    found = [Event(-3, 4.8, "a"), Event(12.2, 12.4, "a"), Event(10.9, 11.0, "b")]
    assert centre_score(truth, found) == Score(1, 2, 3)


def test_confusion_holds_missed_and_false_events() -> None:
    truth = [Event(0, 1, "a"), Event(2, 3, "b"), Event(4, 5, "a"), Event(6, 7, "z")]
    found = [Event(0, 1, "b"), Event(2, 3, "b"), Event(8, 9, "a")]
    assert confusion(truth, found, ["a", "b"]).tolist() == [[0, 0, 1], [1, 1, 0], [1, 0, 0]]


@given(tracks, tracks)
def test_confusion_counts_every_event_once(truth: list[Event], found: list[Event]) -> None:
    table = confusion(truth, found, ["a", "b", "c"])
    assert table[:, :-1].sum() == len(truth)
    assert table[:-1].sum() == len(found)


@given(tracks, tracks)
def test_time_confusion_equals_that_of_small_frames(truth: list[Event], found: list[Event]) -> None:
    table = time_confusion(truth, found, "abc", 0.0, 40.0)
    frames = np.zeros((4, 4))
    for k in range(80):
        moment = k / 2 + 0.25
        row, column = (
            max(
                ((e.start, e.end, "abc".index(e.name)) for e in side if e.start <= moment < e.end),
                default=None,
            )
            for side in (found, truth)
        )
        frames[row[2] if row else 3, column[2] if column else 3] += 0.5
    assert table == pytest.approx(frames)
    assert table.sum() == pytest.approx(40)


def test_frame_figures() -> None:
    table = time_confusion([Event(0, 6, "a")], [Event(2, 6, "a")], "ab", 0, 10)
    assert time_accuracy(table) == pytest.approx(0.8)
    assert time_f1(table) == pytest.approx(0.8)
    assert time_f1(np.zeros((2, 2))) == time_accuracy(np.zeros((2, 2))) == 1.0


def test_thousands_of_events_are_matched_quickly() -> None:
    rng = random.Random(1)
    truth = [Event(i, i + 0.8, rng.choice("ab")) for i in range(20_000)]
    found = [e._replace(start=e.start + rng.uniform(-0.1, 0.1)) for e in truth]
    assert event_score(truth, found).hits == 20_000


def test_overlaps_agree_with_an_established_library() -> None:
    mir_eval = pytest.importorskip("mir_eval")
    rng = np.random.default_rng(3)
    for _ in range(50):
        starts = np.cumsum(rng.uniform(0.5, 2, 12))
        truth = [Event(s, s + rng.uniform(0.1, 0.4), "a") for s in starts]
        found = [
            Event(e.start + rng.uniform(-0.04, 0.04), e.end + rng.uniform(-0.04, 0.04), "a") for e in truth
        ]
        found = [e for e in found if rng.random() > 0.2]
        ours = match_events(truth, found, 0.0)
        theirs = mir_eval.transcription.match_notes(
            np.array([e[:2] for e in truth]),
            np.full(len(truth), 440.0),
            np.array([e[:2] for e in found]),
            np.full(len(found), 440.0),
            onset_tolerance=0.1,
            offset_ratio=None,
        )
        assert sorted((m.truth, m.found) for m in ours) == sorted(theirs)
