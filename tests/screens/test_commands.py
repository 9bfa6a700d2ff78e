"""Every command of the catalogue runs on its screen: none is declared without a method."""

from __future__ import annotations

import pytest

from app.commands.catalogue import COMMANDS, in_group, on_screen
from app.commands.command import Group
from app.screens.base import ProjectScreen
from app.screens.classes import ClassesScreen
from app.screens.events import EventsScreen
from app.screens.jobs_compare import CompareScreen
from app.screens.model_list import ModelListScreen
from app.screens.model_wizard import ModelWizardScreen
from app.screens.review import ReviewScreen
from app.screens.runs import RunsScreen
from app.screens.sessions import SessionsScreen
from app.screens.training import TrainingScreen
from app.screens.viewer import ViewerScreen
from app.screens.windows import WindowsScreen
from app.screens.wizard import WizardScreen

SCREENS: dict[Group, type[ProjectScreen]] = {
    Group.SESSIONS: SessionsScreen,
    Group.CLASSES: ClassesScreen,
    Group.VIEWER: ViewerScreen,
    Group.TRAINING: TrainingScreen,
    Group.MODELS: ModelListScreen,
    Group.FACTORY: ModelWizardScreen,
    Group.WINDOWS: WindowsScreen,
    Group.COMPARE: CompareScreen,
    Group.EVENTS: EventsScreen,
    Group.WIZARD: WizardScreen,
    Group.RUNS: RunsScreen,
    Group.REVIEW: ReviewScreen,
}


@pytest.mark.parametrize("group", SCREENS)
def test_each_command_has_a_method(group: Group) -> None:
    screen = SCREENS[group]
    missing = [c.id for c in on_screen(group) if not callable(getattr(screen, f"do_{c.action}", None))]
    assert missing == []


def test_each_group_with_commands_has_a_screen() -> None:
    groups = {command.group for command in COMMANDS} - {Group.EVERYWHERE}
    assert groups == set(SCREENS)
    assert in_group(Group.EVERYWHERE)
