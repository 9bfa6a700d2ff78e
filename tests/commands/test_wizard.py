"""The commands of the Generate Labels wizard and of the list of its runs."""

from __future__ import annotations

import pytest

from labelloop.commands.command import Context
from labelloop.commands.wizard import COMMANDS

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
        ("wizard.next", Context(problem="Choose a class."), "Choose a class."),
        ("wizard.next", Context(), None),
        ("wizard.less", Context(), "This step has no values to change."),
        ("wizard.less", Context(form=True), None),
        ("wizard.toggle", Context(), "There are no examples to tick in this step."),
        ("wizard.toggle", Context(examples=True), None),
        ("wizard.sample", Context(step=3), "Only the settings have a preview and defaults."),
        ("wizard.sample", Context(step=4), None),
        ("wizard.cancel", Context(), "Nothing is running."),
        ("wizard.cancel", Context(running=True), None),
        ("wizard.review", Context(), "There are no unconfirmed labels to review."),
        ("runs.revert", Context(), "No labels were generated yet."),
        ("runs.revert", Context(jobs=1), None),
        ("runs.revert", Context(jobs=1, read_only="Held by ann."), "Held by ann."),
    ],
)
def test_why_a_command_can_not_run(name: str, context: Context, why: str | None) -> None:
    assert BY_ID[name].enabled(context) == why
