"""Commands as Textual's bindings."""

from __future__ import annotations

from textual.binding import Binding
from textual.keys import _character_to_key

from labelloop.commands.catalogue import DEFAULT_KEYS, Keys, on_screen
from labelloop.commands.command import Group


def textual_key(key: str) -> str:
    """A key of the catalogue under Textual's name.

    >>> textual_key("?"), textual_key("T"), textual_key("ctrl+p"), textual_key(":")
    ('question_mark', 'T', 'ctrl+p', 'colon')
    """
    return _character_to_key(key) if len(key) == 1 else key


def bindings_for(group: Group, keys: Keys = DEFAULT_KEYS) -> list[Binding]:
    """A binding for every key of a screen; each runs ``command(id, key)``."""
    return [
        Binding(
            textual_key(key),
            f"command({command.id!r}, {key!r})",
            command.title,
            show=False,
            id=f"{command.id}:{key}" if len(keys.get(command.id, command.keys)) > 1 else command.id,
        )
        for command in on_screen(group)
        for key in keys.get(command.id, command.keys)
    ]
