"""Panels of text and of keys."""

from __future__ import annotations

from typing import Any

import pytest

from labelloop.commands.command import Group
from labelloop.widgets.panel import HelpPanel, TextPanel


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
