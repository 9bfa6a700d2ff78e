"""Filter, order and columns of the list."""

from __future__ import annotations

from textual.keys import _character_to_key

from labelloop.app import LabelloopApp
from labelloop.screens.sessions.screen import SessionsScreen
from labelloop.services.sessions.filters import COLUMNS
from labelloop.widgets.prompt import Prompt
from labelloop.widgets.rows import Line
from tests.screens.conftest import Driven


def typed(text: str) -> list[str]:
    """The keys that type a text."""
    return [_character_to_key(char) for char in text]


def _set(app: LabelloopApp, path: str) -> str:
    session = next(s for s in app.project.sessions() if s.path == path)
    return app.project.set_of(session.id)


def _said(app: LabelloopApp) -> str:
    return app.screen.query_one("#status", Line).text


async def test_filter_while_typing_and_out_again(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = app.screen
        assert isinstance(screen, SessionsScreen)
        await press("/", *"class", "colon", *"down")
        assert all("down" in s.path or "mixed" in s.path for s in screen.listed.shown)
        assert 0 < len(screen.listed.shown) < len(app.project)
        await press("enter", "a", "T")
        assert _set(app, "down/down_02") == "train"
        assert _set(app, "up/up_01") == "unassigned"
        await press("escape", "escape")
        assert len(screen.listed.shown) == len(app.project)


async def test_columns_filter_sort_hide_and_move(driven: Driven) -> None:
    async with driven(size=(200, 50)) as (app, press):
        screen = app.screen
        assert isinstance(screen, SessionsScreen)

        async def filtered(text: str) -> list[str]:
            await press("/", "ctrl+u", *typed(text), "enter")
            return [s.path for s in screen.listed.shown]

        await press("o", *typed("ward=room 3"), "enter")
        assert await filtered('ward:"room 3"') == ["down/down_01"]
        assert "down/down_01" in await filtered("labels:>0 down:9 set:unassigned")
        assert not await filtered("down:>9 labelled:>99%")
        assert len(await filtered("length:>1000000")) == 0
        for column in COLUMNS:
            await filtered(f"{column}:")
        await press("/", "ctrl+u", *typed("colour:red"), "enter")
        assert "there is no column colour" in screen.query_one("#prompt", Prompt).text
        await press("escape")
        await filtered("")
        await press("s", "ctrl+u", *"down", "enter", "s", "enter")
        counts = [sum(x.count for x in s.totals if x.name == "down") for s in screen.listed.shown]
        assert counts == sorted(counts, reverse=True)
        await press("C", *typed("length before set"), "enter", "C", *"rate", "enter")
        titles = [c.title for c in screen.listed.columns]
        assert titles.index("length") + 1 == titles.index("set")
        assert "rate" not in titles
        await press("C", *"pink", "enter")
        assert "There is no column pink" in _said(app)
