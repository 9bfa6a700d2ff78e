"""What reaches the terminal: styles of the sheets, attributes without colour."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from textual.widget import Widget

from labelloop.widgets.keybar import KeyBar
from labelloop.widgets.list_table import ListTable
from labelloop.widgets.rows import Line


def mixed() -> Iterable[Widget]:
    yield Line(id="line")
    yield ListTable()
    yield KeyBar()


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
