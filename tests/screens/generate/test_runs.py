"""The list of runs: taking one back, continuing one that ended early."""

from __future__ import annotations

from labelloop.screens.generate.runs import RunsScreen
from labelloop.screens.generate.state import RESULT
from labelloop.screens.review.screen import ReviewScreen
from labelloop.services.generating.merging import Target
from labelloop.services.generating.methods import start
from labelloop.services.generating.request import GenerateRequest, wait_for_run
from labelloop.widgets.rows import Line
from tests.screens.conftest import Driven, until
from tests.screens.generate.looking import front, said


async def test_a_run_of_the_list_is_taken_back(driven: Driven) -> None:
    async with driven() as (app, press):
        first = next(app.project.sessions())
        before = list(app.project.track(first.id))
        await press("space", "g", "down", "enter", "enter", "enter", "right", "enter", "enter")
        await until(lambda: front(app).steps.state.step == RESULT)
        await press("enter")
        assert list(app.project.track(first.id)) != before
        await press("G")
        screen = app.screen
        assert isinstance(screen, RunsScreen)
        await until(lambda: len(screen._runs) == 1)
        await press("x")
        assert "x again" in screen.query_one("#status", Line).text
        await press("x")
        assert [(x.start, x.end) for x in app.project.track(first.id)] == [(x.start, x.end) for x in before]
        assert not screen._runs[0].in_force
        await press("x", "escape")
        assert "taken out" in app.screen.query_one("#status", Line).text
        await press("z")
        assert list(app.project.track(first.id)) != before


async def test_a_run_that_ended_early_is_continued_from_the_list(driven: Driven) -> None:
    async with driven() as (app, press):
        request = GenerateRequest(
            "threshold", ("down/*",), Target.parse("new:auto"), ("1 > 0",), classes=("down",)
        )
        going = start(app.store, request)
        going.cancel()
        wait_for_run(going)
        await press("G")
        screen = app.screen
        assert isinstance(screen, RunsScreen)
        await until(lambda: [r.state for r in screen._runs] == ["stopped"])
        await press("r")
        assert "Nothing of run" in said(app)
        await press("c", "c")
        assert "going on already" in said(app)
        await until(lambda: screen._runs[0].state == "done", 60)
        entries = [e for e in app.store.editor.history.done if e.tag == f"run:{screen._runs[0].id}"]
        assert len(entries) == screen._runs[0].sessions
        assert screen._runs[0].sessions == sum(s.path.startswith("down/") for s in app.project.sessions())
        await press("c")
        assert "nothing left to do" in said(app)
        await press("r")
        assert isinstance(app.screen, ReviewScreen)
