"""The viewer: what keys do to the labels, and what is on the screen."""

from __future__ import annotations

import pytest

from labelloop.app import LabelloopApp
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.screens.sessions.screen import SessionsScreen
from labelloop.screens.viewer.screen import ViewerScreen
from labelloop.storage.store import ProjectStore
from labelloop.widgets.lanes import ChannelLanes, LabelLanes
from labelloop.widgets.rows import Line
from tests.screens.conftest import Driven, Press, until


def said(app: LabelloopApp) -> str:
    return app.screen.query_one("#status", Line).text


def lane(app: LabelloopApp) -> str:
    return app.screen.query_one(LabelLanes).text


async def opened(app: LabelloopApp, press: Press, path: str = "down/down_03") -> ViewerScreen:
    """The viewer on a session, its signal read."""
    home = app.screen
    assert isinstance(home, SessionsScreen)
    home.listed.table.go([s.path for s in home.listed.shown].index(path))
    await press("enter")
    await until(lambda: isinstance(app.screen, ViewerScreen) and not app.screen.opener.waiting)
    screen = app.screen
    assert isinstance(screen, ViewerScreen)
    assert screen.pane.signal is not None
    await press()
    return screen


def spans(screen: ViewerScreen, digits: int = 2) -> list[tuple[float, float, str]]:
    return [(round(x.start, digits), round(x.end, digits), x.name) for x in screen.pane.track]


def alone(screen: ViewerScreen, *labels: Label) -> None:
    """Exactly these labels in the track."""
    edit = EditLabels(screen.pane.session_id, screen.pane.track_name, tuple(screen.pane.track), labels)
    screen.host.store.editor.apply(edit)


