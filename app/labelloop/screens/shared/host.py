"""What screens may ask of the app that shows them, whatever app that is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from labelloop.commands.command import Command, Context
from labelloop.project.changes import Touched
from labelloop.project.project import Project
from labelloop.rendering.cells import Row
from labelloop.rendering.glyphs import Glyphs
from labelloop.services.generating.merging import Run
from labelloop.services.projects.view_state import ViewState
from labelloop.storage.signals import SignalStore
from labelloop.storage.store import ProjectStore


class Host(Protocol):
    """The app as its screens see it: the open project, where the user is, and what lasts beyond a screen."""

    store: ProjectStore
    signals: SignalStore
    view: ViewState
    keymap: Mapping[str, tuple[str, ...]]
    glyphs: Glyphs
    last_edit: tuple[Command, str] | None
    notices: list[str]
    waiting: int

    @property
    def project(self) -> Project:
        """The shared project model."""
        ...

    @property
    def active_class(self) -> str:
        """The class that the user works on; empty for all."""
        ...

    def context(self) -> Context:
        """What holds on every screen."""
        ...

    def header(self) -> tuple[Row, Row]:
        """Left and right part of the header that every screen has."""
        ...

    def report(self, text: str, style: str = "") -> None:
        """Say something on the screen in front."""
        ...

    def changed(self, touched: Touched) -> None:
        """Something of the project changed: every screen shows it."""
        ...

    def forget_step(self) -> None:
        """Count the next step anew when it is shown next."""
        ...

    def next_glyphs(self) -> None:
        """Draw with the next set of glyphs and remember it."""
        ...

    def autosave(self) -> None:
        """Save in the background what is unsaved."""
        ...

    def keep_view(self) -> None:
        """Save where the user is."""
        ...

    def take_over(self) -> None:
        """Go on with generation runs of which not all that they found is in the tracks."""
        ...

    def go_on_with(self, run: Run) -> None:
        """Poll a generation run to its end, whatever screen is in front."""
        ...

    def polls(self, run_id: str) -> bool:
        """Whether a generation run is being polled to its end."""
        ...

    @property
    def writing(self) -> bool:
        """Whether the terminal still takes in what was drawn before: a slow line."""
        ...

    def leave(self, code: int = 0) -> None:
        """Save everything and end."""
        ...
