"""From the open session to others."""

from __future__ import annotations

from labelloop.screens.sessions.screen import SessionsScreen
from tests.screens.conftest import Driven
from tests.screens.viewer.looking import alone, opened, said, spans


async def test_neighbours_place_and_undo_in_another_session(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = await opened(app, press)
        first = screen.pane.session_id
        alone(screen)
        await press("g", "5", "enter", "space", "g", "6", "enter", "1", "J")
        assert screen.pane.session_id != first
        await press("K")
        assert screen.pane.view.cursor == 6.0
        await press("J", "z")
        assert screen.pane.session_id == first
        assert spans(screen) == []
        assert "down_03" in said(app)
        await press("q")
        assert isinstance(app.screen, SessionsScreen)
