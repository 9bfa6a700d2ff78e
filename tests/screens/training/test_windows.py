"""Context length and prediction rate, kept with the project."""

from __future__ import annotations

from labelloop.screens.training.windows import WindowsScreen
from labelloop.services.sessions.assign import assign
from tests.screens.conftest import Driven


async def test_windows_are_kept_with_the_project_and_undone(driven: Driven) -> None:
    async with driven() as (app, press):
        sessions = [s for s in app.project.sessions() if s.path.startswith("down/down_0")]
        assign(app.store.editor, sessions[:3], "train")
        await press("t", "P", "right", "+")
        assert isinstance(app.screen, WindowsScreen)
        kept = app.project.state.windows
        assert kept is not None
        assert 1.0 < kept[0] < 2.0
        await press("q", "q", "t", "P")
        screen = app.screen
        assert isinstance(screen, WindowsScreen)
        assert screen.windows.context_s == kept[0]
        await press("0")
        assert app.project.state.windows is None
        await press("z")
        assert app.project.state.windows == kept


async def test_windows_without_labels_are_a_guess_that_says_so(driven: Driven) -> None:
    async with driven() as (app, press):
        await press("t", "P")
        screen = app.screen
        assert isinstance(screen, WindowsScreen)
        assert "Train has no labels yet" in screen.query_one("#status").text  # type: ignore[attr-defined]
        assert "Suggested: " in screen.query_one("#windows").text  # type: ignore[attr-defined]
        await press("left")
        assert app.project.state.windows is not None
