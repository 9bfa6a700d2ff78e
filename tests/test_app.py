"""The app around its screens: its project, what it says, saves, and keeps."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from labelloop.app import LabelloopApp
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.rendering.glyphs import Glyphs
from labelloop.screens.shared.project_screen import ProjectScreen
from labelloop.services.projects.settings import load_settings
from labelloop.services.projects.view_state import load_view
from labelloop.storage.opening import open_project
from labelloop.widgets.prompt import Prompt
from tests.made_project import make_project
from tests.screens.conftest import until


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return make_project(tmp_path / "p", 2)


def _edit(app: LabelloopApp) -> str:
    """Label something; the label file's session."""
    session = next(iter(app.project.sessions()))
    app.store.editor.apply(EditLabels(session.id, "label", (), (Label.spanning(6, 7, "up"),)))
    return session.label_file


async def test_an_edit_is_saved_soon_without_being_asked(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labelloop.app.SAVE_EVERY_S", 0.05)
    app = LabelloopApp(open_project(project, "a test"))
    async with app.run_test() as pilot:
        await pilot.pause()
        file = project.parent / _edit(app)
        await until(lambda: b"6.0" in file.read_bytes() or b"\n6," in file.read_bytes())
        await until(lambda: not app.store.editor.dirty)
    app.store.close()


async def test_a_project_open_for_reading_is_not_saved(project: Path) -> None:
    app = LabelloopApp(open_project(project, "a test", write=False))
    async with app.run_test():
        assert app.save_now() is None
    app.store.close()


async def test_an_active_class_that_is_gone_is_none(project: Path) -> None:
    app = LabelloopApp(open_project(project, "a test"))
    async with app.run_test():
        app.view.active_class = "up"
        assert app.active_class == "up"
        app.view.active_class = "jump"
        assert app.active_class == ""
    app.store.close()


async def test_glyphs_are_changed_and_remembered(project: Path) -> None:
    app = LabelloopApp(open_project(project, "a test"), Glyphs.BRAILLE)
    async with app.run_test() as pilot:
        await pilot.pause()
        app.draw_with(Glyphs.ASCII)
        assert load_settings().glyphs == "ascii"
    app.store.close()


async def test_where_the_user_was_is_kept(project: Path) -> None:
    app = LabelloopApp(open_project(project, "a test"))
    async with app.run_test():
        app.view.active_class = "down"
        app.keep_view()
    assert load_view(app.store.layout.view).active_class == "down"
    app.store.close()


async def test_what_opening_found_is_told(project: Path) -> None:
    store = open_project(project, "a test")
    store.warnings.append("Something is odd.")
    app = LabelloopApp(store)
    async with app.run_test() as pilot:
        await pilot.pause()
        assert "Something is odd." in app.notices or "Something is odd." in str(app.notices)
    store.close()


async def _conflict(app: LabelloopApp, pilot: Pilot[object]) -> Path:
    """Edit labels that another program changes, too; their file, once the question stands there."""
    await pilot.pause()
    app.look_around()
    await until(lambda: not app._watching)
    session = next(iter(app.project.sessions()))
    app.project.track(session.id)
    file = app.project.folder / session.label_file
    app.saver.held.add(f"labels/{session.id}/label")  # as if the save were a moment later
    app.store.editor.apply(EditLabels(session.id, "label", (), (Label.spanning(6, 7, "up"),)))
    file.write_text(file.read_text() + "9,0.5,down,1,\n")
    app.look_around()
    await until(lambda: isinstance(app.screen, ProjectScreen) and app.screen.asking)
    return file


@pytest.mark.parametrize(("key", "ours"), [("m", True), ("t", False)])
async def test_a_conflict_is_answered_by_one_key(project: Path, key: str, ours: bool) -> None:
    app = LabelloopApp(open_project(project, "a test"))
    async with app.run_test(size=(80, 24)) as pilot:
        await _conflict(app, pilot)
        shown = "".join(text for text, *_ in app.screen.query_one("#prompt", Prompt).make_rows(80, 1)[0])
        assert "up_00: you +1, another program +1 labels" in shown
        assert shown.endswith("m keep mine  t theirs  esc later")
        assert len(shown) <= 80
        await pilot.press("x", "enter")
        assert app._conflicts
        await pilot.press(key)
        assert not app._conflicts
        session = next(iter(app.project.sessions()))
        assert [x.start for x in app.project.track(session.id)][-2:] == (
            [6.0, 8.0000001] if ours else [8.0000001, 9.0]
        )
    app.store.close()


async def test_a_question_that_is_left_comes_again_later(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = LabelloopApp(open_project(project, "a test"))
    async with app.run_test(size=(80, 24)) as pilot:
        await _conflict(app, pilot)
        await pilot.press("escape")
        app.look_around()
        assert isinstance(app.screen, ProjectScreen)
        assert not app.screen.asking
        app._ask_from = 0.0
        app.look_around()
        assert app.screen.asking
    app.store.close()
