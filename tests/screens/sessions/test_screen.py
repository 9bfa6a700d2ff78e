"""The sessions screen: what keys do to the project."""

from __future__ import annotations

from pathlib import Path

from textual.keys import _character_to_key

from labelloop.app import LabelloopApp
from labelloop.project.classes import ClassLook
from labelloop.rendering.glyphs import Glyphs
from labelloop.screens.sessions.screen import SessionsScreen
from labelloop.screens.shared.glyph_card import SAMPLES, GlyphCard
from labelloop.services.labels.classes import looks_of
from labelloop.services.labels.history import undo
from labelloop.services.projects.create import new_project
from labelloop.services.projects.settings import load_settings
from labelloop.services.sessions.filters import COLUMNS
from labelloop.services.sessions.marks import activate_track
from labelloop.storage.opening import open_project
from labelloop.storage.saving import Saver
from labelloop.storage.store import ProjectStore
from labelloop.widgets.prompt import Prompt
from labelloop.widgets.rows import Line, RowsView
from tests.screens.conftest import Driven


def typed(text: str) -> list[str]:
    """The keys that type a text."""
    return [_character_to_key(char) for char in text]


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
        assert all("down" in s.path or "mixed" in s.path for s in screen.listed.shown)
        assert 0 < len(screen.listed.shown) < len(app.project)
        await press("enter", "a", "T")
        assert _set(app, "down/down_02") == "train"
        assert _set(app, "up/up_01") == "unassigned"
        await press("escape", "escape")
        assert len(screen.listed.shown) == len(app.project)


async def test_a_class_is_renamed_in_list_and_labels(driven: Driven) -> None:
    async with driven() as (app, press):
        await press("c", "r", "ctrl+u", *"fall", "enter")
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


async def test_columns_filter_sort_hide_and_move(driven: Driven) -> None:
    async with driven(size=(200, 50)) as (app, press):
        screen = app.screen
        assert isinstance(screen, SessionsScreen)

        async def filtered(text: str) -> list[str]:
            await press("/", "ctrl+u", *typed(text), "enter")
            return [s.path for s in screen.listed.shown]

        await press("o", *typed("ward=room 3"), "enter")
        assert await filtered('ward:"room 3"') == ["down/down_01"]
        assert "down/down_01" in await filtered("labels:>0 down:9 set:unassigned")
        assert not await filtered("down:>9 labelled:>99%")
        assert len(await filtered("length:>1000000")) == 0
        for column in COLUMNS:
            await filtered(f"{column}:")
        await press("/", "ctrl+u", *typed("colour:red"), "enter")
        assert "there is no column colour" in screen.query_one("#prompt", Prompt).text
        await press("escape")
        await filtered("")
        await press("s", "ctrl+u", *"down", "enter", "s", "enter")
        counts = [sum(x.count for x in s.totals if x.name == "down") for s in screen.listed.shown]
        assert counts == sorted(counts, reverse=True)
        await press("C", *typed("length before set"), "enter", "C", *"rate", "enter")
        titles = [c.title for c in screen.listed.columns]
        assert titles.index("length") + 1 == titles.index("set")
        assert "rate" not in titles
        await press("C", *"pink", "enter")
        assert "There is no column pink" in _said(app)


async def test_shift_and_arrows_tick_a_range(driven: Driven) -> None:
    async with driven() as (app, press):
        await press("down", "shift+down", "shift+down", "shift+up", "T")
        assert [_set(app, f"down/down_0{k}") for k in range(1, 5)] == [
            *("unassigned", "train", "train", "unassigned")
        ]
        await press("z")
        assert len(app.project.in_set("train")) == 0


async def test_a_class_gets_a_key_a_colour_a_weight_and_a_place(driven: Driven) -> None:
    async with driven() as (app, press):
        await press("c", "down", "K", "1", "enter")
        looks = looks_of(app.project.state.looks, app.project.class_names)
        assert [(name, looks[name].key) for name in app.project.class_names] == [("down", "2"), ("up", "1")]
        await press("c", *"red", "enter")
        assert app.project.state.looks["up"] == ClassLook("1", 4)
        await press("c", "ctrl+u", *"pink", "enter")
        assert "no colour 'pink'" in _said(app)
        await press("w", "ctrl+u", "3", "enter")
        assert app.project.classes[1].weight == 3
        await press("U")
        assert app.project.class_names == ["up", "down"]
        await press("z", "z", "z", "z")
        assert app.project.class_names == ["down", "up"]
        assert not app.project.state.looks


async def test_a_letter_as_key_acts_where_no_command_has_it(driven: Driven) -> None:
    async with driven() as (app, press):
        await press("c", "down", "K", "z", "enter")
        assert "z is taken by Undo" in app.screen.query_one("#prompt", Prompt).text
        await press("ctrl+u", "Y", "enter", "q", "Y")
        assert app.active_class == "up"
        assert "up (Y)" in app.screen.query_one("#header", Line).text
        await press("enter", "n", "Y", "q")
        assert any(x.name == "up" for x in app.project.track(next(app.project.sessions()).id))


async def test_a_class_is_deleted_and_its_labels_do_as_asked(driven: Driven) -> None:
    async with driven() as (app, press):

        def names() -> set[str]:
            return {x.name for x in app.project.track(next(app.project.sessions()).id)}

        await press("c", "x", "ctrl+u", *typed("into up"), "enter")
        assert (app.project.class_names, names()) == (["up"], {"up"})
        await press("z")
        assert (app.project.class_names, names()) == (["down", "up"], {"down"})
        await press("x", "ctrl+u", *"labels", "enter")
        assert (app.project.class_names, names()) == (["up"], set())
        await press("z", "home", "x", "enter")
        assert (app.project.class_names, names()) == (["up"], {"down"})
        await press("z", "x", "ctrl+u", *"perhaps", "enter")
        assert "Answer 'keep'" in _said(app)
        assert app.project.class_names == ["down", "up"]


async def test_files_are_deleted_only_when_the_name_is_typed(driven: Driven) -> None:
    async with driven() as (app, press):
        folder = app.project.folder / "Data/down/down_01"
        await press("X", *"disk", "enter", *"yes", "enter")
        assert len(app.project) == 22
        assert folder.exists()
        await press("X", *"disk", "enter", *(typed("down_01")), "enter")
        assert len(app.project) == 21
        assert not folder.exists()
        assert (app.project.folder / "Data/down/down_02/data.csv").exists()
        await press("z", "home", "down", "up")
        assert len(app.project) == 22


async def test_redistribution_by_time_says_what_it_comes_to(driven: Driven) -> None:
    async with driven(size=(160, 40)) as (app, press):
        await press("R", "ctrl+u", *typed("50/25/25 time"), "enter")
        assert "By time: Train down" in _said(app)
        await press("ctrl+u", "n", "enter")
        assert len(app.project.in_set("train")) == 0
        await press("R", "ctrl+u", *typed("50/25/25 luck"), "enter")
        assert "'luck' is none of labels, time, unassigned" in _said(app)


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
