"""Curves of a training job and its confusion matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from labelloop.rendering.cells import Row
from labelloop.rendering.charts import curves
from labelloop.rendering.matrix import Matrix, columns_shown, matrix_rows
from labelloop.widgets.rows import RowsView


class Curves(RowsView):
    """Values over epochs; drawn again only when there is a new epoch or another size."""

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id, classes)
        self._series: dict[str, tuple[float, ...]] = {}
        self._length: int | None = None
        self._limits: tuple[float, float] | None = None
        self._drawn: tuple[object, list[Row]] | None = None

    def show(
        self,
        series: Mapping[str, Sequence[float]],
        length: int | None = None,
        limits: tuple[float, float] | None = None,
    ) -> None:
        """Show curves by name; ``length`` is the number of epochs there will be."""
        self._series = {name: tuple(values) for name, values in series.items()}
        self._length, self._limits = length, limits
        self.redraw()

    def make_rows(self, width: int, height: int) -> Sequence[Row]:
        """What plotext draws."""
        key = (self._series, self._length, self._limits, width, height, self.glyphs)
        if self._drawn is None or self._drawn[0] != key:
            rows = curves(self._series, width, height, self.glyphs, self._limits, self._length)
            self._drawn = (key, rows)
        return self._drawn[1]


class MatrixView(RowsView, can_focus=True):
    """A confusion matrix with a cursor on its cells."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1, 0)", "Up", show=False),
        Binding("down,j", "move(1, 0)", "Down", show=False),
        Binding("left", "move(0, -1)", "Left", show=False),
        Binding("right", "move(0, 1)", "Right", show=False),
    ]

    class Moved(Message):
        """The cursor went to another cell."""

        def __init__(self, row: int, column: int) -> None:
            super().__init__()
            self.row = row
            self.column = column

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id, classes)
        self._matrix: Matrix | None = None
        self.cursor = (0, 0)

    def show(self, matrix: Matrix | None) -> None:
        """Show another matrix, or none."""
        self._matrix = matrix
        if matrix is not None:
            row, column = self.cursor
            self.cursor = (
                min(row, max(0, len(matrix.rows) - 1)),
                min(column, max(0, len(matrix.columns) - 1)),
            )
        self.redraw()

    def make_rows(self, width: int, height: int) -> Sequence[Row]:
        """The matrix, scrolled so that the cursor's cell is in view."""
        matrix, first, top = self._matrix, 0, 0
        if matrix is None or height < 2:
            return []
        if self.has_focus:
            top = max(0, self.cursor[0] - height + 2)
            while first + columns_shown(matrix, width - 1, first) <= self.cursor[1]:
                first += 1
        head, *rows = matrix_rows(matrix, self.cursor if self.has_focus else None, width - 1, first)
        return [[(" ", ""), *row] for row in (head, *rows[top : top + height - 1])]

    def on_focus(self) -> None:
        """Show the cursor."""
        self.redraw()

    def on_blur(self) -> None:
        """Hide the cursor."""
        self.redraw()

    def action_move(self, down: int, right: int) -> None:
        """The cursor to a neighbouring cell."""
        if self._matrix is None or not self._matrix.rows or not self._matrix.columns:
            return
        row = min(max(0, self.cursor[0] + down), len(self._matrix.rows) - 1)
        column = min(max(0, self.cursor[1] + right), len(self._matrix.columns) - 1)
        if (row, column) != self.cursor:
            self.cursor = (row, column)
            self.redraw()
            self.post_message(self.Moved(row, column))
