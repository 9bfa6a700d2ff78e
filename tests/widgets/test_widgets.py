"""What the widgets show and say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from textual.widget import Widget

from labelloop.commands.catalogue import bar_items
from labelloop.commands.command import Context, Group
from labelloop.rendering.matrix import Matrix
from labelloop.widgets.bindings import bindings_for
from labelloop.widgets.charts import Curves, MatrixView
from labelloop.widgets.keybar import KeyBar
from labelloop.widgets.list_table import Column, ListTable, placed
from labelloop.widgets.panel import HelpPanel, TextPanel
from labelloop.widgets.prompt import Prompt
from labelloop.widgets.rows import Line, Rule

COLUMNS = [
    Column("name", "session", 12, flexible=True),
    Column("set", "set", 6),
    Column("rate", "rate", 7, "right", rank=2),
    Column("length", "length", 8, "right", rank=1),
]


def cells(index: int) -> list[tuple[str, str]]:
    names = ["down_00", "走る\x1b[2J[red]x[/red]", "up_02"]
    return [(names[index % 3], ""), ("Train", ""), ("52 Hz", ""), ("2:04.1", "")]


def test_columns_give_way_by_rank() -> None:
    assert [i for i, _ in placed(COLUMNS, 80)] == [0, 1, 2, 3]
    assert [i for i, _ in placed(COLUMNS, 36)] == [0, 1, 3]
    assert [i for i, _ in placed(COLUMNS, 24)] == [0, 1]
    assert [i for i, _ in placed(COLUMNS, 5)] == [0]


async def test_table_shows_names_as_text(widget_app: Any) -> None:
    app = widget_app(lambda: [ListTable()])
    async with app.run_test(size=(43, 6)) as pilot:
        view = app.screen.query_one(ListTable)
        view.show(3, cells, COLUMNS, {1}.__contains__, ("name", True))
        view.focus()
        await pilot.press("down", "down", "up")
        assert view.cursor == 1
        assert [row.rstrip() for row in app.shown()[:4]] == [
            "   session▾       set        rate    length",
            "   down_00        Train     52 Hz    2:04.1",
            "▸✓ 走る␛[2J[red…  Train     52 Hz    2:04.1",
            "   up_02          Train     52 Hz    2:04.1",
        ]


async def test_table_moves_and_clamps(widget_app: Any) -> None:
    app = widget_app(lambda: [ListTable(empty="No sessions yet.")])
    async with app.run_test(size=(50, 12)) as pilot:
        view = app.screen.query_one(ListTable)
        view.focus()
        view.show(0, cells, COLUMNS)
        await pilot.press("down", "end")
        assert "No sessions yet." in view.text
        view.show(1000, cells, COLUMNS)
        await pilot.press("end")
        assert view.cursor == 999
        await pilot.press("home", "pagedown")
        assert view.cursor == 10
        view.show(4, cells)
        assert view.cursor == 3


async def test_key_bar_keeps_help(widget_app: Any) -> None:
    app = widget_app(lambda: [KeyBar()])
    async with app.run_test(size=(40, 3)) as pilot:
        app.screen.query_one(KeyBar).show(bar_items(Group.SESSIONS, Context(sessions=1, targets=1)))
        await pilot.pause()
        row = app.shown()[0]
        assert row.startswith(" enter open  T train")
        assert row.endswith("  ? help ")
        assert len(row) == 40


async def test_prompt_edits_checks_and_completes(widget_app: Any) -> None:
    app = widget_app(lambda: [ListTable(), Prompt()])
    heard: list[tuple[str, str, str]] = []

    def listen(message: object) -> None:
        if isinstance(message, (Prompt.Submitted, Prompt.Changed)):
            heard.append((type(message).__name__, message.purpose, message.value))
        elif isinstance(message, Prompt.Cancelled):
            heard.append(("Cancelled", message.purpose, ""))

    async with app.run_test(size=(60, 8), message_hook=listen) as pilot:
        prompt, table = app.screen.query_one(Prompt), app.screen.query_one(ListTable)
        table.show(3, cells, COLUMNS)
        app.screen.set_focus(table)
        prompt.ask("time", "go to", check=lambda v: None if v.isdigit() else "not a time", hint="seconds")
        await pilot.pause()
        assert app.shown()[7].rstrip() == " go to:    seconds"
        await pilot.press("1", "x", "j")
        assert "not a time" in app.shown()[7]
        await pilot.press("enter")
        assert prompt.asking
        await pilot.press("backspace", "backspace", "2", "left", "3", "enter")
        await pilot.pause()
        assert ("Submitted", "time", "132") in heard
        assert not prompt.asking
        assert app.focused is table
        assert table.cursor == 0
        prompt.ask("class", "class", choices=["down", "up", "updown"])
        await pilot.press("u", "p", "tab")
        assert prompt.value == "updown"
        await pilot.press("ctrl+u", "escape")
        assert heard[-1] == ("Cancelled", "class", "")


async def test_prompt_takes_a_paste_as_one_line(widget_app: Any) -> None:
    from textual import events

    app = widget_app(lambda: [Prompt()])
    async with app.run_test(size=(60, 3)) as pilot:
        prompt = app.screen.query_one(Prompt)
        prompt.ask("x", "x")
        await pilot.pause()
        app.post_message(events.Paste("a\nb\x1b[31m"))
        await pilot.pause()
        assert prompt.value == "a b␛[31m"


@pytest.mark.parametrize("group", list(Group))
async def test_help_names_every_key_at_80_columns(widget_app: Any, group: Group) -> None:
    app = widget_app(lambda: [HelpPanel()])
    async with app.run_test(size=(80, 24)) as pilot:
        panel = app.screen.query_one(HelpPanel)
        panel.show_group(group)
        panel.focus()
        seen = panel.text
        for _ in range(12):
            await pilot.press("pagedown")
            seen += panel.text
        assert "Help" in seen
        assert "…" not in "".join(line[:37] for line in seen.splitlines())


async def test_text_panel_scrolls(widget_app: Any) -> None:
    app = widget_app(lambda: [TextPanel()])
    async with app.run_test(size=(30, 5)) as pilot:
        panel = app.screen.query_one(TextPanel)
        panel.show([[(f"line {i}", "")] for i in range(50)], end=True)
        panel.focus()
        assert panel.text.splitlines()[-1] == "line 49"
        await pilot.press("up")
        assert panel.text.splitlines()[-1] == "line 48"


async def test_matrix_cursor(widget_app: Any) -> None:
    app = widget_app(lambda: [Curves(), MatrixView(), Rule()])
    async with app.run_test(size=(80, 24)) as pilot:
        app.screen.query_one(Curves).show({"train": [1, 0.5]}, 10)
        view = app.screen.query_one(MatrixView)
        view.show(Matrix(("down", "(missed)"), ("down", "(none)"), ((27, 2), (1, 0))))
        view.focus()
        await pilot.press("down", "right", "right")
        assert view.cursor == (1, 1)
        view.show(Matrix(("a",), ("a",), ((1,),)))
        assert view.cursor == (0, 0)
        view.show(None)
        await pilot.press("down")


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


async def test_styles_come_from_the_sheets_and_no_color_keeps_attributes(
    widget_app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = widget_app(mixed)
    async with app.run_test():
        style = app.screen.style_named("label.0 cursor")
        assert style.color is not None
        assert style.reverse
        assert app.screen.style_named("label.10") == app.screen.style_named("label.0")
        assert app.screen.style_named("nothing").color is None
    monkeypatch.setenv("NO_COLOR", "1")
    app = widget_app(mixed)
    async with app.run_test(size=(40, 5), headless=False) as pilot:
        app.screen.query_one("#line", Line).show([("x", "label.0 cursor")])
        await pilot.pause()
        written = "".join(app.written)
        assert "\x1b[7;39;49mx" in written
        assert "\x1b[32" not in written


def test_bindings_have_ids_and_unique_keys() -> None:
    for group in Group:
        found = bindings_for(group)
        assert len({b.key for b in found}) == len(found) == len({b.id for b in found})
