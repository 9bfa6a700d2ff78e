"""What comes from a terminal as keys: any bytes, cut anywhere."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelloop.widgets import driver
from labelloop.widgets.driver import ESCAPE, EscapeSplitter, InputDecoder, driver_class


def _read(chunks: list[bytes]) -> str:
    decoder = InputDecoder()
    return "".join(decoder.feed(chunk) for chunk in chunks)


def _cut(data: bytes, at: int) -> list[bytes]:
    return [data[:at], data[at:]]


def test_examples() -> None:
    assert doctest.testmod(driver).failed == 0


@pytest.mark.parametrize("at", range(9))
def test_an_old_mouse_report_is_one_report_wherever_it_is_cut(at: int) -> None:
    assert _read(_cut(b"a\x1b[M\x20\x90\x21b", at)) == "a\x1b[<0;112;1Mb"


def test_a_release_is_a_release() -> None:
    assert _read([b"\x1b[M\x23\x21\x22"]) == "\x1b[<0;1;2m"


def test_the_wheel_is_no_release() -> None:
    assert _read([b"\x1b[M\x60\x21\x22"]) == "\x1b[<64;1;2M"


@given(text=st.text(alphabet=st.characters(exclude_characters="\x1b", codec="utf-8")))
def test_text_comes_through_however_it_is_cut(text: str) -> None:
    data = text.encode()
    assert all(_read(_cut(data, at)) == text for at in range(len(data) + 1))


@given(data=st.binary(), cut=st.integers(0, 40))
def test_any_bytes_are_read_the_same_however_they_are_cut(data: bytes, cut: int) -> None:
    whole = data + b"zzz"  # what a report may wait for
    assert _read(_cut(whole, cut)) == _read([whole])


@pytest.mark.parametrize("key", ["x", "?", "j", "\x1b", "\r", "ü"])
def test_a_key_right_behind_escape_is_a_key_of_its_own(key: str) -> None:
    splitter = EscapeSplitter()
    found = [*splitter.pieces("\x1b" + key, 0.0), *splitter.pieces("", 1.0)]
    assert found == [ESCAPE, ESCAPE if key == "\x1b" else key]


def test_a_key_behind_escape_in_the_next_bytes() -> None:
    splitter = EscapeSplitter(0.1)
    assert splitter.pieces("\x1b", 0.0) == []
    assert splitter.pieces("x", 0.05) == [ESCAPE, "x"]


def test_a_sequence_that_is_cut_behind_its_escape_stays_one() -> None:
    splitter = EscapeSplitter(0.1)
    assert splitter.pieces("\x1b", 0.0) == []
    assert splitter.pieces("[A", 0.05) == ["\x1b[A"]


def test_pasted_text_holds_no_keys() -> None:
    splitter = EscapeSplitter()
    pasted = "\x1b[200~a\x1bx\x1b[201~"
    assert "".join(piece or "!" for piece in splitter.pieces(pasted, 0.0)) == pasted
    assert splitter.pieces("\x1bx", 1.0) == [ESCAPE, "x"]


def test_the_environment_may_name_another_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    assert driver_class() is driver.TerminalDriver
    monkeypatch.setattr("textual.constants.DRIVER", "textual.drivers.headless_driver:HeadlessDriver")
    assert driver_class() is None
