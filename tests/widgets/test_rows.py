"""Rows of styled text in any terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from textual.widget import Widget

from labelloop.widgets.keybar import KeyBar
from labelloop.widgets.list_table import Column, ListTable
from labelloop.widgets.rows import Line

COLUMNS = [
    Column("name", "session", 12, flexible=True),
    Column("set", "set", 6),
    Column("rate", "rate", 7, "right", rank=2),
    Column("length", "length", 8, "right", rank=1),
]


def cells(index: int) -> list[tuple[str, str]]:
    names = ["down_00", "走る\x1b[2J[red]x[/red]", "up_02"]
    return [(names[index % 3], ""), ("Train", ""), ("52 Hz", ""), ("2:04.1", "")]


def mixed() -> Iterable[Widget]:
    yield Line(id="line")
    yield ListTable()
    yield KeyBar()


@pytest.mark.parametrize("size", [(20, 5), (5, 2), (1, 1), (300, 90)])
async def test_any_terminal_size(widget_app: Any, size: tuple[int, int]) -> None:
    app = widget_app(mixed)
    async with app.run_test(size=size) as pilot:
        app.screen.query_one("#line", Line).show([("title", "title")], [("right", "dim")])
        app.screen.query_one(ListTable).show(100, cells, COLUMNS)
        app.screen.query_one(KeyBar).show([("a", "b"), ("?", "help")])
        await pilot.pause()
        assert all(len(row) <= size[0] for row in app.shown())