async def test_mark_move_digit_is_a_label_and_z_takes_it_back(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = await opened(app, press)
        alone(screen)
        await press("g", "3", "enter", "space", "g", "+", "1", ".", "5", "enter", "1")
        assert spans(screen) == [(3.0, 4.5, "down")]
        assert screen.pane.track[0].confirmed
        assert "down 3.000–4.500 s (1.5 s)" in said(app)
        assert "labelled" in said(app)
        assert "[d" in lane(app)
        await press("2")
        assert spans(screen) == [(3.0, 4.5, "up")]
        await press("z")
        assert spans(screen) == [(3.0, 4.5, "down")]
        await press("x")
        assert spans(screen) == []
        await press("z", "z", "z")
        assert "Undone" in said(app)


async def test_stamp_needs_a_usual_length_and_stops_at_the_next_label(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = await opened(app, press)
        alone(screen, Label(10.0, 2.0, "down"), Label(20.0, 1.0, "up"))
        await press("g", "1", "enter", "1")
        assert spans(screen)[0] == (1.0, 3.0, "down")
        await press("g", "1", "9", "enter", "1")
        assert (19.0, 20.0, "down") in spans(screen)
        await press("g", "3", "0", "enter", ".")
        assert (30.0, 32.0, "down") in spans(screen)


async def test_edges_by_columns_samples_cursor_and_neighbours(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = await opened(app, press)
        alone(screen, Label(3.0, 1.0, "down"), Label(6.0, 1.0, "up"))
        await press("n", "h", "L")
        column = screen.pane.column_s
        assert spans(screen, 4)[0] == (round(3 - column, 4), round(4 + column, 4), "down")
        await press("l", "H", "(", ")")
        assert screen.pane.track[0].start == pytest.approx(3.0, abs=2 * screen.pane.sample_s)
        await press("g", "2", "enter", "[")
        assert spans(screen)[0][0] == 2.0
        await press("g", "5", ".", "5", "enter", "]")
        assert spans(screen)[0] == (2.0, 5.5, "down")
        await press("}")
        assert spans(screen)[0] == (2.0, 6.0, "down")
        await press("{")
        assert spans(screen)[0] == (0.0, 6.0, "down")
        await press("n", "g", "6", ".", "5", "enter", "/", "j")
        assert [name for _, _, name in spans(screen)].count("up") in (1, 2)


async def test_edges_never_cross_and_say_so(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = await opened(app, press)
        alone(screen, Label(3.0, 1.0, "down"))
        await press("n", *["l"] * 12)
        assert "start must lie before its end" in said(app)
        label = screen.pane.track[0]
        assert label.start < label.end


async def test_move_copy_paste_split_join_confirm(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = await opened(app, press)
        alone(screen, Label(3.0, 1.0, "down", 0.6, "", "run:g1", False))
        await press("n")
        assert "by a model, 60 %, not confirmed" in said(app)
        assert "(d 60 %" in lane(app) or "(d" in lane(app)
        await press("a")
        assert screen.pane.track[0].confirmed
        assert screen.pane.track[0].origin == "run:g1"
        await press("y", "g", "8", "enter", "p")
        assert spans(screen) == [(3.0, 4.0, "down"), (8.0, 9.0, "down")]
        await press("g", "7", "enter", "V")
        assert spans(screen)[1] == (7.0, 8.0, "down")
        await press("g", "7", ".", "5", "enter", "/")
        assert len(screen.pane.track) == 3
        await press("N", "N", "N")
        await press("j")
        assert spans(screen)[0] == (3.0, 7.5, "down")


async def test_all_fields_in_the_form(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = await opened(app, press)
        alone(screen, Label(3.0, 1.0, "down"))
        await press(
            "n", "enter", "ctrl+u", *"up", "space", *"3.5", "space", "+", "1", "space", *"0.8", "space"
        )
        await press(*"late", "enter")
        assert screen.pane.track[0] == Label.spanning(3.5, 5.0, "up", confidence=0.8, comment="late")
        await press("enter", "ctrl+u", *"walk", "enter")
        assert "no class 'walk'" in said(app)
        await press("enter", "ctrl+u", *"up", "space", "9", "space", "1", "enter")
        assert screen.query_one("#prompt").display
        await press("escape")
        assert spans(screen) == [(3.5, 5.0, "up")]


async def test_classes_by_name(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = await opened(app, press)
        alone(screen, Label(3.0, 1.0, "down"))
        await press("n", "'", "u", "enter")
        assert spans(screen) == [(3.0, 4.0, "up")]
        await press("g", "8", "enter", ".")
        assert spans(screen)[1] == (8.0, 9.0, "up")


async def test_the_marked_stretch_in_every_ticked_session(driven: Driven) -> None:
    async with driven() as (app, press):
        home = app.screen
        assert isinstance(home, SessionsScreen)
        home.listed.table.go(0)
        await press("1", "space", "space")
        ticked = [app.project.session(sid) for sid in home.listed.ticked]
        screen = await opened(app, press)
        await press("g", "3", "0", "enter", "space", "g", "+", "1", "enter", "w")
        assert len(ticked) == 2
        for session in [*ticked, screen.pane.session]:
            at = 30.0 if session.start_s < 30 else session.start_s + 30
            near = app.project.track(session.id).between(at, at + 0.01)
            assert [round(x.length, 3) for x in near] == [1.0]
        await press("z")
        assert not any(round(x.length, 3) == 1.0 for s in ticked for x in app.project.track(s.id))


async def test_tracks_are_made_switched_compared_renamed_deleted(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = await opened(app, press)
        count = len(screen.pane.track)
        await press("T", *"duplicate", "space", *"two", "enter")
        assert screen.pane.track_name == "two"
        assert len(screen.pane.track) == count
        await press("n", "x", "tab")
        assert screen.pane.track_name == "label"
        await press("D")
        assert "1 difference" in said(app)
        await press("home", "d")
        assert "1 of 1: down only in label" in said(app)
        await press("escape", "T", *"rename", "space", *"two=three", "enter")
        assert screen.pane.track_names == ["label", "three"]
        assert len(app.project.track(screen.pane.session_id, "three")) == count - 1
        await press("T", *"delete", "space", *"three", "enter")
        assert screen.pane.track_names == ["label"]
        await press("T", *"delete", "space", *"label", "enter")
        assert "only label track" in said(app)
        await press("z", "z")
        assert screen.pane.track_names == ["label", "two"]


async def test_channels_lanes_overlay_and_scale(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = await opened(app, press)
        assert len(screen.pane.lanes_in_view()) == 6
        await press("c", *"-gx", "space", *"-gy", "enter")
        assert len(screen.pane.lanes_in_view()) == 4
        await press("c", *"gz", "space", *"ax", "enter")
        assert [screen.pane.signal.names[k][:2] for k in screen.pane.lanes_in_view()] == ["gz", "ax"]  # type: ignore[union-attr]
        own = screen.query_one(ChannelLanes).text
        await press("O")
        assert screen.query_one(ChannelLanes).text != own
        await press("O", "o")
        assert "gz" in screen.query_one(ChannelLanes).text
        await press("o", "c", "enter", "+", "+", "down", "up", "_", "-")
        assert len(screen.pane.lanes_in_view()) == 6
        await press("c", *"nothing", "enter")
        assert "no channel nothing" in said(app)


async def test_neighbours_place_and_undo_in_another_session(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = await opened(app, press)
        first = screen.pane.session_id
        alone(screen)
        await press("g", "5", "enter", "space", "g", "6", "enter", "1", "J")
        assert screen.pane.session_id != first
        await press("K")
        assert screen.pane.view.cursor == 6.0
        await press("J", "z")
        assert screen.pane.session_id == first
        assert spans(screen) == []
        assert "down_03" in said(app)
        await press("q")
        assert isinstance(app.screen, SessionsScreen)


async def test_live_labelling_while_it_plays(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = await opened(app, press)
        alone(screen)
        await press("P", "+", "+")
        await until(lambda: screen.pane.view.cursor > 0.5)
        await press("1")
        start = screen.pane.view.cursor
        await until(lambda: screen.pane.view.cursor > start + 0.5)
        await press("1", "P")
        assert len(screen.pane.track) == 1
        assert screen.pane.track[0].length >= 0.5
        assert not screen.play.playing
        stopped = screen.pane.view.cursor
        await press()
        assert screen.pane.view.cursor == stopped


async def test_done_for_the_active_class(driven: Driven) -> None:
    async with driven() as (app, press):
        await press("1")
        screen = await opened(app, press)
        await press("m")
        assert screen.pane.session.done == {"down"}


async def test_snapping_moves_the_edges_of_a_stamp_to_the_signal(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = await opened(app, press)
        truth = list(screen.pane.track)
        middle = truth[4]
        alone(screen, *truth[:4])
        await press("S")
        assert "snap" in app.screen.query_one("#header", Line).text
        screen.pane.show_view(screen.pane.view.at(middle.start + 0.15))
        await press("1")
        found = screen.pane.target()
        assert found is not None
        assert found.segment.iou(middle.segment) > 0.8
        before = found
        await press("l", "s")
        again = screen.pane.target()
        assert again is not None
        assert again.segment.iou(middle.segment) >= before.segment.iou(middle.segment) - 0.15
        await press("s", "s", "s")


async def test_read_only_moves_but_changes_nothing(store: ProjectStore, driven: Driven) -> None:
    async with driven() as (app, press):
        screen = await opened(app, press)
        lock, store.lock = store.lock, None
        count = len(screen.pane.track)
        await press("n", "x", "2", "m", "right")
        assert len(screen.pane.track) == count
        await press("x")
        assert "reading only" in said(app).lower()
        store.lock = lock


async def test_a_session_that_leaves_the_project_closes_the_viewer(driven: Driven) -> None:
    async with driven() as (app, press):
        from labelloop.services.sessions.marks import remove_sessions

        screen = await opened(app, press)
        remove_sessions(app.store.editor, [screen.pane.session])
        await until(lambda: isinstance(app.screen, SessionsScreen))
        assert "no longer in the project" in said(app)


@pytest.mark.parametrize("size", [(20, 5), (30, 8), (80, 24), (200, 50)])
async def test_any_terminal_size(driven: Driven, size: tuple[int, int]) -> None:
    async with driven(size=size) as (app, press):
        screen = await opened(app, press)
        await press(
            "n", "right", "+", "space", "right", "1", "pagedown", "_", "g", "1", "enter", "o", "T", "escape"
        )
        assert len(screen.pane.track) > 0


async def test_help_covers_and_comes_back(driven: Driven) -> None:
    async with driven() as (app, press):
        await opened(app, press)
        await press("?")
        assert app.screen.query_one("#help").display
        await press("?")
        assert "label" in lane(app)
