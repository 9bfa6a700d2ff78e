"""Audacity's label files."""

from __future__ import annotations

import pytest

from labelloop.formats.labels.audacity import write
from labelloop.formats.labels.session_labels import SessionLabels
from labelloop.project.labels import Label
from tests.formats.labels.made import labels_of, refusal


def test_a_line_is_a_label() -> None:
    found = labels_of("audacity", "1.000000\t2.500000\tdown\n")
    assert [(x.start, x.end, x.name) for x in found] == [(1, 2.5, "down")]


def test_lines_of_frequencies_are_passed_over() -> None:
    assert len(labels_of("audacity", "1\t2\tdown\n\\\t100.0\t200.0\n")) == 1


def test_carriage_returns_belong_to_the_line_end() -> None:
    assert labels_of("audacity", "3\t3\tup now\r\n")[0].name == "up now"


def test_what_is_written_is_tabs_and_plain_decimals() -> None:
    found = (Label(1e-7, 1, "a"), Label(2, 0.5, "b\tc"))
    assert write([SessionLabels("s", found)]) == b"0.0000001\t1.0000001\ta\n2\t2.5\tb c\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1\t2\ta\n3\t2\tb\n", "f, line 2: the label ends (2 s) before it starts (3 s)"),
        ("1\t2\n", "f, line 1: this is no Audacity label"),
        ("1\tnan\ta\n", "line 1: the end 'nan' is no number"),
        ("1\t2\t \n", "line 1: the label has no class"),
        ("1\t2\t\x1b[31mred\n", "line 1: the class '␛[31mred' holds control characters"),
    ],
)
def test_what_is_wrong_is_said_with_the_line(text: str, says: str) -> None:
    assert says in refusal("audacity", text)
