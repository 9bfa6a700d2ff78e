"""A model of the list in a form."""

from __future__ import annotations

import pytest

from labelloop.errors import UserError
from labelloop.formats.improj.model_list import facts_of
from labelloop.screens.training.model_form import ModelFormScreen
from labelloop.screens.training.model_list import ModelListScreen, settings_of
from labelloop.services.training.model_list import generate_list
from labelloop.services.training.request import TrainingRequest
from labelloop.widgets.rows import Line
from tests.screens.conftest import Driven


async def test_a_model_is_changed_in_a_form(driven: Driven) -> None:
    async with driven() as (app, press):
        generate_list(app.store, TrainingRequest(models=1))
        await press("t", "m", "enter", "e", "-", "a", "enter", "down", "right", "down", "e", "ctrl+u", "7")
        await press("enter", "enter")
        model = app.project.state.models[0]
        facts = facts_of(model)
        assert (model.name, facts.epochs, facts.batch) == ("dense-medium-1-a", 34, 7)
        assert isinstance(app.screen, ModelListScreen)
        await press("enter", "e", "ctrl+u", *"small", "enter", "enter")
        assert isinstance(app.screen, ModelFormScreen)
        assert app.project.state.models[0] == model
        await press("escape")
        assert isinstance(app.screen, ModelListScreen)


@pytest.mark.parametrize("text", ["2.5", "", "-1", "0"])
def test_settings_that_can_not_be_are_sentences(text: str) -> None:
    values = {"name": "a", "Epochs": text, "BatchSize": "8", "Patience": "0", "LearningRate": "0.1"}
    with pytest.raises(UserError, match="epochs must be a whole number"):
        settings_of(values)


async def test_a_model_that_was_taken_off_under_its_form_is_a_sentence(driven: Driven) -> None:
    async with driven() as (app, press):
        generate_list(app.store, TrainingRequest(models=1))
        await press("t", "m", "c", "down", "enter", "down", "right", "z", "enter")
        assert isinstance(app.screen, ModelFormScreen)
        assert "dense-medium-2 is not in the list any more" in app.screen.query_one("#status", Line).text
        await press("d")
        assert "the model's own" in app.screen.query_one("#status", Line).text
        assert [m.name for m in app.project.state.models] == ["dense-medium-1"]
