"""Context length and prediction rate of the windowed families, and what they do to the labels, drawn."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult

from labelloop.commands.command import Group
from labelloop.project.label import Label
from labelloop.rendering.cells import Row
from labelloop.rendering.format import span
from labelloop.rendering.glyphs import Glyphs
from labelloop.screens.shared.parts import Commands
from labelloop.screens.shared.project_screen import ProjectScreen
from labelloop.services.training.preprocessing import (
    LEAST,
    MOST,
    Windows,
    choose,
    chosen,
    effect,
    kept_windows,
    seen_as,
    sentence,
    suggested,
    train_labels,
)
from labelloop.widgets.rows import Block

SHOWN = 3  # labels that are drawn


class WindowsScreen(ProjectScreen):
    """Two numbers that the project keeps."""

    GROUP: ClassVar[Group] = Group.WINDOWS

    def __init__(self) -> None:
        super().__init__()
        self._labels: list[list[Label]] = []

    def compose_body(self) -> ComposeResult:
        """One block of text."""
        yield Block(id="windows")

    def header(self) -> tuple[Row, Row]:
        """What this is."""
        return [
            (" Preprocessing   ", "title"),
            ("of the windowed families, conv1d and conv1dlstm", "dim"),
        ], []

    def first_show(self) -> None:
        """What the project keeps, or what is suggested."""
        self._labels = train_labels(self.host.project)
        self.refresh_all()
        if not any(self._labels):
            self.report("Train has no labels yet: this is a first guess; choose again when there are.", "warn")

    def refresh_all(self) -> None:
        """The two numbers, the reason, the labels before and after."""
        self.refresh_bars()
        w = self.windows
        self.query_one("#windows", Block).show(lambda width, _, glyphs: self._rows(w, width, glyphs))

    def _rows(self, w: Windows, width: int, glyphs: Glyphs) -> list[Row]:
        does = sentence(effect(self._labels, w), w)
        own = suggested(self.host.project)
        samples = round(w.context_s * w.rate_hz)
        chose = f"They are {w.reason}. " if kept_windows(self.host.project) else ""
        usual = f"{chose}Suggested: {span(own.context_s)} and {own.prediction_hz:.3g} a second. "
        usual += f"Why: {own.reason}."
        rows: list[Row] = [
            [(" context length    ", "dim"), (span(w.context_s), "strong"), (f"   {samples} samples", "dim")],
            [(" prediction rate   ", "dim"), (f"{w.prediction_hz:.3g} a second", "strong")],
            *([(f" {line}", "dim")] for line in textwrap.wrap(usual, width - 2)),
            [],
            *([(f" {line}", "accent")] for line in textwrap.wrap(does, width - 2)),
            [],
        ]
        labels = sorted((x for track in self._labels for x in track), key=lambda x: x.length)
        drawn = [labels[i * (len(labels) - 1) // max(1, SHOWN - 1)] for i in range(SHOWN)] if labels else []
        for label, title in zip(drawn, ("shortest", "usual", "longest"), strict=False):
            rows += self._drawn(title, label.length, w, width, glyphs)
        return rows

    def _drawn(self, title: str, length: float, w: Windows, width: int, glyphs: Glyphs) -> list[Row]:
        """A label as it is, and as the windows see it."""
        margin = 24
        room = max(10, width - margin - 2)
        start, end = seen_as((w.context_s, w.context_s + length), w)
        scale = room / (length + 2 * w.context_s)
        mark = "#" if glyphs is Glyphs.ASCII else "█"

        def bar(a: float, b: float) -> str:
            first = round(max(0.0, a) * scale)
            return " " * first + mark * max(1, round(b * scale) - first)

        head = f" {title} ({span(length)})"
        return [
            [
                (f"{head:{margin}}"[:margin], "dim"),
                (bar(w.context_s, w.context_s + length)[:room], "label.0"),
            ],
            [(f"{'   in windows':{margin}}", "dim"), (bar(start, end)[:room], "label.1")],
        ]

    def _set(self, windows: Windows) -> None:
        rate = windows.rate_hz
        context = max(LEAST, min(MOST, round(windows.context_s * rate))) / rate
        prediction = min(max(windows.prediction_hz, 1 / context), rate)
        self._keep(replace(windows, context_s=context, prediction_hz=prediction))

    def _keep(self, windows: Windows | None) -> None:
        done = choose(self.host.store, windows)
        self.refresh_all()
        self.report(f"Kept with the project: {done.title}.")

    @property
    def windows(self) -> Windows:
        """The two numbers. Raises UserError where there is no recording to choose them for."""
        return chosen(self.host.project)

    def shorter_context(self, _: str) -> None:
        """Half the context."""
        self._set(replace(self.windows, context_s=self.windows.context_s / 2))

    def longer_context(self, _: str) -> None:
        """Twice the context."""
        self._set(replace(self.windows, context_s=self.windows.context_s * 2))

    def fewer_predictions(self, _: str) -> None:
        """Half the predictions."""
        self._set(replace(self.windows, prediction_hz=self.windows.prediction_hz / 2))

    def more_predictions(self, _: str) -> None:
        """Twice the predictions."""
        self._set(replace(self.windows, prediction_hz=self.windows.prediction_hz * 2))

    def take_suggestion(self, _: str) -> None:
        """The suggested values."""
        self._keep(None)

    ACTIONS: ClassVar[Commands] = {
        "windows.shorter": shorter_context,
        "windows.longer": longer_context,
        "windows.slower": fewer_predictions,
        "windows.faster": more_predictions,
        "windows.suggest": take_suggestion,
    }
