"""Judging the queue's items by keys, one by one and many at once, and taking that back."""

from __future__ import annotations

import pytest

from labelloop.widgets.rows import Line
from tests.screens.conftest import Driven
from tests.screens.review.looking import SURE, item, opened, track, waiting


async def test_every_judgement_is_one_key_and_undo_brings_each_back(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = await opened(app, press)
        first = item(screen)
        assert first.event.confidence < 0.7
        await press("a")
        assert waiting(app) == 7
        second = item(screen)
        await press("x")
        assert sum(len(track(app, path)) for path in SURE) == 7
        third = item(screen)
        other = "2" if third.event.name == app.project.class_names[0] else "1"
        await press(other)
        assert waiting(app) == 5
        fourth = item(screen)
        await press("space")
        assert item(screen) != fourth
        for expected in (third, second, first):
            await press("z")
            assert item(screen) == expected
        assert waiting(app) == 8
        assert screen.judging.queue.judged == {}


@pytest.mark.parametrize("key", ["C", "S"])
async def test_all_that_are_sure_are_accepted_with_one_key(driven: Driven, key: str) -> None:
    async with driven() as (app, press):
        screen = await opened(app, press)
        here = item(screen)
        expected = [
            x.confidence
            for path in SURE
            for x in track(app, path)
            if x.confidence >= 0.9
            and (x.name == here.event.name if key == "C" else path == app.project.session(here.session).path)
        ]
        await press(key)
        confidence = [x.confidence for path in SURE for x in track(app, path) if x.confirmed]
        assert confidence == expected
        assert confidence
        assert item(screen) == here
        await press("z")
        assert waiting(app) == 8
        assert item(screen) == here


async def test_the_confidence_that_was_asked_for_last_holds_for_one_key_too(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = await opened(app, press)
        await press("A", "ctrl+u", *"99", "enter")
        assert "No label that waits has 99 %" in screen.query_one("#status", Line).text
        await press("S")
        assert waiting(app) == 8
        await press("A", "ctrl+u", *"50 all", "enter")
        assert waiting(app) == 0
        assert screen.item is None


async def test_what_was_judged_can_be_judged_anew(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = await opened(app, press)
        first = item(screen)
        names = app.project.class_names
        other, own = ("2", "1") if first.event.name == names[0] else ("1", "2")
        await press(other, "N")
        assert item(screen) == first
        await press(own)
        assert [x.name for p in SURE for x in track(app, p) if x.confirmed] == [first.event.name]
        assert screen.judging.queue.judged[0]
