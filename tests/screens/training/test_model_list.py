"""The model list and the windows' settings, by keys."""

from __future__ import annotations

from labelloop.screens.training.model_list import ModelListScreen
from labelloop.services.sessions.assign import assign
from labelloop.services.training.model_list import generate_list
from labelloop.services.training.request import TrainingRequest
from labelloop.widgets.rows import RowsView
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
