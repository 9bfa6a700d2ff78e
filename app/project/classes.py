"""The classes (kinds of event) of a project."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClassDef:
    """A class: its name, Studio's number, its weight in training, and our key and colour for it.

    ``id`` 0 is Studio's unlabelled and is never a ClassDef of ours. ``color`` is a number of the palette
    in the style sheets, None until chosen; ``key`` a digit, empty for the one that its place gives.
    """

    name: str
    id: int
    weight: float = 1.0
    key: str = ""
    color: int | None = None
