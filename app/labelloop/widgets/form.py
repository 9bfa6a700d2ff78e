"""A form in rows: a value a row, changed with left and right or typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from labelloop.rendering.cells import Row
from labelloop.rendering.format import cell_width, fit
from labelloop.widgets.rows import RowsView


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a form.

    ``choices`` are walked through with left and right; without them a number goes up and down by ``step``
    (by a factor when ``geometric``) between ``least`` and ``most``; an empty value stands for the default.
    """

    id: str
    title: str
    value: str = ""
    choices: tuple[str, ...] = ()
    step: float = 0.0
    least: float = float("-inf")
    most: float = float("inf")
    geometric: bool = False
    unit: str = ""
    hint: str = ""
    start: float = 0.0

    def moved(self, by: int) -> Field:
        """The field a step further."""
        if self.choices:
            at = self.choices.index(self.value) if self.value in self.choices else 0
            return replace(self, value=self.choices[(at + by) % len(self.choices)])
        if not self.step:
            return self
        now = _number(self.value, self.start)
        value = now * self.step**by if self.geometric else now + by * self.step
        value = min(max(value, self.least), self.most)
        return replace(self, value=f"{round(value, 6):g}")

    def problem(self, text: str) -> str | None:
        """Why a typed text can't be the value, or None."""
        if self.choices:
            return None if text in self.choices else f"one of {', '.join(self.choices)}"
        if not self.step or not text:
            return None
        try:
            value = float(text)
        except ValueError:
            return "a number"
        if not self.least <= value <= self.most:
            return f"a number from {self.least:g} to {self.most:g}"
        return None


def _number(text: str, otherwise: float) -> float:
    try:
        return float(text)
    except ValueError:
        return otherwise


class Form(RowsView, can_focus=True):
    """Fields under each other with a cursor."""

    class Moved(Message):
        """The cursor went to another field."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
    ]

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id, classes)
        self._fields: list[Field] = []
        self.cursor = 0

    def show(self, fields: Sequence[Field]) -> None:
        """Show fields, keeping the cursor on the one it is on."""
        here = self._fields[self.cursor].id if self._fields else ""
        self._fields = list(fields)
        ids = [field.id for field in self._fields]
        self.cursor = ids.index(here) if here in ids else 0
        self.redraw()

    @property
    def values(self) -> dict[str, str]:
        """The values by field."""
        return {field.id: field.value for field in self._fields}

    @property
    def current(self) -> Field | None:
        """The field under the cursor."""
        return self._fields[self.cursor] if self._fields else None

    def put(self, value: str) -> None:
        """Give the field under the cursor a value."""
        if self._fields:
            changed = replace(self._fields[self.cursor], value=value)
            if changed != self._fields[self.cursor]:
                self._fields[self.cursor] = changed
                self.redraw()

    def step(self, by: int) -> None:
        """The field under the cursor a step further."""
        if self._fields:
            self.put(self._fields[self.cursor].moved(by).value)

    def action_move(self, by: int) -> None:
        """The cursor up or down."""
        self.cursor = min(max(0, self.cursor + by), max(0, len(self._fields) - 1))
        self.redraw()
        self.post_message(self.Moved())

    def make_rows(self, width: int, height: int) -> Sequence[Row]:
        """A row a field, scrolled so that the cursor is in view."""
        titles = max((cell_width(f.title) for f in self._fields), default=0) + 2
        values = min(max((cell_width(f.value + f.unit) for f in self._fields), default=0) + 4, width // 2)
        top = max(0, self.cursor - height + 1)
        return [
            self._row(field, i == self.cursor, titles, max(values, 12))
            for i, field in enumerate(self._fields[top : top + height], top)
        ]

    def _row(self, field: Field, here: bool, titles: int, values: int) -> Row:
        text = f"{field.value} {field.unit}".strip() if field.value else "default"
        arrows = "◂ ▸" if here and (field.choices or field.step) else "   "
        return [
            (" ▸ " if here else "   ", "accent"),
            (fit(field.title, titles), "accent" if here else ""),
            (fit(text, values), "strong" if field.value else "dim"),
            (arrows + "  ", "accent"),
            (field.hint, "dim"),
        ]
