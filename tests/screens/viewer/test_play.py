"""Playing a session and labelling meanwhile."""

from __future__ import annotations

from tests.screens.conftest import Driven, until
from tests.screens.viewer.looking import alone, opened


async def test_live_labelling_while_it_plays(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = await opened(app, press)
        alone(screen)
        await press("P", "+", "+")
        await until(lambda: screen.pane.view.cursor > 0.5)
        await press("1")
        start = screen.pane.view.cursor
        await until(lambda: screen.pane.view.cursor > start + 0.5)
        await press("1", "P")
        assert len(screen.pane.track) == 1
        assert screen.pane.track[0].length >= 0.5
        assert not screen.play.playing
        stopped = screen.pane.view.cursor
        await press()
        assert screen.pane.view.cursor == stopped
