"""The viewer on a label track that takes a while to read, and on one that can't be read."""

from __future__ import annotations

import threading

import pytest

from labelloop.errors import UserError
from labelloop.storage.store import ProjectStore
from tests.screens.conftest import Driven, until
from tests.screens.viewer.looking import lane, opened, said


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Every label file is a long one, and its reading waits for this event."""
    monkeypatch.setattr("labelloop.storage.store._LARGE", 10)
    go, read = threading.Event(), ProjectStore.read_apart

    def slowly(self: ProjectStore, *args: object) -> object:
        if threading.current_thread() is not threading.main_thread():
            assert go.wait(20)
        return read(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(ProjectStore, "read_apart", slowly)
    return go


async def test_the_signal_is_there_before_the_labels(driven: Driven, held: threading.Event) -> None:
    async with driven() as (app, press):
        screen = await opened(app, press)
        assert screen.pane.labels_coming
        assert "reading" in lane(app)
        assert screen.pane.signal is not None
        await press("space", "right", "right", "1")
        assert "still being read" in said(app)
        await press("escape", "n")
        assert "still being read" in said(app)
        assert app.store.journal.last_seq == 0, "nothing is labelled before the labels are known"
        held.set()
        await until(lambda: not screen.pane.labels_coming)
        await press("n")
        count = len(screen.pane.track)
        assert count > 2
        await until(lambda: f" {count}" in lane(app))
        await press("x")
        assert len(screen.pane.track) == count - 1
        await press("z")
        assert len(screen.pane.track) == count


async def test_a_long_file_that_can_not_be_read_is_a_sentence(
    driven: Driven, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labelloop.storage.store._LARGE", 10)

    def refuse(self: ProjectStore, *_: object) -> object:
        raise UserError("label.label, line 7: this label can't be used.")

    async with driven() as (app, press):
        monkeypatch.setattr(ProjectStore, "read_apart", refuse)
        await opened(app, press)
        await until(lambda: "line 7" in said(app))
        await until(lambda: lane(app).endswith(" error"))
