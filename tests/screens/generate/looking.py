"""The wizard in front, and what it says."""

from __future__ import annotations

from labelloop.app import LabelloopApp
from labelloop.screens.generate.wizard import WizardScreen
from labelloop.widgets.rows import Line


def front(app: LabelloopApp) -> WizardScreen:
    assert isinstance(app.screen, WizardScreen)
    return app.screen


def said(app: LabelloopApp) -> str:
    return app.screen.query_one("#status", Line).text
