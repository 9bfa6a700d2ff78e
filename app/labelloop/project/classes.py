"""The classes (kinds of event) of a project."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClassDef:
    """A class as the project file has it: name, Studio's number, weight in training.

    ``id`` 0 is Studio's unlabelled and never a ClassDef.
    """

    name: str
    id: int
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class ClassLook:
    """How we show a class: the digit that labels it and a number of the palette in the style sheets."""

    key: str = ""
    color: int | None = None


def next_class_id(classes: tuple[ClassDef, ...]) -> int:
    """The number that a new class gets: one above the highest in use."""
    return max((c.id for c in classes), default=0) + 1
