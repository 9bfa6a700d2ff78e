"""What users type in the viewer."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelloop.errors import UserError
from labelloop.project.labels import Label
from labelloop.screens.viewer import drawing, typed
from labelloop.screens.viewer.typed import channels_named, label_text, parse_label, parse_time
from labelloop.services.labels import class_signs


@pytest.mark.parametrize("module", [typed, drawing, class_signs])
def test_examples(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted > 0
    assert result.failed == 0


def test_times() -> None:
    assert parse_time("12,5", 0) == 12.5
    assert parse_time("1:02:03.5", 0) == 3723.5
    assert parse_time("+1:00", 10) == 70
    day = 1_700_000_000.0  # 2023-11-14 22:13:20
    assert parse_time("22:13:30", 0, day) == day + 10
    assert parse_time("12.5", 0, day) == day + 12.5
    assert parse_time("1700000001", 0, day) == day + 1
    for wrong in ("", "x", "1:2:3:4", "nan", "inf", "+", "1e999"):
        with pytest.raises(UserError):
            parse_time(wrong, 0)


def test_a_label_as_a_line() -> None:
    label = Label(12.0, 1.5, "down", 0.9, "a 'b' c")
    assert parse_label("up 11 +0.25 1", label) == Label(11.0, 2.75, "up", 1.0, "")
    assert parse_label("", label) == label
    assert parse_label("down 12 13.5 0.9 new words here", label).comment == "new words here"
    for wrong, why in (
        ("down 14 13", "can't end"),
        ("down x", "no time"),
        ("down 1 2 high", "confidence"),
        ("'down 1 2", "quotation mark"),
    ):
        with pytest.raises(UserError, match=why):
            parse_label(wrong, label)


NAMES = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp", "Zs")), min_size=1, max_size=8)
WORDS = st.lists(st.text("abcdef'\"", min_size=1, max_size=5), max_size=3).map(" ".join)


@given(NAMES, st.floats(0, 1e5), st.floats(0.001, 100), st.floats(0, 1), WORDS)
def test_what_is_shown_reads_back(
    name: str, start: float, length: float, confidence: float, comment: str
) -> None:
    if not name.isprintable():
        return
    label = Label(start, length, name, confidence, comment)
    back = parse_label(label_text(label), label)
    assert back == label


def test_channels() -> None:
    names = ["acc_x", "acc_y", "gyr"]
    assert channels_named("gyr acc_*", names, [0]) == [2, 0, 1]
    assert channels_named("-acc_*", names, [0, 1, 2]) == [2]
    assert channels_named("+gyr -acc_x", names, [0]) == [2]
    with pytest.raises(UserError, match="no channel b"):
        channels_named("b", names, [0])
