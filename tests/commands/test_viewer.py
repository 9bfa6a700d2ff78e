"""The commands of the viewer."""

from __future__ import annotations

import pytest

from labelloop.commands.command import Context
from labelloop.commands.viewer import COMMANDS

BY_ID = {command.id: command for command in COMMANDS}


def test_ids_are_unique_and_each_command_says_what_it_does() -> None:
    assert len(BY_ID) == len(COMMANDS)
    assert [
        c.id for c in COMMANDS if not c.title or not c.help[0].isupper() or not c.help.endswith(".")
    ] == []


def test_no_key_stands_for_two_commands_of_a_screen() -> None:
    keys = [(command.group, key) for command in COMMANDS for key in command.keys]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("name", "context", "why"),
    [
        ("viewer.class", Context(), "The project has no classes yet; add one first."),
        ("viewer.class", Context(classes=1), None),
        ("viewer.class", Context(classes=1, read_only="Held by ann."), "Held by ann."),
        ("viewer.edge_start", Context(), "This track has no labels yet."),
        ("viewer.edge_start", Context(near=True), None),
        ("viewer.delete", Context(), "No label is under the cursor."),
        ("viewer.delete", Context(label=True, read_only="Held by ann."), "Held by ann."),
        ("viewer.mark", Context(), None),
    ],
)
def test_why_a_command_can_not_run(name: str, context: Context, why: str | None) -> None:
    assert BY_ID[name].enabled(context) == why
