"""The log of a job, in the place of its figures."""

from __future__ import annotations

from labelloop.app import LabelloopApp
from labelloop.widgets.rows import RowsView
from tests.screens.conftest import Driven, until
from tests.screens.made_jobs import made_job


def text_of(app: LabelloopApp, selector: str) -> str:
    """What a part of the screen shows."""
    return app.screen.query_one(selector, RowsView).text


async def test_the_log_is_that_of_the_job_that_is_looked_at(driven: Driven) -> None:
    async with driven() as (app, press):
        made_job(app.store, {"first": 0.9}, "first")
        run = made_job(app.store, {"second": 0.9}, "second")
        await press("t", "l")
        assert "second: done" in text_of(app, "#log")
        await press("[")
        assert "first: done" in text_of(app, "#log")
        assert "second" not in text_of(app, "#log")
        await press("]")
        run.append({"type": "message", "text": "a long story " * 9 + "and one more thing"})
        run.append({"type": "state", "state": "stopped"})
        await until(lambda: "one more thing" in text_of(app, "#log"))
        assert max(map(len, text_of(app, "#log").split("\n"))) < 80
