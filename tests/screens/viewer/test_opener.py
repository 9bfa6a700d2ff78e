"""Opening a session: it is shown where the user left it."""

from __future__ import annotations

from tests.screens.conftest import Driven, until
from tests.screens.viewer.looking import opened


async def test_a_session_opens_where_it_was_left(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = await opened(app, press)
        await press("g", "7", "enter", "q")
        assert app.screen is not screen
        screen = await opened(app, press)
        assert screen.pane.view.cursor == 7.0


async def test_a_remembered_place_that_is_no_place_is_passed_over(driven: Driven) -> None:
    async with driven() as (app, press):
        app.view.places["down/down_03"] = ["a", "b", "c"]  # type: ignore[list-item]
        screen = await opened(app, press)
        await until(lambda: not screen.opener.waiting)
        assert screen.pane.view.cursor == screen.pane.view.first
