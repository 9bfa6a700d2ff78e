"""Every command of the catalogue runs on its screen: none is declared without a method."""

from __future__ import annotations

import pytest

from labelloop.commands.catalogue import COMMANDS, in_group, on_screen
from labelloop.commands.command import Group
from labelloop.screens.generate.runs import RunsScreen
from labelloop.screens.generate.wizard import WizardScreen
from labelloop.screens.review.screen import ReviewScreen
from labelloop.screens.sessions.classes import ClassesScreen
from labelloop.screens.sessions.screen import SessionsScreen
from labelloop.screens.shared.project_screen import ProjectScreen
from labelloop.screens.training.events import EventsScreen
from labelloop.screens.training.jobs_compare import CompareScreen
from labelloop.screens.training.model_list import ModelListScreen
from labelloop.screens.training.model_wizard import ModelWizardScreen
from labelloop.screens.training.screen import TrainingScreen
from labelloop.screens.training.windows import WindowsScreen
from labelloop.screens.viewer.screen import ViewerScreen

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
