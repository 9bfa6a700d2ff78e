"""Errors are sentences, and text from files is shown as text."""

from __future__ import annotations

import errno
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelloop.errors import Refused, UserError, os_reason, printable


@given(st.text())
def test_what_is_shown_is_printable(text: str) -> None:
    assert printable(text).isprintable()


@given(st.text())
def test_no_character_is_lost(text: str) -> None:
    assert len(printable(text)) == len(text)


@given(st.text().filter(str.isprintable))
def test_printable_text_stays(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize(
    ("char", "shown"),
    [("\0", "␀"), ("\n", "␊"), ("\x1b", "␛"), ("\x7f", "␡"), ("\u2028", " "), ("\u202e", "�"), ("\x9b", "�")],
)
def test_each_kind_of_control_has_its_sign(char: str, shown: str) -> None:
    assert printable(char) == shown


def test_a_refusal_is_an_expected_failure() -> None:
    assert issubclass(Refused, UserError)
    assert Refused.exit_code == 1


def test_a_full_disk_says_what_to_do() -> None:
    assert os_reason(OSError(errno.ENOSPC, "x")) == "the disk is full; free some space and try again"


def test_an_unusual_reason_is_the_systems_own() -> None:
    assert os_reason(OSError(errno.EPIPE, os.strerror(errno.EPIPE))).startswith("broken pipe; ")


def test_an_error_without_a_number_still_says_something() -> None:
    assert os_reason(OSError()) == "unknown error; check the file and disk"
