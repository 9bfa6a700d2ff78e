"""The commands of the sessions screen."""

from __future__ import annotations

import pytest

from labelloop.commands.command import Context
from labelloop.commands.sessions import COMMANDS

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
        ("sessions.filter", Context(), "The project has no sessions yet; add data first."),
        ("sessions.filter", Context(sessions=1), None),
        ("sessions.review", Context(), "There are no unconfirmed labels to review."),
        ("sessions.review", Context(unconfirmed=1), None),
        ("sessions.done", Context(sessions=1, targets=1), "The project has no classes yet; add one first."),
        ("sessions.done", Context(sessions=1, targets=1, classes=1), None),
        (
            "sessions.done",
            Context(sessions=1, targets=1, classes=1, read_only="Held by ann."),
            "Held by ann.",
        ),
        ("sessions.open", Context(sessions=1, targets=1, broken="The file is gone."), "The file is gone."),
        ("sessions.add", Context(), None),
        ("sessions.add", Context(read_only="Held by ann."), "Held by ann."),
    ],
)
def test_why_a_command_can_not_run(name: str, context: Context, why: str | None) -> None:
    assert BY_ID[name].enabled(context) == why
