"""The palette by keys."""

from __future__ import annotations

from labelloop.commands.command import Group
from labelloop.screens.shared.palette import PaletteScreen
from tests.screens.conftest import Driven


async def test_typing_narrows_down_and_enter_answers_with_the_command(driven: Driven) -> None:
    async with driven() as (app, press):
        answers: list[str | None] = []
        await app.push_screen(PaletteScreen(Group.VIEWER), answers.append)
        await press(*"split", "enter")
        assert answers == ["viewer.split"]


async def test_backspace_takes_a_typed_character_back(driven: Driven) -> None:
    async with driven() as (app, press):
        answers: list[str | None] = []
        await app.push_screen(PaletteScreen(Group.VIEWER), answers.append)
        await press(*"splitq", "backspace", "enter")
        assert answers == ["viewer.split"]


async def test_escape_answers_with_nothing(driven: Driven) -> None:
    async with driven() as (app, press):
        answers: list[str | None] = []
        await app.push_screen(PaletteScreen(Group.VIEWER), answers.append)
        await press(*"split", "escape")
        assert answers == [None]
