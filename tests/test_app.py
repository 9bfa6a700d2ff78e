"""The app around its screens: its project, what it says, saves, and keeps."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from labelloop.app import LabelloopApp
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.rendering.glyphs import Glyphs
from labelloop.screens.shared.project_screen import ProjectScreen
from labelloop.services.projects.settings import load_settings
from labelloop.services.projects.view_state import load_view
from labelloop.storage.lock import ProjectLock
from labelloop.storage.opening import open_project
from labelloop.widgets.rows import Line
from tests.made_project import make_project
from tests.screens.conftest import until


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return make_project(tmp_path / "p", 2)


async def _shown(app: LabelloopApp) -> None:
    """Wait for the app's first screen."""
    await until(
        lambda: any(isinstance(screen, ProjectScreen) and screen.is_mounted for screen in app.screen_stack)
    )


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
    async with app.run_test():
        await _shown(app)
        file = project.parent / _edit(app)
        await until(lambda: b"6.0" in file.read_bytes() or b"\n6," in file.read_bytes())
        await until(lambda: not app.store.editor.dirty)
    app.store.close()


async def test_a_project_open_for_reading_is_not_saved(project: Path) -> None:
    app = LabelloopApp(open_project(project, "a test", write=False))
    async with app.run_test():
        await _shown(app)
        assert app.save_now() is None
    app.store.close()


async def test_an_active_class_that_is_gone_is_none(project: Path) -> None:
    app = LabelloopApp(open_project(project, "a test"))
    async with app.run_test():
        await _shown(app)
        app.view.active_class = "up"
        assert app.active_class == "up"
        app.view.active_class = "jump"
        assert app.active_class == ""
    app.store.close()


async def test_glyphs_are_changed_and_remembered(project: Path) -> None:
    app = LabelloopApp(open_project(project, "a test"), Glyphs.BRAILLE)
    async with app.run_test():
        await _shown(app)
        app.draw_with(Glyphs.ASCII)
        assert load_settings().glyphs == "ascii"
    app.store.close()


async def test_where_the_user_was_is_kept(project: Path) -> None:
    app = LabelloopApp(open_project(project, "a test"))
    async with app.run_test():
        await _shown(app)
        app.view.active_class = "down"
        app.keep_view()
    assert load_view(app.store.layout.view).active_class == "down"
    app.store.close()


async def test_what_opening_found_is_told(project: Path) -> None:
    store = open_project(project, "a test")
    store.warnings.append("Something is odd.")
    app = LabelloopApp(store)
    async with app.run_test():
        await _shown(app)
        assert "Something is odd." in app.notices or "Something is odd." in str(app.notices)
    store.close()


async def test_our_folder_that_is_removed_while_the_app_is_open_is_told_and_made_again(project: Path) -> None:
    store = open_project(project, "a test")
    app = LabelloopApp(store)
    async with app.run_test(size=(80, 24)):
        await _shown(app)
        _edit(app)
        shutil.rmtree(store.layout.home)
        app.autosave()
        await until(lambda: not store.editor.dirty)
        screen = app.screen
        assert isinstance(screen, ProjectScreen)
        assert "was removed" in screen.query_one("#status", Line).text
        assert store.layout.journal.exists()
    store.close()


async def test_who_was_overtaken_is_told_and_writes_nothing(project: Path) -> None:
    store = open_project(project, "a test")
    app = LabelloopApp(store)
    async with app.run_test(size=(80, 24)):
        await _shown(app)
        file = store.project.folder / _edit(app)
        before = file.read_bytes()
        store.layout.lock.unlink()
        other = ProjectLock(store.layout.lock, "Made")
        other.acquire("the other app")
        app.autosave()
        screen = app.screen
        assert isinstance(screen, ProjectScreen)
        assert "the other app" in screen.query_one("#status", Line).text
        assert file.read_bytes() == before
        other.release()
    store.close()
