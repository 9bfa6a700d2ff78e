"""Exporting labels from the session list."""

from __future__ import annotations

from labelloop.widgets.rows import Line
from tests.screens.conftest import Driven


async def test_ticked_sessions_are_written_and_files_not_replaced(driven: Driven) -> None:
    async with driven() as (app, press):
        folder = app.project.folder.parent
        await press("v", "down", "v", "x", *"audacity", "enter", "enter")
        files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.txt"))
        assert [name.split("/", 1)[1] for name in files] == ["down/down_01.txt", "down/down_02.txt"]
        assert "written into 2 files" in app.screen.query_one("#status", Line).text
        await press("x", *"audacity", "enter", "enter")
        assert "is there already" in app.screen.query_one("#status", Line).text
