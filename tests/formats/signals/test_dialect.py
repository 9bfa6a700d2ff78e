"""Lines, texts and options of tables."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest

from labelloop.errors import UserError
from labelloop.formats.signals.dialect import TableOptions, open_text, pointed, separator_of, split_line


@pytest.mark.parametrize(
    ("line", "mark", "fields"),
    [
        ('"a, b",c', ",", ["a, b", "c"]),
        (" 1 ;2", ";", ["1", "2"]),
        ("1  2   3", " ", ["1", "2", "3"]),
        ('"open', ",", ["open"]),
    ],
)
def test_fields_of_a_line(line: str, mark: str, fields: list[str]) -> None:
    assert split_line(line, mark) == fields


def test_decimal_commas_become_points() -> None:
    assert [pointed(x, ",") for x in ("1,5", "-0,25e3", "a,b", "1.5")] == ["1.5", "-0.25e3", "a,b", "1.5"]
    assert pointed("1,5", ".") == "1,5"


@pytest.mark.parametrize("mark", list(";\t,| "))
def test_what_cuts_the_lines(mark: str) -> None:
    assert separator_of(["# a, b; c", *[mark.join("123") for _ in range(9)]]) == mark


def test_commas_beside_semicolons_are_decimals() -> None:
    assert separator_of(["a;b", "1,5;2,5", "1,5;2,5"]) == ";"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
@pytest.mark.parametrize("packed", [False, True])
def test_encodings_and_compression(encoding: str, packed: bool) -> None:
    data = "Zeit,Höhe\n0,1\n".encode(encoding)
    file = io.BytesIO(gzip.compress(data) if packed else data)
    text, _, compressed = open_text(Path("x"), file)
    assert text.read().lstrip("\ufeff") == "Zeit,Höhe\n0,1\n"
    assert compressed == packed


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(UserError, match="binary"):
        open_text(Path("x"), io.BytesIO(b"a,b\n\0\0\0\0\0\0"))
    with pytest.raises(UserError, match="compressed file is damaged"):
        open_text(Path("x"), io.BytesIO(b"\x1f\x8b\x08abc"))


def test_options_that_say_nothing_are_false() -> None:
    assert not TableOptions()
    assert TableOptions(decimal=",")
