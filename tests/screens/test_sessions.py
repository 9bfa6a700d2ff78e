"""The sessions screen: what keys do to the project."""

from __future__ import annotations

from pathlib import Path

from app.app import LabelloopApp
from app.project.classes import ClassLook
from app.screens.sessions import SessionsScreen
from app.services.classes import looks_of
from app.services.create import new_project
from app.services.history import undo
from app.services.marks import activate_track
from app.storage.saving import Saver
from app.storage.store import ProjectStore, open_project
from app.widgets.rows import Line
from tests.screens.conftest import Driven

_KEYS = {" ": "space", "=": "equals_sign"}


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


async def test_ticked_rows_move_as_one_change(driven: Driven) -> None:
    async with driven() as (app, press):
        await press("v", "down", "down", "down", "v", "T")
        assert [_set(app, f"down/down_0{k}") for k in range(1, 6)] == [*["train"] * 4, "unassigned"]
        await press("z")
        assert _set(app, "down/down_01") == "unassigned"
        await press("i", "U")
        assert "Already in Unassigned" in _said(app)


async def test_a_locked_session_stays_and_says_why(driven: Driven) -> None:
    async with driven() as (app, press):
        await press("L", "T")
        assert _set(app, "down/down_01") == "unassigned"
        assert "Locked in their sets: down/down_01" in _said(app)


async def test_filter_while_typing_and_out_again(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = app.screen
        assert isinstance(screen, SessionsScreen)
        await press("/", *"class", "colon", *"down")
        assert all("down" in s.path or "mixed" in s.path for s in screen._shown)
        assert 0 < len(screen._shown) < len(app.project)
        await press("enter", "a", "T")
        assert _set(app, "down/down_02") == "train"
        assert _set(app, "up/up_01") == "unassigned"
        await press("escape", "escape")
        assert len(screen._shown) == len(app.project)


async def test_a_class_is_renamed_in_list_and_labels(driven: Driven) -> None:
    async with driven() as (app, press):
        await press("c", "ctrl+u", *"rename", "space", *"down=fall", "enter")
        assert app.project.class_names == ["fall", "up"]
        session = next(app.project.sessions())
        assert {label.name for label in app.project.track(session.id)} == {"fall"}
        await press("z")
        assert app.project.class_names == ["down", "up"]
        assert {label.name for label in app.project.track(session.id)} == {"down"}


async def test_marks_flags_and_whole_sessions(driven: Driven) -> None:
    async with driven() as (app, press):
        first, *_ = app.project.sessions()
        await press("1", "m")
        assert app.project.session(first.id).done == {"down"}
        await press("F", *"odd", "enter")
        assert app.project.session(first.id).flag == "odd"
        await press("W")
        labels = list(app.project.track(first.id))
        assert [(x.name, x.start) for x in labels] == [("down", first.start_s)]
        assert labels[0].end <= first.end_s + 1e-9
        await press("z")
        assert len(app.project.track(first.id)) == 9


async def test_a_session_leaves_and_comes_back(driven: Driven) -> None:
    async with driven() as (app, press):
        await press("X", "y", "enter")
        assert len(app.project) == 21
        assert (app.project.folder / "Data/down/down_01/data.csv").exists()
        await press("z")
        assert len(app.project) == 22


async def test_redistribution_is_shown_before_it_is_done(driven: Driven) -> None:
    async with driven() as (app, press):
        await press("R", "enter")
        assert len(app.project.in_set("train")) == 0
        await press("enter")
        assert len(app.project.in_set("train")) > len(app.project.in_set("validation")) > 0


async def test_next_class_moves_all_back(driven: Driven) -> None:
    async with driven() as (app, press):
        await press("1", "a", "T", "escape", "N")
        assert len(app.project.in_set("unassigned")) == 22
        assert app.active_class == "up"


async def test_help_palette_and_a_tiny_terminal(driven: Driven) -> None:
    async with driven(size=(20, 5)) as (app, press):
        await press("question_mark", "escape", "colon", *"redis", "escape", "enter", "q", "down", "T")
        assert _set(app, "down/down_02") == "train"


async def test_every_session_draws_when_files_are_missing(store: ProjectStore, driven: Driven) -> None:
    first, second, *_ = store.project.sessions()
    store.project.data_path(first).unlink()
    (store.project.folder / second.label_file).write_bytes(b"\x00\xff")
    async with driven() as (app, press):
        await press("enter", "q", "down", "enter", "q", "down", "T")
        assert _set(app, "down/down_03") == "train"


async def test_a_class_gets_a_key_a_colour_and_a_place(driven: Driven) -> None:
    async with driven() as (app, press):

        async def classes(text: str) -> None:
            await press("c", "ctrl+u", *(_KEYS.get(char, char) for char in text), "enter")

        await classes("key up=1")
        looks = looks_of(app.project.state.looks, app.project.class_names)
        assert [(name, looks[name].key) for name in app.project.class_names] == [("down", "2"), ("up", "1")]
        await press("1")
        assert app.active_class == "up"
        await classes("colour up=red")
        assert app.project.state.looks["up"] == ClassLook("1", 4)
        await classes("before up=down")
        assert app.project.class_names == ["up", "down"]
        await classes("key up=x")
        assert "digit from 1 to 9" in _said(app)
        await classes("colour up=pink")
        assert "no colour 'pink'" in _said(app)
        await press("z", "z", "z")
        assert app.project.class_names == ["down", "up"]
        assert not app.project.state.looks


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
