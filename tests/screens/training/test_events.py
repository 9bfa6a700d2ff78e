"""The events that a cell of the confusion matrix counts."""

from __future__ import annotations

from labelloop.app import LabelloopApp
from labelloop.screens.training.events import EventsScreen
from labelloop.screens.training.screen import TrainingScreen
from labelloop.screens.viewer.screen import ViewerScreen
from labelloop.widgets.rows import RowsView
from tests.screens.conftest import Driven
from tests.screens.made_jobs import made_job


def text_of(app: LabelloopApp, selector: str) -> str:
    """What a part of the screen shows."""
    return app.screen.query_one(selector, RowsView).text


async def test_a_cell_of_the_matrix_lists_events_and_opens_one(driven: Driven) -> None:
    async with driven() as (app, press):
        made_job(app.store, {"m-1": 0.9}, "m-1")
        await press("t", "tab", "down", "enter")
        screen = app.screen
        assert isinstance(screen, EventsScreen)
        await press("enter")
        assert isinstance(app.screen, ViewerScreen)
        await press("q", "q")
        assert isinstance(app.screen, TrainingScreen)
        await press("down", "enter", "enter")
        assert isinstance(app.screen, EventsScreen)
        assert "not in the project" in text_of(app, "#status")
