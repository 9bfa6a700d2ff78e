"""The review queue by keys: judging, one-key bulk acceptance, going back, undo, what the header says."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from labelloop.app import LabelloopApp
from labelloop.jobs.scores import Scores, scores_file, write_scores
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label, LabelTrack
from labelloop.screens.review.screen import ReviewScreen
from labelloop.services.review.queue import Item
from labelloop.widgets.rows import Line
from tests.screens.conftest import Driven, Press, until

SURE = {"down/down_01": (0.95, 0.93, 0.97, 0.6), "down/down_02": (0.96, 0.62, 0.91, 0.55)}


def _label(first: float, place: int, confidence: float) -> Label:
    name, start = ("down", "up")[place % 2], first + 1 + 3 * place
    return Label.spanning(start, start + 1, name, confidence=confidence, origin="run:g1", confirmed=False)


def _generated(app: LabelloopApp) -> None:
    """Unconfirmed labels of two classes in two sessions, at 1, 4, 7 and 10 s from the start."""
    for session in app.project.sessions():
        if session.path in SURE:
            labels = tuple(_label(session.start_s, k, confidence) for k, confidence in enumerate(SURE[session.path]))
            app.store.editor.apply(
                EditLabels(session.id, "label", tuple(app.project.track(session.id)), labels)
            )


async def _opened(app: LabelloopApp, press: Press) -> ReviewScreen:
    _generated(app)
    await press("space", "space", "r")
    screen = app.screen
    assert isinstance(screen, ReviewScreen)
    await until(lambda: len(screen.judging.queue.items) == 8 and screen.ready.is_set())
    await press()
    return screen


def _track(app: LabelloopApp, path: str) -> LabelTrack:
    session = next(s for s in app.project.sessions() if s.path == path)
    return app.project.track(session.id)


def _waiting(app: LabelloopApp) -> int:
    return sum(not x.confirmed for path in SURE for x in _track(app, path))


def _item(screen: ReviewScreen) -> Item:
    assert screen.item is not None
    return screen.item


async def test_every_judgement_is_one_key_and_undo_brings_each_back(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = await _opened(app, press)
        first = _item(screen)
        assert first.event.confidence < 0.7
        await press("a")
        assert _waiting(app) == 7
        second = _item(screen)
        await press("x")
        assert sum(len(_track(app, path)) for path in SURE) == 7
        third = _item(screen)
        other = "2" if third.event.name == app.project.class_names[0] else "1"
        await press(other)
        assert _waiting(app) == 5
        fourth = _item(screen)
        await press("space")
        assert _item(screen) != fourth
        for expected in (third, second, first):
            await press("z")
            assert _item(screen) == expected
        assert _waiting(app) == 8
        assert screen.judging.queue.judged == {}


async def test_edges_are_nudged_and_set_and_the_label_is_then_confirmed(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = await _opened(app, press)
        event = _item(screen).event
        await press("h", "L", "a")
        label = next(x for p in SURE for x in _track(app, p) if x.confirmed)
        assert label.start < event.start
        assert label.end > event.end
        event = _item(screen).event
        await press("right", "right", "right", "[")
        await press("a")
        assert sum(x.start > event.start and x.confirmed for p in SURE for x in _track(app, p)) >= 1


@pytest.mark.parametrize("key", ["C", "S"])
async def test_all_that_are_sure_are_accepted_with_one_key(driven: Driven, key: str) -> None:
    async with driven() as (app, press):
        screen = await _opened(app, press)
        here = _item(screen)
        expected = [
            x.confidence
            for path in SURE
            for x in _track(app, path)
            if x.confidence >= 0.9
            and (x.name == here.event.name if key == "C" else path == app.project.session(here.session).path)
        ]
        await press(key)
        confidence = [x.confidence for path in SURE for x in _track(app, path) if x.confirmed]
        assert confidence == expected
        assert confidence
        assert _item(screen) == here
        await press("z")
        assert _waiting(app) == 8
        assert _item(screen) == here


async def test_the_confidence_that_was_asked_for_last_holds_for_one_key_too(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = await _opened(app, press)
        await press("A", "ctrl+u", *"99", "enter")
        assert "No label that waits has 99 %" in screen.query_one("#status", Line).text
        await press("S")
        assert _waiting(app) == 8
        await press("A", "ctrl+u", *"50 all", "enter")
        assert _waiting(app) == 0
        assert screen.item is None


async def test_what_was_judged_can_be_judged_anew(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = await _opened(app, press)
        first = _item(screen)
        names = app.project.class_names
        other, own = ("2", "1") if first.event.name == names[0] else ("1", "2")
        await press(other, "N")
        assert _item(screen) == first
        await press(own)
        assert [x.name for p in SURE for x in _track(app, p) if x.confirmed] == [first.event.name]
        assert screen.judging.queue.judged[0]


@pytest.mark.parametrize("columns", [80, 160])
async def test_the_header_says_pace_keys_and_unseen_errors(driven: Driven, columns: int) -> None:
    async with driven((columns, 24)) as (app, press):
        screen = await _opened(app, press)
        for _ in range(3):
            for p in SURE:  # more to judge than the eight
                session = next(s for s in app.project.sessions() if s.path == p)
                at = len(app.project.track(session.id))
                app.store.editor.apply(
                    EditLabels(session.id, "label", (), (_label(session.start_s, at, 0.7),))
                )
        await press("q", "r")
        screen = app.screen  # type: ignore[assignment]
        assert isinstance(screen, ReviewScreen)
        await until(lambda: len(screen.judging.queue.items) == 14)
        await press(*"aaaaaaaaaaa")
        shown = screen.query_one("#header", Line).text
        assert "11 of 14" in shown
        assert "unseen" in shown
        assert "1.0 keys" in shown
        assert shown.rstrip().endswith("left")
        assert ("events a minute" in shown) == (columns == 160)
        assert ("down/down_0" in shown) == (columns == 160)


async def test_a_read_only_label_file_is_not_reviewed(
    driven: Driven, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with driven() as (app, press):
        screen = await _opened(app, press)
        real = os.access

        def access(path: Path | str, mode: int) -> bool:
            return not str(path).endswith(".label") and real(path, mode)

        monkeypatch.setattr("labelloop.services.sessions.locked.os.access", access)
        for key in ("a", "x", "1", "C"):
            await press(key)
            assert "is read-only: allow writing" in screen.query_one("#status", Line).text
        assert _waiting(app) == 8


async def test_a_place_where_nothing_is_missing_is_offered_again_after_undo(driven: Driven) -> None:
    async with driven() as (app, press):
        _generated(app)
        session = next(s for s in app.project.sessions() if s.path == "down/down_01")
        at = np.arange(300) / 10
        score = np.where((at >= 20) & (at < 21), 0.4, 0.01).astype(np.float32)
        scores = Scores(
            "m", ("down",), session.start_s + np.arange(301) / 10, np.stack([0.5 - score, score], 1)
        )
        write_scores(scores_file(app.store.layout.cache, session.id, Path("m.h5")), scores)
        await press("space", "r")
        screen = app.screen
        assert isinstance(screen, ReviewScreen)
        await press()
        await until(lambda: len(screen.judging.queue.items) == 5)
        while not _item(screen).missed:
            await press("space")
        await press()
        assert "perhaps missed" in screen.query_one("#status", Line).text
        place, before = _item(screen), app.store.journal.last_seq
        await press("x")
        assert app.view.dismissed[session.path]
        await press("z")
        assert _item(screen) == place
        assert app.view.dismissed[session.path] == []
        assert app.store.journal.last_seq == before
        await press("a")
        label = next(x for x in app.project.track(session.id) if x.start > session.start_s + 19)
        assert label.confirmed
        assert label.name == "down"
