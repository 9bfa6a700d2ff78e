"""How classes are told apart on the screen: a letter each, so that no meaning rests on colour."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from labelloop.project.project import Project
from labelloop.services.labels.classes import looks_of

NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ClassSign:
    """A class's letter (one column), style name and key; the key is empty past nine."""

    letter: str
    style: str
    key: str = ""


def letters_for(names: Iterable[str], own: Mapping[str, str] = NONE) -> dict[str, str]:
    """A letter for each name: its own one, else its first that no other has taken, else any free one.

    >>> letters_for(["down", "drop", "up", "Up"])
    {'down': 'd', 'drop': 'r', 'up': 'u', 'Up': 'U'}
    """
    spare = iter("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    taken: dict[str, str] = {}
    used: set[str] = set(own.values())
    for name in names:
        free = (c for c in name if c.isascii() and c.isalpha() and c not in used)
        letter = own.get(name) or next(free, None) or next((c for c in spare if c not in used), "?")
        taken[name] = letter
        used.add(letter)
    return taken


class ClassSigns:
    """The signs of a project's classes; classes that only labels name get some too."""

    def __init__(self, project: Project) -> None:
        names = project.class_names
        own = {name: look.key for name, look in project.state.looks.items() if look.key.isalpha()}
        letters = letters_for(names, own)
        self._signs: dict[str, ClassSign] = {}
        for name, look in looks_of(project.state.looks, names).items():
            self._signs[name] = ClassSign(letters[name], f"label.{look.color or 0}", look.key)

    def of(self, name: str) -> ClassSign:
        """The sign of a class."""
        sign = self._signs.get(name)
        if sign is None:
            first = next((c for c in name if c.isascii() and c.isalnum()), "?")
            sign = self._signs[name] = ClassSign(first, f"label.{len(self._signs)}")
        return sign
