"""The Model Wizard as a screen."""

from __future__ import annotations

import pytest

from labelloop.app import LabelloopApp
from labelloop.jobs.run import list_runs
from labelloop.screens.training.model_form import ModelFormScreen
from labelloop.screens.training.model_wizard import _fields
from labelloop.services.sessions.assign import assign
from labelloop.services.training import jobs as service
from tests.screens.conftest import Driven


@pytest.fixture
def never_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs are made, but no process is started for them."""
    monkeypatch.setattr(service, "launch", lambda run: 0)


def labelled(app: LabelloopApp) -> None:
    """Sessions with labels in Train."""
    found = [s for s in app.project.sessions() if s.path.startswith("down/down_0")]
    assign(app.store.editor, found[:3], "train")


async def test_the_wizard_is_a_screen_with_commands(driven: Driven, never_started: None) -> None:
    async with driven() as (app, press):
        labelled(app)
        await press("t", "w")
        assert isinstance(app.screen, ModelFormScreen)
        await press("down", "down", "e", "2", "enter", "enter")
        assert len(app.project.state.models) == 2
        await press("enter")
        assert [m["name"] for m in list_runs(app.store.layout.runs)[0].request()["models"]] == [
            "dense-medium-1",
            "dense-medium-2",
        ]


def test_what_the_wizard_says_of_a_value_fits_80_columns() -> None:
    full = {"learning_rate": "high", "regularization": "high", "epochs": "1000", "batch_size": "128"}
    for kept in ({}, full | {"patience": "100"}):
        assert max(len(field.hint) for field in _fields(["down", "up"], "down", kept)) <= 31
