"""app/README.md tells what is so: its map is that of the source, the files that it names exist."""

from __future__ import annotations

import re

import pytest

from tests.rooms import MAP, README, heights, picture, room_map, with_map
from tests.where import ROOT, SOURCE

TEXT = README.read_text(encoding="utf-8")


def test_the_map_is_current() -> None:
    assert MAP.search(TEXT)
    assert with_map(TEXT) == TEXT, "make it anew with 'python -m tests.rooms'"


def test_a_room_stands_above_all_that_it_imports() -> None:
    edges = {("top", "middle"), ("top", "low"), ("middle", "low")}
    assert heights({"top", "middle", "low", "alone"}, edges) == {"top": 2, "middle": 1, "low": 0, "alone": 0}


def test_floors_are_drawn_from_the_highest() -> None:
    assert picture({"b": 0, "top": 1, "a": 0}) == "top\na   b"


def test_rooms_in_a_circle_have_no_floors() -> None:
    with pytest.raises(ValueError, match="circle"):
        heights({"a", "b"}, {("a", "b"), ("b", "a")})


def test_a_map_has_a_row_for_each_room_and_part() -> None:
    made = room_map(
        {
            "labelloop": '"""All."""',
            "labelloop.errors": '"""Errors."""',
            "labelloop.low": '"""Low things.\n\nMore."""',
            "labelloop.low.a": "import labelloop.errors",
            "labelloop.high": '"""High things."""',
            "labelloop.high.part": '"""A part."""',
            "labelloop.high.part.b": "from labelloop.high.other.c import x",
            "labelloop.high.other": '"""Another."""',
            "labelloop.high.other.c": "from labelloop.low import a",
        }
    )
    assert "```\nhigh\nlow\n```" in made
    assert "| `high` | High things. | `low` |" in made
    assert "| `low` | Low things. |  |" in made
    assert "| `high/part` | A part. | `other` |" in made
    assert "errors" not in made


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`([\w/]+\.py)`", TEXT))))
def test_a_file_that_it_names_exists(name: str) -> None:
    assert (ROOT / name).is_file() or (SOURCE / "labelloop" / name).is_file()


@pytest.mark.parametrize("way", re.findall(r"^## The way of (.+)$", TEXT, re.MULTILINE))
def test_a_way_has_ten_steps(way: str) -> None:
    section = TEXT.partition(f"## The way of {way}")[2].partition("\n## ")[0]
    assert re.findall(r"^(\d+)\. ", section, re.MULTILINE) == [str(i + 1) for i in range(10)]


def test_the_glossary_is_sorted_and_has_each_word_once() -> None:
    words = re.findall(r"^\| ([\w ,]+) \|", TEXT.partition("| word |")[2], re.MULTILINE)
    assert words == sorted(set(words), key=str.lower)
    assert len(words) >= 30
