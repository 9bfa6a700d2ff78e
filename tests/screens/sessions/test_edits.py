"""What the list's keys do to sessions: sets, marks, files on disk."""

from __future__ import annotations

from textual.keys import _character_to_key

from labelloop.app import LabelloopApp
from labelloop.widgets.rows import Line
from tests.screens.conftest import Driven


def typed(text: str) -> list[str]:
    """The keys that type a text."""
    return [_character_to_key(char) for char in text]


def _said(app: LabelloopApp) -> str:
    return app.screen.query_one("#status", Line).text


async def test_marks_flags_and_whole_sessions(driven: Driven) -> None:
    async with driven() as (app, press):
        first, *_ = app.project.sessions()
        await press("1", "m")
        assert app.project.session(first.id).done == {"down"}
        await press("F", *"odd", "enter")
        assert app.project.session(first.id).flag == "odd"
        await press("W")
        labels = list(app.project.track(first.id))
        assert [(x.name, x.start) for x in labels] == [("down", first.start_s)]
        assert labels[0].end <= first.end_s + 1e-9
        await press("z")
        assert len(app.project.track(first.id)) == 9


async def test_a_session_leaves_and_comes_back(driven: Driven) -> None:
    async with driven() as (app, press):
        await press("X", "y", "enter")
        assert len(app.project) == 21
        assert (app.project.folder / "Data/down/down_01/data.csv").exists()
        await press("z")
        assert len(app.project) == 22


async def test_redistribution_is_shown_before_it_is_done(driven: Driven) -> None:
    async with driven() as (app, press):
        await press("R", "enter")
        assert len(app.project.in_set("train")) == 0
        await press("enter")
        assert len(app.project.in_set("train")) > len(app.project.in_set("validation")) > 0


async def test_next_class_moves_all_back(driven: Driven) -> None:
    async with driven() as (app, press):
        await press("1", "a", "T", "escape", "N")
        assert len(app.project.in_set("unassigned")) == 22
        assert app.active_class == "up"


async def test_files_are_deleted_only_when_the_name_is_typed(driven: Driven) -> None:
    async with driven() as (app, press):
        folder = app.project.folder / "Data/down/down_01"
        await press("X", *"disk", "enter", *"yes", "enter")
        assert len(app.project) == 22
        assert folder.exists()
        await press("X", *"disk", "enter", *(typed("down_01")), "enter")
        assert len(app.project) == 21
        assert not folder.exists()
        assert (app.project.folder / "Data/down/down_02/data.csv").exists()
        await press("z", "home", "down", "up")
        assert len(app.project) == 22


async def test_redistribution_by_time_says_what_it_comes_to(driven: Driven) -> None:
    async with driven(size=(160, 40)) as (app, press):
        await press("R", "ctrl+u", *typed("50/25/25 time"), "enter")
        assert "By time: Train down" in _said(app)
        await press("ctrl+u", "n", "enter")
        assert len(app.project.in_set("train")) == 0
        await press("R", "ctrl+u", *typed("50/25/25 luck"), "enter")
        assert "'luck' is none of labels, time, unassigned" in _said(app)
