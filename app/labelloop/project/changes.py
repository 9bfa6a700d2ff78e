"""What a change is: a small frozen value that knows its inverse, and several of them as one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

from labelloop.errors import printable
from labelloop.project.project import Project

PROJECT_DOC = "project"  # the .improj file
SIDECAR_DOC = "ours"  # what Studio's files have no place for


def labels_doc(session_id: str, track: str) -> str:
    """The key of a label track's file among the documents that are saved."""
    return f"labels/{session_id}/{track}"


def session_doc(session_id: str) -> str:
    """The key of a session file among the documents that are saved."""
    return f"session/{session_id}"


@dataclass(frozen=True, slots=True)
class Touched:
    """What a change altered, for those who show or save it."""

    documents: frozenset[str] = frozenset()
    sessions: frozenset[str] = frozenset()
    classes: bool = False

    def __or__(self, other: Touched) -> Touched:
        return Touched(
            self.documents | other.documents,
            self.sessions | other.sessions,
            self.classes or other.classes,
        )


class Change(Protocol):
    """One invertible change. ``check`` refuses before anything is altered; ``apply`` then can't fail."""

    kind: ClassVar[str]

    def check(self, project: Project) -> None:
        """Raise Refused, with the reason, when the project can't take the change."""
        ...

    def apply(self, project: Project) -> None:
        """Alter the project."""
        ...

    def inverse(self) -> Change:
        """The change that takes this one back."""
        ...

    def touched(self) -> Touched:
        """What it alters."""
        ...

    def describe(self, project: Project) -> str:
        """A few words for the status row and the history."""
        ...


def session_name(project: Project, session_id: str) -> str:
    """A session's name, fit to be shown."""
    session = project.state.sessions.get(session_id)
    return printable(session.name) if session else "a removed session"


def count_of(number: int, noun: str) -> str:
    """A number with its noun, in the plural where due."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


@dataclass(frozen=True, slots=True)
class Compound:
    """Several changes that are done and undone as one."""

    kind: ClassVar[str] = "compound"
    changes: tuple[Change, ...]
    title: str = ""

    def check(self, project: Project) -> None:
        """Each part is checked against the project as the parts before it leave it."""
        done: list[Change] = []
        try:
            for change in self.changes:
                change.check(project)
                change.apply(project)
                done.append(change)
        finally:
            for change in reversed(done):
                change.inverse().apply(project)

    def apply(self, project: Project) -> None:
        """One part after the other."""
        for change in self.changes:
            change.apply(project)

    def inverse(self) -> Compound:
        """The inverses, last first."""
        return Compound(tuple(change.inverse() for change in reversed(self.changes)), self.title)

    def touched(self) -> Touched:
        """All that its parts touch."""
        total = Touched()
        for change in self.changes:
            total |= change.touched()
        return total

    def describe(self, project: Project) -> str:
        """The title, or what the first part says."""
        if self.title:
            return printable(self.title)
        return self.changes[0].describe(project) if self.changes else "nothing"


def primitives(change: Change) -> list[Change]:
    """A change's parts, each of which belongs to one document."""
    if isinstance(change, Compound):
        return [part for inner in change.changes for part in primitives(inner)]
    return [change]
