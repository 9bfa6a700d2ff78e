"""The project's model list: what the next training job makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.errors import Refused, printable
from app.project.changes import PROJECT_DOC, Touched, count_of
from app.project.entries import ModelEntry
from app.project.project import Project

__all__ = ["ModelEntry", "SetModels"]


@dataclass(frozen=True, slots=True)
class SetModels:
    """Another model list."""

    kind: ClassVar[str] = "models"
    before: tuple[ModelEntry, ...]
    after: tuple[ModelEntry, ...]

    def check(self, project: Project) -> None:
        """The list is as expected and no model of the new one lacks a name."""
        if project.state.models != self.before:
            raise Refused("The model list was changed since; nothing was altered.")
        if any(not entry.name.strip() for entry in self.after):
            raise Refused("A model needs a name.")

    def apply(self, project: Project) -> None:
        """Set the list."""
        project.state.models = self.after

    def inverse(self) -> SetModels:
        """The list before."""
        return SetModels(self.after, self.before)

    def touched(self) -> Touched:
        """The project file."""
        return Touched(frozenset({PROJECT_DOC}))

    def describe(self, project: Project) -> str:
        """Which model came, went or changed."""
        came = [e for e in self.after if e not in self.before]
        went = [e for e in self.before if e not in self.after]
        if len(came) == 1 and len(went) <= 1:
            return f"model {printable(came[0].name)} {'changed' if went else 'added'}"
        if len(went) == 1 and not came:
            return f"model {printable(went[0].name)} deleted"
        return f"model list of {count_of(len(self.after), 'model')}"
