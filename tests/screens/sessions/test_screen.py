"""The sessions screen: what keys do to the project."""

from __future__ import annotations

from pathlib import Path

from labelloop.app import LabelloopApp
from labelloop.rendering.glyphs import Glyphs
from labelloop.screens.sessions.screen import SessionsScreen
from labelloop.screens.shared.glyph_card import SAMPLES, GlyphCard
from labelloop.services.labels.history import undo
from labelloop.services.projects.create import new_project
from labelloop.services.projects.settings import load_settings
from labelloop.services.sessions.marks import activate_track
from labelloop.storage.opening import open_project
from labelloop.storage.saving import Saver
from labelloop.storage.store import ProjectStore
from labelloop.widgets.rows import Line, RowsView
from tests.screens.conftest import Driven


def _set(app: LabelloopApp, path: str) -> str:
    session = next(s for s in app.project.sessions() if s.path == path)
    return app.project.set_of(session.id)


def _said(app: LabelloopApp) -> str:
    return app.screen.query_one("#status", Line).text


async def test_one_key_moves_a_session_and_one_brings_it_back(driven: Driven) -> None:
    async with driven() as (app, press):
        before = app.store.path.read_bytes()
        await press("T", "V")
        assert _set(app, "down/down_01") == "train"
        assert _set(app, "down/down_02") == "validation"
        await press("z", "z")
        assert _set(app, "down/down_01") == _set(app, "down/down_02") == "unassigned"
        assert "Undone" in _said(app)
        await press("Z")
        assert _set(app, "down/down_01") == "train"
        await press("z")
        Saver(app.store).save()
        assert app.store.path.read_bytes() == before


async def test_help_palette_and_a_tiny_terminal(driven: Driven) -> None:
    async with driven(size=(20, 5)) as (app, press):
        await press("question_mark", "escape", "colon", *"redis", "escape", "enter", "q", "down", "T")
        assert _set(app, "down/down_02") == "train"


async def test_the_card_of_the_first_start(store: ProjectStore) -> None:
    app = LabelloopApp(store, ask_glyphs=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.6)
        assert isinstance(app.screen, GlyphCard)
        shown = app.screen.query_one(RowsView).text
        assert all(sample in shown for _, sample, _ in SAMPLES.values())
        await pilot.press("2")
        await pilot.pause(0.1)
        assert isinstance(app.screen, SessionsScreen)
        assert app.glyphs is Glyphs.BLOCK
        assert load_settings().glyphs == "block"
        app.show_glyph_card()
        await pilot.pause(0.2)
        await pilot.press("T")
        await pilot.pause(0.2)
        assert app.glyphs is Glyphs.BLOCK
        assert _set(app, "down/down_01") == "train"


def test_another_data_track_brings_its_own_shape_rate_and_length(tmp_path: Path) -> None:
    folder = tmp_path / "p" / "s"
    folder.mkdir(parents=True)
    (folder / "data.csv").write_text("Time (seconds),x\n" + "".join(f"{n / 10},{n}\n" for n in range(50)))
    (folder / "fast.csv").write_text("Time (seconds),x,y\n" + "".join(f"{n / 20},{n},1\n" for n in range(60)))
    new_project(tmp_path / "p")
    store = open_project(next((tmp_path / "p").glob("*.improj")), "a test")
    try:
        session = next(store.project.sessions())
        before = store.path.read_bytes()
        activate_track(store, [session], "fast", "data track")
        seen = next(store.project.sessions())
        assert (seen.shape, seen.rate_hz, round(seen.length_s, 3)) == ((2,), 20.0, 2.95)
        undo(store.editor)
        assert next(store.project.sessions()) == session
        Saver(store).save()
        assert store.path.read_bytes() == before
    finally:
        store.close()
