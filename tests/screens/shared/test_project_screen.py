"""What all screens of a project do with keys, questions and failures."""

from __future__ import annotations

from labelloop.errors import UserError
from labelloop.screens.shared.project_screen import ProjectScreen
from labelloop.widgets.rows import Line
from tests.screens.conftest import Driven


async def test_an_expected_failure_is_told_in_the_status_row(driven: Driven) -> None:
    async with driven() as (app, _):
        screen = app.screen
        assert isinstance(screen, ProjectScreen)

        def fails() -> None:
            raise UserError("The file is gone.")

        screen.guarded(fails)
        assert "The file is gone." in screen.query_one("#status", Line).text


async def test_the_answer_to_a_question_is_handed_on(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = app.screen
        assert isinstance(screen, ProjectScreen)
        answers: list[str] = []
        screen.ask("made", "word", answers.append)
        assert screen.asking
        await press(*"yes", "enter")
        assert answers == ["yes"]
        assert not screen.asking


async def test_escape_closes_the_help_and_never_quits(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = app.screen
        assert isinstance(screen, ProjectScreen)
        await press("?")
        assert screen.help_open
        await press("escape", "escape")
        assert not screen.help_open
        assert app.screen is screen
