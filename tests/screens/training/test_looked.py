"""The job and model that are looked at."""

from __future__ import annotations

from labelloop.app import LabelloopApp
from labelloop.jobs.run import RunFolder
from labelloop.screens.training.screen import TrainingScreen
from labelloop.widgets.rows import RowsView
from tests.screens.conftest import Driven
from tests.screens.made_jobs import made_job


def text_of(app: LabelloopApp, selector: str) -> str:
    """What a part of the screen shows."""
    return app.screen.query_one(selector, RowsView).text


async def test_the_best_says_why_and_the_description_stands_below(driven: Driven) -> None:
    async with driven() as (app, press):
        made_job(app.store, {"m-1": 0.9, "m-2": 0.8}, "m-1", description="less noise")
        await press("t")
        facts = text_of(app, "#facts")
        assert "highest event F1 on Validation, 0.880 against 0.780 of m-2" in " ".join(facts.split())
        assert "less noise" in facts
        assert "@0.5 0.90" in facts
        assert "onset ±31, offset ±44 ms" in facts
        assert app.screen.query_one("#facts").size.height == len(facts.split("\n"))


async def test_a_job_without_statistics_takes_the_room_and_the_keys_back(driven: Driven) -> None:
    async with driven() as (app, press):
        made_job(app.store, {"m-1": 0.9}, "m-1")
        run = RunFolder.create(app.store.layout.runs, "train", "runs", {"classes": ["down"], "sessions": []})
        for index in range(3):
            run.append({"type": "model", "index": index, "name": f"m-{index}", "state": "queued"})
        run.append({"type": "state", "state": "stopped"})
        await press("t", "[", "b", "]")
        assert "m-2" in text_of(app, "#models")
        await press("[", "b", "tab", "]", "down")
        screen = app.screen
        assert isinstance(screen, TrainingScreen)
        assert screen.looked.table.has_focus
        assert screen.looked.table.cursor == 1
