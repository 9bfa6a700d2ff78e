"""The review queue: what comes first, and what is said of the errors that nobody has seen."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelloop.labeling.matching import Event
from labelloop.labeling.order import (
    Candidate,
    Usual,
    errors_left,
    near_misses,
    review_order,
    error_probability,
    usual_lengths,
)
from labelloop.project.labels import Label

USUAL = {"down": Usual(1.0, 0.2)}


def one(
    confidence: float = 0.9, length: float = 1.0, session: str = "s", start: float = 0.0, **more: float | bool
) -> Candidate:
    event = Event(start, start + length, "down", confidence)
    return Candidate(session, event, **more)  # type: ignore[arg-type]


def test_each_reason_for_doubt_counts() -> None:
    confidence = error_probability(one(), USUAL)
    doubtful = [
        one(0.6),
        one(rival=0.5),
        one(agreement=0.2),
        one(length=2.5),
        one(length=0.3),
        one(0.4, missed=True),
    ]
    assert all(error_probability(candidate, USUAL) > confidence + 0.1 for candidate in doubtful)
    assert error_probability(one(agreement=1.0), USUAL) == pytest.approx(confidence)
    assert error_probability(one(0.6, length=2.5), USUAL) > max(
        error_probability(one(0.6), USUAL), error_probability(one(length=2.5), USUAL)
    )


def test_a_likelier_miss_is_more_suspicious_and_an_odd_one_less() -> None:
    assert error_probability(one(0.45, missed=True), USUAL) > error_probability(one(0.2, missed=True), USUAL)
    assert error_probability(one(0.45, length=4, missed=True), USUAL) < error_probability(one(0.45, missed=True), USUAL)


def test_usual_lengths_need_a_few_labels() -> None:
    labels = [Label(i, length, "down") for i, length in enumerate((1.0, 1.1, 0.9, 7.0))]
    usual = usual_lengths([*labels, Label(0, 1, "up"), Label(0, 0, "none")])
    assert set(usual) == {"down"}
    assert usual["down"].length_s == pytest.approx(1.05, abs=0.01)
    assert usual["down"].outlier_score(1.05) < 0.01
    assert usual["down"].outlier_score(7) > 0.9
    assert usual["down"].outlier_score(0) == 1


def test_the_doubtful_come_first() -> None:
    some = [one(0.99), one(0.55), one(0.8), one(0.99, length=4)]
    assert review_order(some, USUAL) == [1, 3, 2, 0]


def test_a_queue_left_early_has_been_everywhere() -> None:
    many = [one(0.60, session="a", start=i) for i in range(20)] + [
        one(0.61, session="b", start=i) for i in range(20)
    ]
    first = [many[i].session for i in review_order(many, USUAL)[:10]]
    assert 3 <= first.count("b") <= 7


def test_near_misses_are_what_nothing_covers() -> None:
    lower = [Event(0, 2, "down", 0.4), Event(5, 6, "down", 0.3), Event(8, 9, "down", 0.3)]
    assert near_misses([Event(0.5, 2, "down")], lower, [Label(8.4, 1, "up")]) == [lower[1]]
    assert near_misses([], lower) == lower
    assert near_misses(lower, []) == []


confidences = st.floats(0, 1)
candidates = st.builds(
    one,
    confidences,
    st.floats(0, 5),
    st.sampled_from("abc"),
    st.floats(0, 100),
    rival=confidences,
    agreement=st.none() | confidences,
    missed=st.booleans(),
    threshold=st.floats(0.01, 0.99),
)


@given(st.lists(candidates, max_size=30))
def test_everybody_is_in_the_queue_once(some: list[Candidate]) -> None:
    order = review_order(some, USUAL)
    assert sorted(order) == list(range(len(some)))
    assert all(0 <= error_probability(candidate, USUAL) <= 1 for candidate in some)
    assert review_order(some, USUAL) == order


def test_a_long_queue_is_ordered_at_once() -> None:
    draw = random.Random(0)
    many = [one(draw.random(), session=str(draw.randrange(50)), start=i) for i in range(10_000)]
    began = time.process_time()
    review_order(many, USUAL)
    assert time.process_time() - began < 3


def test_errors_left_with_nothing_known() -> None:
    assert errors_left([], [0.5, 0.25]).expected == 0.75
    assert errors_left([(0.9, True)], []) == errors_left([], [])


def test_errors_left_follows_what_was_corrected() -> None:
    """Wrong as often as the error probability says, then less: the estimate must cover the truth and not by far."""
    draw = random.Random(1)
    doubts = sorted((draw.random() for _ in range(400)), reverse=True)
    wrong = [draw.random() < doubt**2 for doubt in doubts]
    seen = list(zip(doubts[:200], wrong[:200], strict=True))
    estimate, truth = errors_left(seen, doubts[200:]), sum(wrong[200:])
    assert truth <= estimate.at_most
    assert truth <= estimate.expected * 1.5
    later = errors_left(list(zip(doubts[:350], wrong[:350], strict=True)), doubts[350:])
    assert later.at_most < estimate.at_most


def test_a_clean_stretch_is_never_called_certain() -> None:
    clean = [(1 - i / 200, False) for i in range(100)]
    estimate = errors_left(clean, [0.4] * 50)
    assert 0 < estimate.expected < 1
    assert 1 < estimate.at_most < 5


@given(st.lists(st.tuples(confidences, st.booleans()), max_size=60), st.lists(confidences, max_size=30))
def test_estimates_are_possible_numbers(reviewed: list[tuple[float, bool]], waiting: list[float]) -> None:
    estimate = errors_left(reviewed, waiting)
    assert 0 <= estimate.expected <= len(waiting) + 1e-9
    assert 0 <= estimate.at_most <= len(waiting) + 1e-9
