"""The review over labels that wait in two sessions of the demo."""

from __future__ import annotations

from labelloop.app import LabelloopApp
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label, LabelTrack
from labelloop.screens.review.screen import ReviewScreen
from labelloop.services.review.queue import Item
from tests.screens.conftest import Press, until

SURE = {"down/down_01": (0.95, 0.93, 0.97, 0.6), "down/down_02": (0.96, 0.62, 0.91, 0.55)}


def label(first: float, place: int, confidence: float) -> Label:
    name, start = ("down", "up")[place % 2], first + 1 + 3 * place
    return Label.spanning(start, start + 1, name, confidence=confidence, origin="run:g1", confirmed=False)


def generated(app: LabelloopApp) -> None:
    """Unconfirmed labels of two classes in two sessions, at 1, 4, 7 and 10 s from the start."""
    for session in app.project.sessions():
        if session.path in SURE:
            labels = tuple(
                label(session.start_s, k, confidence) for k, confidence in enumerate(SURE[session.path])
            )
            app.store.editor.apply(
                EditLabels(session.id, "label", tuple(app.project.track(session.id)), labels)
            )


async def opened(app: LabelloopApp, press: Press) -> ReviewScreen:
    generated(app)
    await press("space", "space", "r")
    screen = app.screen
    assert isinstance(screen, ReviewScreen)
    await until(lambda: len(screen.judging.queue.items) == 8 and screen.ready.is_set())
    await press()
    return screen


def track(app: LabelloopApp, path: str) -> LabelTrack:
    session = next(s for s in app.project.sessions() if s.path == path)
    return app.project.track(session.id)


def waiting(app: LabelloopApp) -> int:
    return sum(not x.confirmed for path in SURE for x in track(app, path))


def item(screen: ReviewScreen) -> Item:
    assert screen.item is not None
    return screen.item
