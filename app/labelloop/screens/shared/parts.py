"""Parts of a screen: small objects that bring commands of their own, given as data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, ClassVar

Handler = Callable[[str], None]  # what a command does; it gets the key that asked for it
Commands = Mapping[str, Callable[[Any, str], None]]  # functions by command; each takes its owner and the key


class Part:
    """A piece of a screen. ``COMMANDS`` gives each command's function, which takes the part and the key."""

    COMMANDS: ClassVar[Commands] = {}

    def handlers(self) -> dict[str, Handler]:
        """The part's commands, ready to be called with a key."""
        return own_handlers(self, "COMMANDS")


def own_handlers(owner: object, table: str) -> dict[str, Handler]:
    """The handlers that an object's classes give in a table of this name; a subclass's come first."""
    found: dict[str, Handler] = {}
    for kind in type(owner).__mro__:
        for command, function in kind.__dict__.get(table, {}).items():
            found.setdefault(command, partial(function, owner))
    return found


def collected(parts: Iterable[Part]) -> dict[str, Handler]:
    """The handlers of several parts.

    Raises:
        ValueError: two parts bring the same command.
    """
    found: dict[str, Handler] = {}
    for part in parts:
        for command, handler in part.handlers().items():
            if command in found:
                raise ValueError(f"{command} has two handlers")
            found[command] = handler
    return found
