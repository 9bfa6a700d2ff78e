"""What the review says of its queue, as rows."""

from __future__ import annotations

from labelloop.screens.review.rows import Pace, progress
from labelloop.services.review.queue import Queue


def test_a_queue_without_judgements_says_no_pace_and_no_estimate() -> None:
    text = "".join(words for words, _ in progress(Queue([]), Pace(0, 0, 0.0), brief=False))
    assert text == " Review   0 of 0   0 unsure left"


def test_the_pace_is_said_in_few_words_when_brief() -> None:
    text = "".join(words for words, _ in progress(Queue([]), Pace(6, 9, 2.0), brief=True))
    assert "3/min" in text
