"""Context length and prediction rate of the windowed families, and what they do to the labels, drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult

from app.commands.command import Group
from app.errors import UserError
from app.project.label import Label
from app.rendering.cells import Row
from app.rendering.format import span
from app.rendering.glyphs import Glyphs
from app.screens.base import ProjectScreen
from app.services.preprocessing import Windows, effect, seen_as, sentence, suggested, train_labels
from app.widgets.rows import Block

SHOWN = 3  # labels that are drawn


class WindowsScreen(ProjectScreen):
    """Two numbers; ``then`` gets them when they change."""

    GROUP: ClassVar[Group] = Group.WINDOWS

    def __init__(self, windows: Windows | None, then: Callable[[Windows | None], None]) -> None:
        super().__init__()
        self._windows = windows
        self._take = then
        self._labels: list[list[Label]] = []
        self._suggested: Windows | None = None

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
        """Start from what was chosen before, or what is suggested."""
        self._labels = train_labels(self.labelloop.project)
        self._suggested = suggested(self.labelloop.project)
        self._windows = self._windows or self._suggested
        self.refresh_all()

    def refresh_all(self) -> None:
        """The two numbers, the reason, the labels before and after."""
        w = self._windows
        if w is not None:
            self.query_one("#windows", Block).show(lambda width, _, glyphs: self._rows(w, width, glyphs))
        self.refresh_bars()

    def _rows(self, w: Windows, width: int, glyphs: Glyphs) -> list[Row]:
        own = self._suggested or w
        usual = f"suggested: {span(own.context_s)} and {own.prediction_hz:.3g} a second, as {own.reason}."
        rows: list[Row] = [
            [(" context length    ", "dim"), (span(w.context_s), "strong")],
            [(" prediction rate   ", "dim"), (f"{w.prediction_hz:.3g} a second", "strong")],
            [(f" {usual}", "dim")],
            [],
            [(f" {sentence(effect(self._labels, w), w)}", "accent")],
            [],
        ]
        labels = sorted((x for track in self._labels for x in track), key=lambda x: x.length)
        chosen = [labels[i * (len(labels) - 1) // max(1, SHOWN - 1)] for i in range(SHOWN)] if labels else []
        for label, title in zip(chosen, ("shortest", "usual", "longest"), strict=False):
            rows += self._drawn(title, label.length, w, width, glyphs)
        return rows

    def _drawn(self, title: str, length: float, w: Windows, width: int, glyphs: Glyphs) -> list[Row]:
        """A label as it is, and as the windows see it."""
        margin = 20
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
        context = max(8, min(512, round(windows.context_s * rate))) / rate
        prediction = min(max(windows.prediction_hz, 1 / context), rate)
        self._windows = replace(windows, context_s=context, prediction_hz=prediction)
        self._take(self._windows)
        self.refresh_all()

    @property
    def windows(self) -> Windows:
        """The two numbers. Raises UserError where there is nothing to choose them by."""
        found = self._windows or self._suggested
        if found is None:
            raise UserError(
                "Train has no labels yet, so there is nothing to choose by: label some events first."
            )
        return found

    def do_windows_shorter(self, _: str) -> None:
        """Half the context."""
        self._set(replace(self.windows, context_s=self.windows.context_s / 2))

    def do_windows_longer(self, _: str) -> None:
        """Twice the context."""
        self._set(replace(self.windows, context_s=self.windows.context_s * 2))

    def do_windows_slower(self, _: str) -> None:
        """Half the predictions."""
        self._set(replace(self.windows, prediction_hz=self.windows.prediction_hz / 2))

    def do_windows_faster(self, _: str) -> None:
        """Twice the predictions."""
        self._set(replace(self.windows, prediction_hz=self.windows.prediction_hz * 2))

    def do_windows_suggest(self, _: str) -> None:
        """The suggested values."""
        self._windows = None
        self._windows = self.windows
        self._take(None)
        self.refresh_all()
