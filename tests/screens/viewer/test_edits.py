"""Keys that make, change and copy labels in the viewer."""

from __future__ import annotations

from labelloop.project.labels import Label
from labelloop.screens.sessions.screen import SessionsScreen
from tests.screens.conftest import Driven
from tests.screens.viewer.looking import alone, lane, opened, said, spans


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


async def test_done_for_the_active_class(driven: Driven) -> None:
    async with driven() as (app, press):
        await press("1")
        screen = await opened(app, press)
        await press("m")
        assert screen.pane.session.done == {"down"}
