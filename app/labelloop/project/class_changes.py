"""Changes of the project's lists: classes and their looks, custom columns, target shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from labelloop.errors import Refused, printable
from labelloop.project.changes import SIDECAR_DOC, PROJECT_DOC, Change, Touched
from labelloop.project.classes import ClassDef, ClassLook, next_class_id
from labelloop.project.project import CustomColumn, Project
from labelloop.project.sets import DataSet


@dataclass(frozen=True, slots=True)
class SetClasses:
    """Another list of classes."""

    kind: ClassVar[str] = "classes"
    before: tuple[ClassDef, ...]
    after: tuple[ClassDef, ...]

    def check(self, project: Project) -> None:
        """The list is as expected and the new one has no class twice.

        Classes that only labels name may be there besides: the list is read with them.
        """
        if tuple(c for c in project.state.classes if c in self.before) != self.before:
            raise Refused("The classes were changed since; nothing was altered.")
        names = [c.name for c in self._result(project)]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise Refused(f"There is a class '{printable(twice)}' already; choose another name.")
        if any(not name.strip() for name in names):
            raise Refused("A class needs a name.")

    def apply(self, project: Project) -> None:
        """Set the list."""
        project.state.classes = self._result(project)

    def _result(self, project: Project) -> tuple[ClassDef, ...]:
        names = {c.name for c in self.after}
        others = (c for c in project.state.classes if c not in self.before and c.name not in names)
        return (*self.after, *others)

    def inverse(self) -> SetClasses:
        """The list before."""
        return SetClasses(self.after, self.before)

    def touched(self) -> Touched:
        """The project file."""
        return Touched(frozenset({PROJECT_DOC}), classes=True)

    def describe(self, project: Project) -> str:
        """Which classes came, went or changed."""
        old, new = {c.name for c in self.before}, {c.name for c in self.after}
        came, went = sorted(new - old), sorted(old - new)
        if len(came) == len(went) == 1:
            return f"class {printable(went[0])} renamed to {printable(came[0])}"
        if came:
            return f"class {printable(', '.join(came))} added"
        if went:
            return f"class {printable(', '.join(went))} deleted"
        return "classes changed"


@dataclass(frozen=True, slots=True)
class SetLooks:
    """Other keys and colours of classes."""

    kind: ClassVar[str] = "looks"
    before: Mapping[str, ClassLook]
    after: Mapping[str, ClassLook]

    def check(self, project: Project) -> None:
        """They are as expected."""
        if dict(project.state.looks) != dict(self.before):
            raise Refused("The classes' keys and colours were changed since; nothing was altered.")

    def apply(self, project: Project) -> None:
        """Set them."""
        project.state.looks = dict(self.after)

    def inverse(self) -> SetLooks:
        """Those before."""
        return SetLooks(self.after, self.before)

    def touched(self) -> Touched:
        """Our own file."""
        return Touched(frozenset({SIDECAR_DOC}), classes=True)

    def describe(self, project: Project) -> str:
        """Few words."""
        return "keys and colours of classes changed"


@dataclass(frozen=True, slots=True)
class SetColumns:
    """Another list of custom columns."""

    kind: ClassVar[str] = "columns"
    before: tuple[CustomColumn, ...]
    after: tuple[CustomColumn, ...]

    def check(self, project: Project) -> None:
        """The list is as expected."""
        if project.state.columns != self.before:
            raise Refused("The columns were changed since; nothing was altered.")

    def apply(self, project: Project) -> None:
        """Set the list."""
        project.state.columns = self.after

    def inverse(self) -> SetColumns:
        """The list before."""
        return SetColumns(self.after, self.before)

    def touched(self) -> Touched:
        """The project file."""
        return Touched(frozenset({PROJECT_DOC}))

    def describe(self, project: Project) -> str:
        """Few words."""
        return "columns changed"


@dataclass(frozen=True, slots=True)
class SetTargets:
    """Other target shares of the sets."""

    kind: ClassVar[str] = "targets"
    before: tuple[DataSet, ...]
    after: tuple[DataSet, ...]

    def check(self, project: Project) -> None:
        """They are as expected."""
        if project.state.sets != self.before:
            raise Refused("The target shares were changed since; nothing was altered.")

    def apply(self, project: Project) -> None:
        """Set them."""
        project.state.sets = self.after

    def inverse(self) -> SetTargets:
        """Those before."""
        return SetTargets(self.after, self.before)

    def touched(self) -> Touched:
        """The project file."""
        return Touched(frozenset({PROJECT_DOC}))

    def describe(self, project: Project) -> str:
        """Few words."""
        return "target shares changed"


def class_additions(project: Project, names: Iterable[str]) -> list[Change]:
    """The change that adds those of the named classes that the project lacks, if any."""
    fresh = [name for name in dict.fromkeys(names) if name not in project.class_names]
    if not fresh:
        return []
    classes = project.state.classes
    for name in fresh:
        classes = (*classes, ClassDef(name, next_class_id(classes)))
    return [SetClasses(project.state.classes, classes)]
