"""Keys that move the cursor and the view."""

from __future__ import annotations

import pytest

from labelloop.project.labels import Label
from tests.screens.conftest import Driven
from tests.screens.viewer.looking import alone, opened, said


async def test_the_cursor_goes_to_events_and_says_when_there_is_none(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = await opened(app, press)
        alone(screen, Label(3.0, 1.0, "down"), Label(6.0, 1.0, "up"))
        await press("n")
        assert screen.pane.view.cursor == 3.0
        await press("n")
        assert screen.pane.view.cursor == 6.0
        await press("n")
        assert "no event after this one" in said(app)
        await press("N")
        assert screen.pane.view.cursor == 3.0


async def test_zoom_halves_and_doubles_the_time(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = await opened(app, press)
        shown = screen.pane.view.shown
        await press("+")
        assert screen.pane.view.shown == pytest.approx(shown / 2)
        await press("-")
        assert screen.pane.view.shown == pytest.approx(shown)


async def test_a_time_outside_the_session_is_told(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = await opened(app, press)
        await press("g", *"9999", "enter")
        assert screen.pane.view.cursor == screen.pane.view.last
        assert "The session goes from" in said(app)
