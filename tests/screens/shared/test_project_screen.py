"""What all screens of a project do with keys, questions and failures."""

from __future__ import annotations

from labelloop.errors import UserError
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label, LabelTrack
from labelloop.screens.shared.project_screen import ProjectScreen
from labelloop.storage.store import ProjectStore
from labelloop.widgets.prompt import Prompt
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


def checked_out(store: ProjectStore) -> None:
    """Two edits of different sessions, and the later one's label gone as after a checkout."""
    one, two = list(store.project.sessions())[:2]
    store.editor.apply(EditLabels(one.id, "label", (), (Label(0.1, 0.2, "up"),)), "the first")
    before = list(store.project.track(two.id))
    store.editor.apply(EditLabels(two.id, "label", (), (Label(0.1, 0.2, "up"),)), "the second")
    store.project.take_track(two.id, "label", LabelTrack(before))


async def test_an_undo_that_fits_no_more_is_skipped_by_one_key(store: ProjectStore, driven: Driven) -> None:
    async with driven() as (app, press):
        checked_out(store)
        await press("z")
        prompt = app.screen.query_one(Prompt)
        assert prompt.asking
        await press("x", "s")
        assert not prompt.asking
        await press("z")
        undone = store.editor.history.last_undone()
        assert undone is not None
        assert undone.title == "the first"
        assert store.editor.history.last_done() is None


async def test_escape_leaves_what_fits_no_more_as_it_is(store: ProjectStore, driven: Driven) -> None:
    async with driven() as (_, press):
        checked_out(store)
        await press("z", "escape")
        last = store.editor.history.last_done()
        assert last is not None
        assert last.title == "the second"
