"""The model list and the windows' settings, by keys."""

from __future__ import annotations

from app.screens.model_list import ModelListScreen
from app.screens.windows import WindowsScreen
from app.services.assign import assign
from app.services.model_list import generate_list
from app.services.training import TrainingRequest
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


async def test_windows_need_labels_and_go_up_and_down(driven: Driven) -> None:
    async with driven() as (app, press):
        await press("t", "P", "right")
        assert isinstance(app.screen, WindowsScreen)
        await press("q")
        sessions = [s for s in app.project.sessions() if s.path.startswith("down/down_0")]
        assign(app.store.editor, sessions[:3], "train")
        await press("P", "right")
        screen = app.screen
        assert isinstance(screen, WindowsScreen)
        assert 1.0 < screen.windows.context_s < 2.0
        await press("0")
        assert screen.windows.context_s < 1.0
