"""The viewer: what keys do to the labels, and what is on the screen."""

from __future__ import annotations

import pytest

from tests.screens.conftest import Driven
from tests.screens.viewer.looking import lane, opened


@pytest.mark.parametrize("size", [(20, 5), (30, 8), (80, 24), (200, 50)])
async def test_any_terminal_size(driven: Driven, size: tuple[int, int]) -> None:
    async with driven(size=size) as (app, press):
        screen = await opened(app, press)
        await press(
            "n", "right", "+", "space", "right", "1", "pagedown", "_", "g", "1", "enter", "o", "T", "escape"
        )
        assert len(screen.pane.track) > 0


async def test_help_covers_and_comes_back(driven: Driven) -> None:
    async with driven() as (app, press):
        await opened(app, press)
        await press("?")
        assert app.screen.query_one("#help").display
        await press("?")
        assert "label" in lane(app)
