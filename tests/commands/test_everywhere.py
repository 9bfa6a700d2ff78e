"""The commands of every screen."""

from __future__ import annotations

import pytest

from labelloop.commands.command import Context
from labelloop.commands.everywhere import COMMANDS

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
        ("undo", Context(), "There is nothing to undo."),
        ("undo", Context(undo="an edit"), None),
        ("undo", Context(undo="an edit", read_only="Held by ann."), "Held by ann."),
        ("redo", Context(), "There is nothing to redo."),
        ("redo", Context(redo="an edit"), None),
        ("redo", Context(redo="an edit", read_only="Held by ann."), "Held by ann."),
        ("repeat", Context(), "There is no edit to repeat yet."),
        ("repeat", Context(repeat="an edit"), None),
        ("repeat", Context(repeat="an edit", read_only="Held by ann."), "Held by ann."),
        ("quit", Context(read_only="Held by ann."), None),
    ],
)
def test_why_a_command_can_not_run(name: str, context: Context, why: str | None) -> None:
    assert BY_ID[name].enabled(context) == why
