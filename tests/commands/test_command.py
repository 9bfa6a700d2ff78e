"""The checks that say why a command can't run."""

from __future__ import annotations

import pytest

from labelloop.commands import command
from labelloop.commands.command import Context, Enabled

SOME = Context(sessions=2, targets=1, classes=1, label=True, labels=1, selection=True, near=True)
HELD = Context(sessions=2, targets=1, label=True, near=True, read_only="Held by ann.")


def test_the_first_reason_counts() -> None:
    check = command.all_of(lambda _: None, lambda _: "first", lambda _: "second")
    assert check(SOME) == "first"


def test_no_reason_is_none() -> None:
    assert command.all_of(command.always, command.always)(SOME) is None


@pytest.mark.parametrize(
    "check",
    [
        command.usable_session,
        command.some_classes,
        command.change_label,
        command.some_labels,
        command.some_selection,
        command.change_edges,
        command.change_sessions,
    ],
)
def test_what_is_there_can_be_acted_on(check: Enabled) -> None:
    assert check(SOME) is None


@pytest.mark.parametrize(
    ("check", "why"),
    [
        (command.some_sessions, "The project has no sessions yet"),
        (command.some_classes, "The project has no classes yet"),
        (command.on_label, "No label is under the cursor."),
        (command.some_labels, "This track has no labels yet."),
        (command.some_selection, "No stretch is marked"),
        (command.change_edges, "This track has no labels yet."),
    ],
)
def test_what_is_missing_is_said(check: Enabled, why: str) -> None:
    assert (check(Context()) or "").startswith(why)


@pytest.mark.parametrize("check", [command.change_label, command.change_edges, command.change_sessions])
def test_a_held_project_is_not_changed(check: Enabled) -> None:
    assert check(HELD) == "Held by ann."


def test_sessions_without_a_target_are_not_acted_on() -> None:
    assert command.some_sessions(Context(sessions=2)) == "No session is ticked or under the cursor."


def test_a_broken_session_says_why() -> None:
    assert command.usable_session(Context(sessions=1, targets=1, broken="It is gone.")) == "It is gone."
