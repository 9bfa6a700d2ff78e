"""What the review says in the header and in the lanes."""

from __future__ import annotations

import pytest

from labelloop.project.label_changes import EditLabels
from labelloop.screens.review.screen import ReviewScreen
from labelloop.widgets.rows import Line
from tests.screens.conftest import Driven, until
from tests.screens.review.looking import SURE, label, opened


@pytest.mark.parametrize("columns", [80, 160])
async def test_the_header_says_pace_keys_and_unseen_errors(driven: Driven, columns: int) -> None:
    async with driven((columns, 24)) as (app, press):
        screen = await opened(app, press)
        for _ in range(3):
            for p in SURE:  # more to judge than the eight
                session = next(s for s in app.project.sessions() if s.path == p)
                at = len(app.project.track(session.id))
                app.store.editor.apply(
                    EditLabels(session.id, "label", (), (label(session.start_s, at, 0.7),))
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
