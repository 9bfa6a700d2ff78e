"""What the next training job makes: the model list, the Model Wizard's settings, the windows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from labelloop.errors import Refused, printable
from labelloop.project.changes import SIDECAR_DOC, PROJECT_DOC, Touched, count_of
from labelloop.project.entries import ModelEntry
from labelloop.project.project import Project

__all__ = ["ModelEntry", "SetFactory", "SetModels", "SetWindows"]

Windows = tuple[float, float] | None
Settings = tuple[tuple[str, str], ...]


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


@dataclass(frozen=True, slots=True)
class SetFactory:
    """Other settings of the Model Wizard: (setting, value) in the project file's order."""

    kind: ClassVar[str] = "factory"
    before: Settings
    after: Settings

    def check(self, project: Project) -> None:
        """They are as expected."""
        if project.state.factory != self.before:
            raise Refused("The Model Wizard's settings were changed since; nothing was altered.")

    def apply(self, project: Project) -> None:
        """Set them."""
        project.state.factory = self.after

    def inverse(self) -> SetFactory:
        """Those before."""
        return SetFactory(self.after, self.before)

    def touched(self) -> Touched:
        """The project file."""
        return Touched(frozenset({PROJECT_DOC}))

    def describe(self, project: Project) -> str:
        """Few words."""
        return "the Model Wizard's settings changed"


@dataclass(frozen=True, slots=True)
class SetWindows:
    """Another context length (seconds) and prediction rate (a second), or None for what is suggested."""

    kind: ClassVar[str] = "windows"
    before: Windows
    after: Windows

    def check(self, project: Project) -> None:
        """They are as expected, and numbers that can be."""
        if project.state.windows != self.before:
            raise Refused("The windows were changed since; nothing was altered.")
        if self.after and not all(0 < value < math.inf for value in self.after):
            raise Refused("Context length and prediction rate must be above 0.")

    def apply(self, project: Project) -> None:
        """Set them."""
        project.state.windows = self.after

    def inverse(self) -> SetWindows:
        """Those before."""
        return SetWindows(self.after, self.before)

    def touched(self) -> Touched:
        """Our own file."""
        return Touched(frozenset({SIDECAR_DOC}))

    def describe(self, project: Project) -> str:
        """The two numbers."""
        if self.after is None:
            return "windows as suggested"
        return f"windows of {self.after[0]:.3g} s, {self.after[1]:.3g} predictions a second"
