"""What each step of the wizard shows and asks."""

from __future__ import annotations

from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.screens.generate.state import SETTINGS, SOURCE, TARGET
from labelloop.widgets.rows import Block
from tests.screens.conftest import Driven, until
from tests.screens.generate.looking import front, said


async def test_nothing_is_generated_into_a_track_that_sessions_lack(driven: Driven) -> None:
    async with driven() as (app, press):
        await press("space", "g", "down", "enter", "enter", "right", "e", "ctrl+u", *"label", "enter")
        assert front(app).steps.state.target_kind == "new"
        await press("down", "e", "ctrl+u", *"label", "enter", "enter")
        assert front(app).steps.state.track != "label" or "already" in said(app)
        assert front(app).steps.state.step == TARGET


async def test_a_locked_session_is_named_at_the_target_step(driven: Driven) -> None:
    async with driven() as (app, press):
        await press("L", "space", "g", "down", "enter", "enter", "enter")
        assert front(app).steps.state.step == TARGET
        assert "Locked: down/down_01" in said(app)
        await press("right", "enter")
        assert front(app).steps.state.step == SETTINGS


async def test_examples_of_several_classes_are_refused_at_their_step(driven: Driven) -> None:
    async with driven() as (app, press):
        first = next(app.project.sessions())
        up = Label.spanning(first.end_s - 0.5, first.end_s, "up")
        app.store.editor.apply(EditLabels(first.id, "label", (), (up,)))
        await press("space", "g", "down", "down", "enter")
        classes = [cells[1][0] for _, cells in front(app).steps.examples]
        other = classes.index("up")
        await press("space", *["down"] * (other - 1), "space", "enter")
        assert front(app).steps.state.step == SOURCE
        assert "several classes" in said(app)


async def test_the_summary_counts_all_sessions_without_the_preview(driven: Driven) -> None:
    async with driven() as (app, press):
        await press("a", "g", "down", "enter", "enter", "enter", "right", "enter")
        wizard = front(app)
        await until(lambda: wizard.steps.preview.tally.finished)
        total = sum(len(app.project.track(s.id)) for s in app.project.sessions())
        await until(lambda: f"{total} labels will be added" in wizard.query_one("#text", Block).text)
