"""The Generate Labels wizard by keys, with methods that need no model."""

from __future__ import annotations

import pytest

from labelloop.screens.generate.state import RESULT, SETTINGS, SUMMARY
from labelloop.screens.review.screen import ReviewScreen
from labelloop.widgets.rows import Block, Line
from tests.end_to_end.support import labelloop
from tests.screens.conftest import Driven, until
from tests.screens.generate.looking import front


async def test_labels_are_moved_and_the_run_is_taken_back(driven: Driven) -> None:
    async with driven() as (app, press):
        first = next(app.project.sessions())
        before = list(app.project.track(first.id))
        await press("space", "g", "down", "enter", "enter", "enter")
        assert front(app).steps.state.step == SETTINGS
        await press("right", "right", "enter")
        assert front(app).steps.state.step == SUMMARY
        command = front(app).query_one("#text", Block).text
        assert "--offset 0.1" in command
        await press("backspace", "enter", "enter")
        await until(lambda: front(app).steps.state.step == RESULT)
        moved = list(app.project.track(first.id))
        assert [round(b.start - a.start, 6) for a, b in zip(before, moved, strict=True)] == [0.1] * 9
        assert all(label.confirmed for label in moved)
        await press("enter", "z")
        assert list(app.project.track(first.id)) == before


async def test_the_shown_command_gives_the_same_files(driven: Driven) -> None:
    async with driven() as (app, press):
        first = next(app.project.sessions())
        file = app.project.folder / first.label_file
        await press("space", "g", "down", "enter", "enter", "enter", "right", "right", "right", "enter")
        words = front(app).steps.state.request().words(app.project.file)
        await press("enter")
        await until(lambda: front(app).steps.state.step == RESULT)
        app.save_now()
        by_wizard = file.read_bytes()
        await press("enter", "z")
        app.save_now()
        assert file.read_bytes() != by_wizard
        app.store.close()
        ran = labelloop(*words[1:])
        assert ran.code == 0, ran.err
        assert file.read_bytes() == by_wizard


async def test_find_similar_suggests_and_review_confirms(driven: Driven) -> None:
    async with driven() as (app, press):
        target = next(s for s in app.project.sessions() if s.path == "down/down_09")
        await press(
            "1", *["down"] * 8, "space", "g", "down", "down", "enter", "space", "space", "enter", "enter"
        )
        wizard = front(app)
        await until(lambda: wizard.steps.preview.tally.finished)
        await press("enter", "enter")
        await until(lambda: wizard.steps.state.step == RESULT)
        found = [x for x in app.project.track(target.id) if not x.confirmed]
        assert found
        await press("r")
        assert isinstance(app.screen, ReviewScreen)
        await until(lambda: len(app.screen.judging.queue.items) >= len(found))  # type: ignore[attr-defined]
        await press("a")
        assert sum(not x.confirmed for x in app.project.track(target.id)) == len(found) - 1
        await press("x")
        assert len(app.project.track(target.id)) == len(found) - 1
        await press("z", "z")
        assert [x for x in app.project.track(target.id) if not x.confirmed] == found
        await press("A", "ctrl+u", *"0", "space", *"all", "enter")
        assert all(x.confirmed for x in app.project.track(target.id))


async def test_answers_outlive_the_wizard(driven: Driven) -> None:
    async with driven() as (app, press):
        await press("space", "g", "down", "enter", "enter", "enter", "right", "q", "g")
        assert front(app).steps.state.step == SETTINGS
        assert front(app).steps.state.settings["offset"] == "0.05"


@pytest.mark.parametrize(("columns", "others"), [(80, False), (120, True)])
async def test_the_row_of_steps_fits(driven: Driven, columns: int, others: bool) -> None:
    async with driven((columns, 24)) as (app, press):
        await press("space", "g", "down")
        keys = ("", "enter", "enter", "enter", "enter")
        for key, title in zip(keys, ("Method", "Source", "Target", "Settings", "Summary"), strict=True):
            await press(*[key] if key else [])
            shown = front(app).query_one("#header", Line).text
            assert f"▸{front(app).steps.state.step} {title}" in shown
            assert ("7 Result" in shown) == others
            assert "7" in shown
            assert shown.endswith("1 session")
