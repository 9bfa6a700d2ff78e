"""The Generate Labels wizard by keys, with methods that need no model."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from labelloop.app import LabelloopApp
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.screens.generate.rows import _wrapped
from labelloop.screens.generate.runs import RunsScreen
from labelloop.screens.generate.state import FOR_CLASS, RESULT, SETTINGS, SOURCE, SUMMARY, TARGET, WizardState
from labelloop.screens.generate.wizard import WizardScreen
from labelloop.screens.review.screen import ReviewScreen
from labelloop.services.generating.merging import Target
from labelloop.services.generating.methods import start
from labelloop.services.generating.request import GenerateRequest, model_settings, wait_for_run
from labelloop.widgets.rows import Block, Line
from tests.end_to_end.support import labelloop
from tests.screens.conftest import Driven, until


def _wizard(app: LabelloopApp) -> WizardScreen:
    assert isinstance(app.screen, WizardScreen)
    return app.screen


def _said(app: LabelloopApp) -> str:
    return app.screen.query_one("#status", Line).text


async def test_labels_are_moved_and_the_run_is_taken_back(driven: Driven) -> None:
    async with driven() as (app, press):
        first = next(app.project.sessions())
        before = list(app.project.track(first.id))
        await press("space", "g", "down", "enter", "enter", "enter")
        assert _wizard(app).steps.state.step == SETTINGS
        await press("right", "right", "enter")
        assert _wizard(app).steps.state.step == SUMMARY
        command = _wizard(app).query_one("#text", Block).text
        assert "--offset 0.1" in command
        await press("backspace", "enter", "enter")
        await until(lambda: _wizard(app).steps.state.step == RESULT)
        moved = list(app.project.track(first.id))
        assert [round(b.start - a.start, 6) for a, b in zip(before, moved, strict=True)] == [0.1] * 9
        assert all(label.confirmed for label in moved)
        await press("enter", "z")
        assert list(app.project.track(first.id)) == before


async def test_the_shown_command_gives_the_same_files(driven: Driven) -> None:
    async with driven() as (app, press):
        first = next(app.project.sessions())
        file = app.project.folder / first.label_file
        await press("space", "g", "down", "enter", "enter", "enter", "right", "right", "right", "enter")
        words = _wizard(app).steps.state.request().words(app.project.file)
        await press("enter")
        await until(lambda: _wizard(app).steps.state.step == RESULT)
        app.save_now()
        by_wizard = file.read_bytes()
        await press("enter", "z")
        app.save_now()
        assert file.read_bytes() != by_wizard
        app.store.close()
        ran = labelloop(*words[1:])
        assert ran.code == 0, ran.err
        assert file.read_bytes() == by_wizard


async def test_find_similar_suggests_and_review_confirms(driven: Driven) -> None:
    async with driven() as (app, press):
        target = next(s for s in app.project.sessions() if s.path == "down/down_09")
        await press(
            "1", *["down"] * 8, "space", "g", "down", "down", "enter", "space", "space", "enter", "enter"
        )
        wizard = _wizard(app)
        await until(lambda: wizard.steps.preview.tally.finished)
        await press("enter", "enter")
        await until(lambda: wizard.steps.state.step == RESULT)
        found = [x for x in app.project.track(target.id) if not x.confirmed]
        assert found
        await press("r")
        assert isinstance(app.screen, ReviewScreen)
        await until(lambda: len(app.screen.judging.queue.items) >= len(found))  # type: ignore[attr-defined]
        await press("a")
        assert sum(not x.confirmed for x in app.project.track(target.id)) == len(found) - 1
        await press("x")
        assert len(app.project.track(target.id)) == len(found) - 1
        await press("z", "z")
        assert [x for x in app.project.track(target.id) if not x.confirmed] == found
        await press("A", "ctrl+u", *"0", "space", *"all", "enter")
        assert all(x.confirmed for x in app.project.track(target.id))


def test_each_method_keeps_its_own_settings() -> None:
    state = WizardState(method="model", sessions=("a",), track="label").with_setting("threshold", "0.54")
    other = replace(state, method="similar")
    assert other.request().settings == {}
    back = replace(other.with_setting("threshold", "0.7"), method="model")
    assert back.request().settings == {"threshold": ("0.54",)}
    again = WizardState.from_json(json.loads(json.dumps(back.to_json())), ("a",))
    assert again == back


async def test_answers_outlive_the_wizard(driven: Driven) -> None:
    async with driven() as (app, press):
        await press("space", "g", "down", "enter", "enter", "enter", "right", "q", "g")
        assert _wizard(app).steps.state.step == SETTINGS
        assert _wizard(app).steps.state.settings["offset"] == "0.05"


async def test_nothing_is_generated_into_a_track_that_sessions_lack(driven: Driven) -> None:
    async with driven() as (app, press):
        await press("space", "g", "down", "enter", "enter", "right", "e", "ctrl+u", *"label", "enter")
        assert _wizard(app).steps.state.target_kind == "new"
        await press("down", "e", "ctrl+u", *"label", "enter", "enter")
        assert _wizard(app).steps.state.track != "label" or "already" in _said(app)
        assert _wizard(app).steps.state.step == TARGET


async def test_a_locked_session_is_named_at_the_target_step(driven: Driven) -> None:
    async with driven() as (app, press):
        await press("L", "space", "g", "down", "enter", "enter", "enter")
        assert _wizard(app).steps.state.step == TARGET
        assert "Locked: down/down_01" in _said(app)
        await press("right", "enter")
        assert _wizard(app).steps.state.step == SETTINGS


async def test_examples_of_several_classes_are_refused_at_their_step(driven: Driven) -> None:
    async with driven() as (app, press):
        first = next(app.project.sessions())
        up = Label.spanning(first.end_s - 0.5, first.end_s, "up")
        app.store.editor.apply(EditLabels(first.id, "label", (), (up,)))
        await press("space", "g", "down", "down", "enter")
        classes = [cells[1][0] for _, cells in _wizard(app).steps.examples]
        other = classes.index("up")
        await press("space", *["down"] * (other - 1), "space", "enter")
        assert _wizard(app).steps.state.step == SOURCE
        assert "several classes" in _said(app)


async def test_settings_that_drop_everything_are_told_in_preview_and_summary(driven: Driven) -> None:
    why = "smallest length 99 drops everything"
    async with driven() as (app, press):
        await press("space", "g", "down", "enter", "enter", "enter", *["down"] * 6, "e", *"99", "enter")
        wizard = _wizard(app)
        assert wizard.steps.state.settings == {"min_length": "99"}
        await until(lambda: why in wizard.query_one("#preview-counts", Line).text)
        assert "0 events in 1 session" in wizard.query_one("#preview-counts", Line).text
        await press("enter")
        shown = " ".join(wizard.query_one("#text", Block).text.split())
        assert why in shown
        assert "0 labels will be added, 9 removed" in shown


async def test_the_summary_counts_all_sessions_without_the_preview(driven: Driven) -> None:
    async with driven() as (app, press):
        await press("a", "g", "down", "enter", "enter", "enter", "right", "enter")
        wizard = _wizard(app)
        await until(lambda: wizard.steps.preview.tally.finished)
        total = sum(len(app.project.track(s.id)) for s in app.project.sessions())
        await until(lambda: f"{total} labels will be added" in wizard.query_one("#text", Block).text)


@pytest.mark.parametrize(("columns", "others"), [(80, False), (120, True)])
async def test_the_row_of_steps_fits(driven: Driven, columns: int, others: bool) -> None:
    async with driven((columns, 24)) as (app, press):
        await press("space", "g", "down")
        keys = ("", "enter", "enter", "enter", "enter")
        for key, title in zip(keys, ("Method", "Source", "Target", "Settings", "Summary"), strict=True):
            await press(*[key] if key else [])
            shown = _wizard(app).query_one("#header", Line).text
            assert f"▸{_wizard(app).steps.state.step} {title}" in shown
            assert ("7 Result" in shown) == others
            assert "7" in shown
            assert shown.endswith("1 session")


def test_the_command_breaks_between_its_words_only() -> None:
    words = [
        "labelloop",
        "generate",
        "x" * 40,
        "--source",
        "norm(1,2,3) > 3000 / 2500",
        "--target",
        "new:a b",
    ]
    rows = ["".join(text for text, _ in row) for row in _wrapped(words)]
    assert len(rows) > 1
    assert all(len(row) <= 80 for row in rows)
    printed = subprocess.run(
        ["sh", "-c", "printf '%s\\n' " + "\n".join(rows)], capture_output=True, text=True
    )
    assert printed.stdout.splitlines() == words


def test_settings_of_one_class_go_into_the_request_and_the_command() -> None:
    state = WizardState(method="model", sources={"model": "best"}, sessions=("a",), track="label")
    state = state.with_setting("threshold", "0.4").with_setting(FOR_CLASS, "slow down")
    state = state.with_setting("threshold", "0.3").with_setting("gap", "0.2")
    request = state.request()
    assert request.settings == {"threshold": ("0.4", "slow down:0.3"), "gap": ("slow down:0.2",)}
    assert "--gap 'slow down:0.2'" in request.command(Path("p/p.improj"))
    assert model_settings(request) == {
        "threshold": 0.4,
        "per_class": {"slow down": {"threshold": 0.3, "gap_s": 0.2}},
    }
    again = state.with_setting("threshold", "").with_setting(FOR_CLASS, "")
    assert again.request().settings == {"threshold": ("0.4",), "gap": ("slow down:0.2",)}


async def test_a_run_of_the_list_is_taken_back(driven: Driven) -> None:
    async with driven() as (app, press):
        first = next(app.project.sessions())
        before = list(app.project.track(first.id))
        await press("space", "g", "down", "enter", "enter", "enter", "right", "enter", "enter")
        await until(lambda: _wizard(app).steps.state.step == RESULT)
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
        assert "Nothing of run" in _said(app)
        await press("c", "c")
        assert "going on already" in _said(app)
        await until(lambda: screen._runs[0].state == "done", 60)
        entries = [e for e in app.store.editor.history.done if e.tag == f"run:{screen._runs[0].id}"]
        assert len(entries) == screen._runs[0].sessions
        assert screen._runs[0].sessions == sum(s.path.startswith("down/") for s in app.project.sessions())
        await press("c")
        assert "nothing left to do" in _said(app)
        await press("r")
        assert isinstance(app.screen, ReviewScreen)
