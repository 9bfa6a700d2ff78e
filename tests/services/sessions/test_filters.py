"""Filters as they are typed, and orders."""

from __future__ import annotations

import doctest
from dataclasses import replace

import pytest

from labelloop.project.label_changes import EditLabels
from labelloop.services.sessions import filters
from labelloop.services.sessions.assign import assign, set_locked
from labelloop.services.sessions.filters import SORT_KEYS, Filter, shown_sessions
from labelloop.services.sessions.marks import set_custom, set_flag, toggle_done
from labelloop.storage.store import ProjectStore
from tests.services.conftest import Named


def _shown(store: ProjectStore, text: str, sort: str = "", descending: bool = False) -> list[str]:
    return [s.name for s in shown_sessions(store, Filter.parse(text), sort, descending)]


def test_examples() -> None:
    assert doctest.testmod(filters).failed == 0


@pytest.fixture
def varied(made: ProjectStore, named: Named) -> ProjectStore:
    """up_00 in Train and locked, down_01 flagged and done for down, up_02 without labels."""
    assign(made.editor, [named("up_00")], "train")
    set_locked(made.editor, [named("up_00")], True)
    set_flag(made.editor, [named("down_01")], "odd end")
    toggle_done(made.editor, [named("down_01")], ["down"])
    empty = named("up_02").id
    made.editor.apply(EditLabels(empty, "label", tuple(made.project.track(empty))))
    set_custom(made.editor, [named("down_03")], "ward", "Room 3")
    return made


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ["up_00", "down_01", "up_02", "down_03"]),
        ("UP", ["up_00", "up_02"]),
        ("up _02", ["up_02"]),
        ("set:tr", ["up_00"]),
        ("locked:", ["up_00"]),
        ("lock:no", ["down_01", "up_02", "down_03"]),
        ("flag:odd", ["down_01"]),
        ("flag:", ["down_01"]),
        ("done:down", ["down_01"]),
        ("status:un", ["up_02"]),
        ("class:up", ["up_00", "down_01", "down_03"]),
        ("labels:0", ["up_02"]),
        ("labels:>2", ["up_00", "down_01", "down_03"]),
        ("labels:1..2", []),
        ("up:2", ["up_00", "down_01", "down_03"]),
        ("up:", ["up_00", "down_01", "down_03"]),
        ('ward:"room 3"', ["down_03"]),
        ("category:room", ["down_03"]),
        ("ch:2", ["up_00", "down_01", "up_02", "down_03"]),
        ("channels:>2", []),
        ("rate:19..21 length:<9", []),
        ("track:label", ["up_00", "down_01", "up_02", "down_03"]),
        ("labelled:>10%", ["up_00", "down_01", "down_03"]),
        ("nothing:1", []),
        ('name:"up', ["up_00", "up_02"]),
    ],
)
def test_what_passes(varied: ProjectStore, text: str, names: list[str]) -> None:
    assert sorted(_shown(varied, text)) == sorted(names)


def test_a_column_that_does_not_exist_is_named(varied: ProjectStore) -> None:
    assert Filter.parse("set:train colour:red").unknown(varied) == "colour"
    assert Filter.parse("ward:3 up:1 set:train").unknown(varied) == ""


def test_an_empty_filter_is_none() -> None:
    assert not Filter.parse("  ")
    assert Filter.parse("a:")


@pytest.mark.parametrize(
    ("sort", "first"),
    [("name", "down_01"), ("labels", "up_02"), ("lock", "up_00"), ("flag", "up_00"), ("up", "up_02")],
)
def test_orders(varied: ProjectStore, sort: str, first: str) -> None:
    order = _shown(varied, "", sort)
    assert order[0] == first or sort == "flag"
    assert _shown(varied, "", sort, descending=True) == order[::-1]


@pytest.mark.parametrize("column", [*SORT_KEYS, "ward"])
def test_every_column_sorts(varied: ProjectStore, column: str) -> None:
    assert sorted(_shown(varied, "", column)) == ["down_01", "down_03", "up_00", "up_02"]


def test_a_session_without_a_shape_has_no_channels(made: ProjectStore, named: Named) -> None:
    made.project.replace_session(replace(named("up_00"), shape=(), length_s=0.0))
    assert _shown(made, "ch:0") == ["up_00"]
    assert "up_00" not in _shown(made, "labelled:>0")
