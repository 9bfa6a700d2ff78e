"""The wizard's live preview."""

from __future__ import annotations

from labelloop.widgets.rows import Block, Line
from tests.screens.conftest import Driven, until
from tests.screens.generate.looking import front


async def test_settings_that_drop_everything_are_told_in_preview_and_summary(driven: Driven) -> None:
    why = "smallest length 99 drops everything"
    async with driven() as (app, press):
        await press("space", "g", "down", "enter", "enter", "enter", *["down"] * 6, "e", *"99", "enter")
        wizard = front(app)
        assert wizard.steps.state.settings == {"min_length": "99"}
        await until(lambda: why in wizard.query_one("#preview-counts", Line).text)
        assert "0 events in 1 session" in wizard.query_one("#preview-counts", Line).text
        await press("enter")
        shown = " ".join(wizard.query_one("#text", Block).text.split())
        assert why in shown
        assert "0 labels will be added, 9 removed" in shown
