"""The list: columns that give way, a cursor that stays inside."""

from __future__ import annotations

from typing import Any

from labelloop.widgets.list_table import Column, ListTable, placed

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
