"""What the list shows of each session, whatever its files are like."""

from __future__ import annotations

from labelloop.app import LabelloopApp
from labelloop.storage.store import ProjectStore
from labelloop.widgets.rows import Line
from tests.screens.conftest import Driven


def _set(app: LabelloopApp, path: str) -> str:
    session = next(s for s in app.project.sessions() if s.path == path)
    return app.project.set_of(session.id)


def _said(app: LabelloopApp) -> str:
    return app.screen.query_one("#status", Line).text


async def test_a_locked_session_stays_and_says_why(driven: Driven) -> None:
    async with driven() as (app, press):
        await press("L", "T")
        assert _set(app, "down/down_01") == "unassigned"
        assert "Locked in their sets: down/down_01" in _said(app)


async def test_every_session_draws_when_files_are_missing(store: ProjectStore, driven: Driven) -> None:
    first, second, *_ = store.project.sessions()
    store.project.data_path(first).unlink()
    (store.project.folder / second.label_file).write_bytes(b"\x00\xff")
    async with driven() as (app, press):
        await press("enter", "q", "down", "enter", "q", "down", "T")
        assert _set(app, "down/down_03") == "train"
