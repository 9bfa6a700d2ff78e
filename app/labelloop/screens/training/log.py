"""The log of a training job, in the place of its figures when asked for."""

from __future__ import annotations

import textwrap
from typing import ClassVar

from labelloop.errors import printable
from labelloop.rendering.cells import Row
from labelloop.screens.shared.parts import Commands, Part
from labelloop.screens.training.looked import Looked
from labelloop.services.training.wording import log_lines
from labelloop.widgets.panel import TextPanel


class LogView(Part):
    """Shows and hides what the job's process wrote."""

    def __init__(self, looked: Looked) -> None:
        self.looked = looked
        self.screen = looked.screen
        self.shown = False

    def toggle(self, _: str) -> None:
        """Show or hide what the job's process wrote."""
        self.shown = not self.shown
        panel = self.screen.query_one("#log", TextPanel)
        panel.display, self.screen.query_one("#job").display = self.shown, not self.shown
        if self.shown:
            self.show(anew=True)
        self.screen.set_focus(self.screen.body_focus())

    def show(self, anew: bool = False) -> None:
        """The job's log, from its end when ``anew``; else what grew, with the same rows in view."""
        room = max(20, self.screen.size.width - 2)
        lines = [
            row
            for line in log_lines(self.looked.run)
            for row in textwrap.wrap(printable(line), room, subsequent_indent=" " * 10) or [""]
        ]
        rows: list[Row] = [[(f" {line}", "")] for line in lines] or [[(" the log is empty", "dim")]]
        panel = self.screen.query_one("#log", TextPanel)
        if anew:
            panel.show(rows, end=True)
        else:
            panel.grow(rows)

    COMMANDS: ClassVar[Commands] = {"training.log": toggle}
