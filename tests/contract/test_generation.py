"""Generation requests and results: the form of their files, and what is made of damaged ones."""

from __future__ import annotations

import json

import pytest

from labelloop.contract.generation import GenerationJob, ScoreRequest, SessionEvents, SessionSource
from tests.golden.files import text, value


def test_a_request_keeps_its_form() -> None:
    known = value("runs/g2/request.json")
    again = GenerationJob.from_json(known).to_json() | {k: known[k] for k in ("kind", "name", "created")}
    assert json.dumps(again) == text("runs/g2/request.json").rstrip("\n")


def test_a_result_keeps_its_form() -> None:
    known = value("runs/g2/results/0.json")
    assert json.dumps(SessionEvents.from_json(known).to_json()) == json.dumps(known)


def test_a_sentence_in_place_of_events() -> None:
    told = SessionEvents("s", error="It is gone.")
    assert told.to_json() == {"id": "s", "events": [], "error": "It is gone."}
    assert SessionEvents.from_json(told.to_json()) == told


@pytest.mark.parametrize("data", [{}, {"events": 3}, {"events": [[1]]}, {"events": [[1, "x", "a", 1]]}])
def test_a_damaged_result_says_so(data: dict[str, object]) -> None:
    found = SessionEvents.from_json({"id": "s", **data})
    assert found.events == ()
    assert bool(found.error) == (data != {"events": 3})


def test_a_question_for_scores_comes_back() -> None:
    question = ScoreRequest("/m.h5", SessionSource("i", "n", "/s"))
    assert question.to_json() == {"model": "/m.h5", "session": {"id": "i", "name": "n", "source": "/s"}}
    assert ScoreRequest.from_json(question.to_json()) == question


def test_what_limits_dropped_comes_back_and_older_results_have_none() -> None:
    found = SessionEvents("a", ((1.0, 2.0, "up", 0.9),), dropped={"min_length": 3})
    assert SessionEvents.from_json(found.to_json()) == found
    assert SessionEvents.from_json({"id": "a", "events": []}).dropped == {}
    assert "dropped" not in SessionEvents("a").to_json()
