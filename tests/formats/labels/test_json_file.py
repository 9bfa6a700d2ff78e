"""All sessions' labels as JSON."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from labelloop.formats.labels.json_file import write
from labelloop.formats.labels.session_labels import SessionLabels
from labelloop.project.labels import Label
from tests.formats.labels.made import refusal, there_and_back, tracks


@given(found=tracks)
def test_confidence_and_comment_come_back(found: list[Label]) -> None:
    back = there_and_back("json", found).labels
    assert {(x.confidence, x.comment) for x in back} == {(x.confidence, x.comment) for x in found}


def test_what_is_known_of_a_label_is_written() -> None:
    part = SessionLabels("s", (Label(1, 0.5, "ü", 0.25, "why"),), "label", 0.0, 9.0)
    assert json.loads(write([part])) == {
        "sessions": [
            {
                "session": "s",
                "track": "label",
                "start": 0.0,
                "end": 9.0,
                "labels": [
                    {
                        "start": 1.0,
                        "end": 1.5,
                        "class": "ü",
                        "confidence": 0.25,
                        "comment": "why",
                        "confirmed": True,
                    }
                ],
            }
        ]
    }


def test_the_file_is_ascii() -> None:
    assert write([SessionLabels("走る", (Label(0, 1, "ü"),))]).isascii()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{\n", "line 2: this is no JSON"),
        ("[" * 100_000, "nested too deep"),
        ("[]", "f is no JSON of labels"),
        ('{"sessions": [7]}', "f, session 1: an object"),
        ('{"sessions": [{"session": "a", "labels": [{}]}]}', "f, session 1, label 1: a label needs"),
    ],
)
def test_what_is_wrong_is_said_with_the_place(text: str, says: str) -> None:
    assert says in refusal("json", text)
