"""Sessions that are ticked to be acted upon together."""

from __future__ import annotations

from labelloop.app import LabelloopApp
from labelloop.widgets.rows import Line
from tests.screens.conftest import Driven


def _set(app: LabelloopApp, path: str) -> str:
    session = next(s for s in app.project.sessions() if s.path == path)
    return app.project.set_of(session.id)


def _said(app: LabelloopApp) -> str:
    return app.screen.query_one("#status", Line).text


async def test_ticked_rows_move_as_one_change(driven: Driven) -> None:
    async with driven() as (app, press):
        await press("v", "down", "down", "down", "v", "T")
        assert [_set(app, f"down/down_0{k}") for k in range(1, 6)] == [*["train"] * 4, "unassigned"]
        await press("z")
        assert _set(app, "down/down_01") == "unassigned"
        await press("i", "U")
        assert "Already in Unassigned" in _said(app)


async def test_shift_and_arrows_tick_a_range(driven: Driven) -> None:
    async with driven() as (app, press):
        await press("down", "shift+down", "shift+down", "shift+up", "T")
        assert [_set(app, f"down/down_0{k}") for k in range(1, 5)] == [
            *("unassigned", "train", "train", "unassigned")
        ]
        await press("z")
        assert len(app.project.in_set("train")) == 0
