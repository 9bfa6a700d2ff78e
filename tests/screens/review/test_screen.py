"""The review queue by keys: judging, one-key bulk acceptance, going back, undo, what the header says."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from labelloop.jobs.scores import Scores, scores_file, write_scores
from labelloop.screens.review.screen import ReviewScreen
from labelloop.widgets.rows import Line
from tests.screens.conftest import Driven, until
from tests.screens.review.looking import generated, item, opened, waiting


async def test_a_read_only_label_file_is_not_reviewed(
    driven: Driven, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with driven() as (app, press):
        screen = await opened(app, press)
        real = os.access

        def access(path: Path | str, mode: int) -> bool:
            return not str(path).endswith(".label") and real(path, mode)

        monkeypatch.setattr("labelloop.services.sessions.locked.os.access", access)
        for key in ("a", "x", "1", "C"):
            await press(key)
            assert "is read-only: allow writing" in screen.query_one("#status", Line).text
        assert waiting(app) == 8


async def test_a_place_where_nothing_is_missing_is_offered_again_after_undo(driven: Driven) -> None:
    async with driven() as (app, press):
        generated(app)
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
        while not item(screen).missed:
            await press("space")
        await press()
        assert "perhaps missed" in screen.query_one("#status", Line).text
        place, before = item(screen), app.store.journal.last_seq
        await press("x")
        assert app.view.dismissed[session.path]
        await press("z")
        assert item(screen) == place
        assert app.view.dismissed[session.path] == []
        assert app.store.journal.last_seq == before
        await press("a")
        label = next(x for x in app.project.track(session.id) if x.start > session.start_s + 19)
        assert label.confirmed
        assert label.name == "down"
