"""Parts of a screen: small objects that bring commands of their own, given as data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, ClassVar

Handler = Callable[[str], None]  # what a command does; it gets the key that asked for it


class Part:
    """A piece of a screen. ``COMMANDS`` gives each command's function, which takes the part and the key."""

    COMMANDS: ClassVar[Mapping[str, Callable[[Any, str], None]]] = {}

    def handlers(self) -> dict[str, Handler]:
        """The part's commands, ready to be called with a key."""
        return {command: partial(function, self) for command, function in self.COMMANDS.items()}


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
