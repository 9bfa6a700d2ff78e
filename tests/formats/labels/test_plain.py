"""What the plain-text label formats share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelloop.errors import UserError
from labelloop.formats.labels.plain import is_control, label_of, number, one_line, seconds, text_of


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufeff")))
def test_utf8_and_utf16_say_the_same(text: str) -> None:
    assert text_of(text.encode("utf-8-sig"), "f") == text_of(text.encode("utf-16"), "f") == text


def test_bytes_that_are_no_utf8_are_refused_with_their_line() -> None:
    with pytest.raises(UserError, match=r"^f, line 2: this is no UTF-8 text"):
        text_of(b"a\nb\xff", "f")


def test_a_null_character_is_binary_data() -> None:
    with pytest.raises(UserError, match="holds binary data"):
        text_of(b"a\0", "f")


@pytest.mark.parametrize("text", ["", "x", "nan", "inf", "-inf", "1_000"])
def test_what_is_no_finite_number_is_refused(text: str) -> None:
    with pytest.raises(UserError, match=r"^f, line 3: the end '.*' is no number"):
        number(text, "f", 3, "end")


def test_a_class_loses_the_space_around_it() -> None:
    assert label_of(1, 2, " a ", "f", 1).name == "a"


@pytest.mark.parametrize("char", ["\x1b", "\x7f", "\x9f", "\u2028", "\u2029"])
def test_what_could_steer_a_terminal_becomes_a_space(char: str) -> None:
    assert is_control(char)
    assert one_line(f"a{char}b") == "a b"


@given(st.floats(-1e9, 1e9))
def test_times_are_plain_decimals_as_exact_as_labels(value: float) -> None:
    text = seconds(value)
    assert "e" not in text
    assert float(text) == pytest.approx(value, abs=1e-9, rel=1e-12)


def test_there_is_no_negative_nothing() -> None:
    assert seconds(-1e-12) == "0"
