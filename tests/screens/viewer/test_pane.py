"""The pane of one session: what is shown, what is meant, what it says."""

from __future__ import annotations

from labelloop.screens.sessions.screen import SessionsScreen
from labelloop.storage.store import ProjectStore
from tests.screens.conftest import Driven, until
from tests.screens.viewer.looking import opened, said


async def test_read_only_moves_but_changes_nothing(store: ProjectStore, driven: Driven) -> None:
    async with driven() as (app, press):
        screen = await opened(app, press)
        lock, store.lock = store.lock, None
        count = len(screen.pane.track)
        await press("n", "x", "2", "m", "right")
        assert len(screen.pane.track) == count
        await press("x")
        assert "reading only" in said(app).lower()
        store.lock = lock


async def test_a_session_that_leaves_the_project_closes_the_viewer(driven: Driven) -> None:
    async with driven() as (app, press):
        from labelloop.services.sessions.marks import remove_sessions

        screen = await opened(app, press)
        remove_sessions(app.store.editor, [screen.pane.session])
        await until(lambda: isinstance(app.screen, SessionsScreen))
        assert "no longer in the project" in said(app)
