"""The catalogue holds together and says why a command can't run."""

from __future__ import annotations

import pytest

from labelloop.commands.catalogue import (
    BY_ID,
    COMMANDS,
    bar_items,
    find,
    in_group,
    key_rows,
    key_table,
    keys_text,
    on_screen,
)
from labelloop.commands.command import Context, Group
from labelloop.commands.keymap import clashes
from labelloop.commands.keys import valid_key

BUSY = Context(
    step=4,
    form=True,
    examples=True,
    sessions=3,
    targets=1,
    ticked=1,
    classes=2,
    label=True,
    labels=5,
    selection=True,
    clipboard=True,
    tracks=2,
    near=True,
    undo="an edit",
    redo="an edit",
    repeat="an edit",
    score=True,
    unconfirmed=3,
    jobs=1,
    models=1,
    matrix=True,
)


def test_ids_are_unique_and_keys_valid() -> None:
    assert len(BY_ID) == len(COMMANDS)
    assert [key for c in COMMANDS for key in c.keys if not valid_key(key)] == []
    assert all(c.title and c.help.endswith(".") for c in COMMANDS)


def test_no_screen_has_a_key_twice() -> None:
    assert clashes() == []


@pytest.mark.parametrize("group", list(Group))
def test_every_screen_has_the_keys_of_all_screens(group: Group) -> None:
    keys = {key for command in on_screen(group) for key in command.keys}
    assert {"?", "ctrl+p", ":", "z", "Z", ".", "q", "escape"} <= keys


def test_a_command_that_cannot_run_says_why() -> None:
    nothing = Context()
    for command in COMMANDS:
        why = command.enabled(nothing)
        assert why is None or why.endswith(".")
    assert BY_ID["undo"].enabled(nothing) == "There is nothing to undo."
    assert BY_ID["viewer.delete"].enabled(nothing) == "No label is under the cursor."


def test_most_commands_can_run_when_there_is_everything() -> None:
    stuck = {c.id for c in COMMANDS if c.enabled(BUSY)}
    assert stuck == {"training.stop", "training.resume", "wizard.cancel"}


def test_nothing_is_written_in_a_project_held_by_another() -> None:
    held = Context(sessions=3, targets=1, classes=2, label=True, undo="x", read_only="Held by ann on box.")
    for name in ("undo", "sessions.to_train", "viewer.class", "viewer.delete", "sessions.add"):
        assert BY_ID[name].enabled(held) == "Held by ann on box."


def test_key_bar_leaves_out_what_cannot_run_and_ends_with_help() -> None:
    assert bar_items(Group.SESSIONS, Context())[-1] == ("?", "help")
    assert ("T", "train") not in bar_items(Group.SESSIONS, Context())
    assert ("T", "train") in bar_items(Group.SESSIONS, BUSY)


def test_key_bar_and_help_show_the_keys_in_force() -> None:
    keys = {"sessions.to_train": ("!",)}
    assert ("!", "train") in bar_items(Group.SESSIONS, BUSY, keys)
    assert ("!", "To Train", "Move to the Train set.") in key_rows(Group.SESSIONS, keys)


def test_find_puts_titles_first() -> None:
    assert find("zoom")[0].title.startswith("Zoom")
    assert "undo" in [c.id for c in find("revert")]
    assert find("no such words") == []


def test_key_table_names_every_command() -> None:
    table = key_table()
    assert all(c.help in table for c in COMMANDS)
    assert table.count("### ") == len(Group)
    assert keys_text(("1", "2", "3")) == "1–3"
    assert len(in_group(Group.VIEWER)) > 40
