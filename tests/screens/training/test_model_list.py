"""The model list and the windows' settings, by keys."""

from __future__ import annotations

import pytest

from labelloop.errors import UserError
from labelloop.formats.improj.model_list import facts_of
from labelloop.screens.training.model_form import ModelFormScreen
from labelloop.screens.training.model_list import ModelListScreen, settings_of
from labelloop.screens.training.model_wizard import _fields
from labelloop.screens.training.windows import WindowsScreen
from labelloop.services.sessions.assign import assign
from labelloop.services.training.model_list import generate_list
from labelloop.services.training.request import TrainingRequest
from labelloop.widgets.rows import Line, RowsView
from tests.screens.conftest import Driven


async def test_models_are_cloned_edited_deleted_and_undone(driven: Driven) -> None:
    async with driven() as (app, press):
        generate_list(app.store, TrainingRequest(models=1))
        await press("t", "m")
        assert isinstance(app.screen, ModelListScreen)
        await press("c")
        assert [m.name for m in app.project.state.models] == ["dense-medium-1", "dense-medium-2"]
        await press("x")
        assert [m.name for m in app.project.state.models] == ["dense-medium-2"]
        await press("z", "z", "X")
        assert app.project.state.models == ()
        await press("enter")
        assert app.screen.context().models == 0


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


async def test_a_list_is_shown_though_labels_can_not_be_read(driven: Driven) -> None:
    async with driven() as (app, press):
        session = next(s for s in app.project.sessions() if s.path.startswith("down/down_0"))
        assign(app.store.editor, [session], "train")
        generate_list(app.store, TrainingRequest(models=1))
        assert session.label_file
        labels = app.store.path.parent / session.label_file
        labels.unlink()
        labels.mkdir()
        await press("t", "m")
        assert "dense-medium-1" in app.screen.query_one("#list", RowsView).text


def test_what_the_wizard_says_of_a_value_fits_80_columns() -> None:
    full = {"learning_rate": "high", "regularization": "high", "epochs": "1000", "batch_size": "128"}
    for kept in ({}, full | {"patience": "100"}):
        assert max(len(field.hint) for field in _fields(["down", "up"], "down", kept)) <= 31
