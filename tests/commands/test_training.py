"""The commands of the training screen."""

from __future__ import annotations

import pytest

from labelloop.commands.command import Context
from labelloop.commands.training import COMMANDS

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
        ("training.stop", Context(jobs=1), "This job is not running."),
        ("training.stop", Context(jobs=1, running=True), None),
        ("training.resume", Context(resumable=True), "There is no job yet; start one first."),
        ("training.resume", Context(jobs=1), "Only a stopped or lost job can be resumed."),
        ("training.resume", Context(jobs=1, resumable=True), None),
        ("training.continue", Context(), "No model is trained yet."),
        ("training.continue", Context(models=1), None),
        ("training.continue", Context(models=1, read_only="Held by ann."), "Held by ann."),
        ("training.new", Context(read_only="Held by ann."), "Held by ann."),
    ],
)
def test_why_a_command_can_not_run(name: str, context: Context, why: str | None) -> None:
    assert BY_ID[name].enabled(context) == why
