"""Every command of the catalogue has exactly one handler on its screen, and no handler lacks a command."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from labelloop.commands.catalogue import COMMANDS, in_group, on_screen
from labelloop.commands.command import Group
from labelloop.screens import routes
from labelloop.screens.shared.parts import Part, collected
from labelloop.screens.shared.project_screen import ProjectScreen
from tests.screens.conftest import Driven

Maker = Callable[[list[str]], ProjectScreen]
SCREENS: dict[Group, Maker] = {
    Group.SESSIONS: lambda _: routes.screen("sessions"),
    Group.CLASSES: lambda _: routes.screen("classes"),
    Group.VIEWER: lambda ids: routes.screen("viewer", ids[0], ids),
    Group.TRAINING: lambda _: routes.screen("training"),
    Group.MODELS: lambda _: routes.screen("model_list"),
    Group.FACTORY: lambda _: routes.screen("model_wizard", lambda _: None),
    Group.WINDOWS: lambda _: routes.screen("windows"),
    Group.COMPARE: lambda _: routes.screen("compare", [], lambda _: None, 0),
    Group.EVENTS: lambda _: routes.screen("events", "", []),
    Group.WIZARD: lambda ids: routes.screen("generate", ids),
    Group.RUNS: lambda _: routes.screen("runs"),
    Group.REVIEW: lambda ids: routes.screen("review", ids),
}


@pytest.mark.parametrize("group", SCREENS)
async def test_each_command_has_one_handler(driven: Driven, group: Group) -> None:
    async with driven() as (app, _):
        screen = SCREENS[group]([s.id for s in app.project.sessions()])
        assert sorted(screen.handlers) == sorted(command.id for command in on_screen(group))


def test_two_handlers_of_one_command_are_refused() -> None:
    class One(Part):
        COMMANDS = {"viewer.split": lambda _, __: None}  # noqa: RUF012

    with pytest.raises(ValueError, match="two handlers"):
        collected([One(), One()])


def test_each_group_with_commands_has_a_screen() -> None:
    groups = {command.group for command in COMMANDS} - {Group.EVERYWHERE}
    assert groups == set(SCREENS)
    assert in_group(Group.EVERYWHERE)
