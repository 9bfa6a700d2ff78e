"""The row of keys keeps help."""

from __future__ import annotations

from typing import Any

from labelloop.commands.catalogue import bar_items
from labelloop.commands.command import Context, Group
from labelloop.widgets.keybar import KeyBar


async def test_key_bar_keeps_help(widget_app: Any) -> None:
    app = widget_app(lambda: [KeyBar()])
    async with app.run_test(size=(40, 3)) as pilot:
        app.screen.query_one(KeyBar).show(bar_items(Group.SESSIONS, Context(sessions=1, targets=1)))
        await pilot.pause()
        row = app.shown()[0]
        assert row.startswith(" enter open  T train")
        assert row.endswith("  ? help ")
        assert len(row) == 40
