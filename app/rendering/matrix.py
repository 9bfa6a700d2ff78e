"""A confusion matrix in text: what was predicted in rows, what is true in columns."""

from __future__ import annotations

from dataclasses import dataclass

from app.rendering.cells import Row
from app.rendering.format import fit, percent

CORNER = "predicted ╲ actual"


@dataclass(frozen=True, slots=True)
class Matrix:
    """Counts by predicted row and actual column. The last row and column may stand for no event at all."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[float, ...], ...]
    in_percent: bool = False

    def cell(self, row: int, column: int) -> str:
        """A cell's text: a count, or its share of the column; a zero is a dot."""
        value = self.counts[row][column]
        if not value:
            return "·"
        if not self.in_percent:
            return f"{value:g}"
        total = sum(line[column] for line in self.counts)
        return percent(value / total) if total else "·"

    def correct(self, row: int, column: int) -> bool:
        """Whether the cell counts what was predicted as it is."""
        return self.rows[row] == self.columns[column]


def matrix_rows(matrix: Matrix, cursor: tuple[int, int] | None = None, width: int | None = None) -> list[Row]:
    """A title row and a row per predicted class, the cursor's cell marked."""
    name_width = min(max([len(CORNER), *map(len, matrix.rows)]), 18) + 2
    sizes = [
        max(
            [
                len(fit(name, min(12, max(6, len(name))))),
                *(len(matrix.cell(r, c)) for r in range(len(matrix.rows))),
            ]
        )
        for c, name in enumerate(matrix.columns)
    ]
    shown = len(sizes)
    while width is not None and shown > 1 and name_width + sum(sizes[:shown]) + 2 * shown > width:
        shown -= 1
    head: Row = [(fit(CORNER, name_width), "dim")]
    head += [(fit(name, sizes[c] + 2, "right"), "dim") for c, name in enumerate(matrix.columns[:shown])]
    table = [head]
    for r, name in enumerate(matrix.rows):
        row: Row = [(fit(name, name_width), "")]
        row += [_cell(matrix, r, c, sizes[c] + 2, cursor) for c in range(shown)]
        table.append(row)
    return table


def _cell(
    matrix: Matrix, row: int, column: int, width: int, cursor: tuple[int, int] | None
) -> tuple[str, str]:
    value = matrix.counts[row][column]
    style = "dim" if not value else "good" if matrix.correct(row, column) else "warn"
    if cursor == (row, column):
        style += " cursor"
    return fit(matrix.cell(row, column), width, "right"), style
