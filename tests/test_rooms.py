"""app/README.md tells what is so: its map is that of the source, the files that it names exist."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from functools import cache
from importlib import import_module

import pytest

from tests.rooms import MAP, README, heights, picture, room_map, with_map
from tests.source import imports, room_of, texts
from tests.where import ROOT, SOURCE

TEXT = README.read_text(encoding="utf-8")
GLOSSARY = TEXT.partition("| word |")[2]
SOURCES = texts()


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
    words = re.findall(r"^\| ([\w ,]+) \|", GLOSSARY, re.MULTILINE)
    assert words == sorted(set(words), key=str.lower)
    assert len(words) >= 30


@pytest.mark.parametrize(
    "word", re.findall(r"[\w ]+", ",".join(re.findall(r"^\| ([\w ,]+) \|", GLOSSARY, re.MULTILINE)))
)
def test_a_word_of_the_glossary_is_used_in_the_code(word: str) -> None:
    spelled = word.strip().replace(" ", "[ _]?")
    assert re.search(rf"(?<![a-z]){spelled}s?(?![a-z])", "\n".join(SOURCES.values()), re.IGNORECASE)


# Textual's private parts

PRIVATE = TEXT.partition("## Textual's private parts")[2].partition("\n## ")[0]
FACES = [name for name in SOURCES if room_of(name) in ("app", "screens", "widgets")]


def private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


@cache
def own(kind: type) -> set[str]:
    """The private names that a class has or sets by itself."""
    return set(filter(private, {*vars(kind), *set_on_self(textwrap.dedent(inspect.getsource(kind)))}))


def of_textual(kind: type) -> set[str]:
    """The private names of Textual's classes among a class's ancestors."""
    return set().union(*(own(base) for base in kind.__mro__ if base.__module__.startswith("textual.")))


def set_on_self(source: str) -> set[str]:
    return {
        x.attr
        for x in ast.walk(ast.parse(source))
        if isinstance(x, ast.Attribute) and ast.unparse(x.value) == "self"
    }


def defined(kind: ast.ClassDef) -> set[str]:
    return {x.name for x in kind.body if isinstance(x, ast.FunctionDef | ast.AsyncFunctionDef)}


def private_parts(module: str) -> Iterator[str]:
    """Names of Textual's private parts that a module imports, or that its classes use or replace."""
    for found in imports(SOURCES[module]):
        if found.name.startswith("textual.") and any(map(private, found.name.split("."))):
            yield found.name
    for node in ast.parse(SOURCES[module]).body:
        if isinstance(node, ast.ClassDef):
            kind = getattr(import_module(module), node.name)
            yield from (set_on_self(ast.unparse(node)) | defined(node)) & of_textual(kind)


@pytest.mark.parametrize("module", FACES)
def test_private_parts_of_textual_stand_in_the_table(module: str) -> None:
    file = module.removeprefix("labelloop.").replace(".", "/") + ".py"
    for name in private_parts(module):
        rows = [
            row
            for row in PRIVATE.splitlines()
            if re.search(rf"[`.]{re.escape(name)}\b|`{name[: name.rfind('.')]}`", row)
        ]
        assert any(f"`{file}`" in row for row in rows), name
