"""All commands of the app, and what is made of them: lookups, key tables, key bars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from labelloop.commands import classes, everywhere, models, review, sessions, training, viewer, wizard
from labelloop.commands.command import Command, Context, Group
from labelloop.commands.keys import shown

COMMANDS: tuple[Command, ...] = (
    *everywhere.COMMANDS,
    *sessions.COMMANDS,
    *classes.COMMANDS,
    *viewer.COMMANDS,
    *training.COMMANDS,
    *models.COMMANDS,
    *wizard.COMMANDS,
    *review.COMMANDS,
)
BY_ID: Mapping[str, Command] = {command.id: command for command in COMMANDS}
Keys = Mapping[str, tuple[str, ...]]  # the keys in force, by command id
DEFAULT_KEYS: Keys = {command.id: command.keys for command in COMMANDS}


def by_id(command_id: str) -> Command:
    """The command with this id. Raises KeyError when there is none."""
    return BY_ID[command_id]


def in_group(group: Group) -> list[Command]:
    """The commands of one screen, in the order of their declaration."""
    return [command for command in COMMANDS if command.group is group]


def on_screen(group: Group) -> list[Command]:
    """What can be pressed on a screen: its own commands, then those of every screen."""
    return [*in_group(group), *(in_group(Group.EVERYWHERE) if group is not Group.EVERYWHERE else ())]


def find(words: str, commands: Iterable[Command] = COMMANDS) -> list[Command]:
    """Commands that hold every word in title, help, group or id; those whose title begins so come first."""
    parts = words.lower().split()
    found = [
        command
        for command in commands
        if all(
            part in f"{command.title} {command.help} {command.group} {command.id}".lower() for part in parts
        )
    ]
    return sorted(found, key=lambda c: not c.title.lower().startswith(words.strip().lower()))


def keys_text(keys: tuple[str, ...], limit: int = 2) -> str:
    """The keys of a command in one short text.

    >>> keys_text(("x", "delete")), keys_text(tuple("123456789")), keys_text(())
    ('x, delete', '1–9', '')
    """
    if keys[:2] == ("1", "2") and keys == tuple(str(i + 1) for i in range(len(keys))):
        return f"1–{len(keys)}"
    return ", ".join(shown(key) for key in keys[:limit])


def key_rows(group: Group, keys: Keys = DEFAULT_KEYS) -> list[tuple[str, str, str]]:
    """(keys, title, help) of a screen's commands, for the help screen and the README."""
    return [(keys_text(keys.get(c.id, c.keys), 3), c.title, c.help) for c in in_group(group)]


def key_table(keys: Keys = DEFAULT_KEYS) -> str:
    """The README's key tables in Markdown."""
    parts = []
    for group in Group:
        lines = [f"### {group.value}", "", "| key | command | |", "|---|---|---|"]
        for pressed, title, text in key_rows(group, keys):
            cell = f"`{pressed.replace('|', '&#124;')}`" if pressed else "palette"
            lines.append(f"| {cell} | {title} | {text} |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def bar_items(group: Group, context: Context, keys: Keys = DEFAULT_KEYS) -> list[tuple[str, str]]:
    """(key, word) of what the key bar offers in this moment; help is always the last one."""
    items = []
    for command in on_screen(group):
        pressed = keys.get(command.id, command.keys)
        if command.bar and pressed and command.id != "help" and command.enabled(context) is None:
            items.append((shown(pressed[0]), command.bar))
    pressed = keys.get("help", BY_ID["help"].keys)
    return [*items, (shown(pressed[0]), "help")] if pressed else items
