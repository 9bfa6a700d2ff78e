"""The viewer on a session of the demo, and what can be read from it."""

from __future__ import annotations

from labelloop.app import LabelloopApp
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.screens.sessions.screen import SessionsScreen
from labelloop.screens.viewer.screen import ViewerScreen
from labelloop.widgets.lanes import LabelLanes
from labelloop.widgets.rows import Line
from tests.screens.conftest import Press, until


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
