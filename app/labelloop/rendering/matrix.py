"""A confusion matrix in text: what was predicted in rows, what is true in columns."""

from __future__ import annotations

from dataclasses import dataclass

from labelloop.rendering.cells import Row
from labelloop.rendering.format import fit, percent

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


def _widths(matrix: Matrix) -> tuple[int, list[int]]:
    """Width of the names and of each column."""
    names = min(max([len(CORNER), *map(len, matrix.rows)]), 18) + 2
    rows = range(len(matrix.rows))
    sizes = [
        max([min(12, max(6, len(name))), *(len(matrix.cell(r, c)) for r in rows)])
        for c, name in enumerate(matrix.columns)
    ]
    return names, sizes


def columns_shown(matrix: Matrix, width: int | None, first: int = 0) -> int:
    """How many columns from ``first`` on have room, at least one; a sign for the rest takes two cells."""
    names, sizes = _widths(matrix)
    count = len(sizes) - first
    if width is None or names + sum(sizes[first:]) + 2 * count <= width:
        return count
    while count > 1 and names + sum(sizes[first : first + count]) + 2 * count + 2 > width:
        count -= 1
    return count


def matrix_rows(
    matrix: Matrix, cursor: tuple[int, int] | None = None, width: int | None = None, first: int = 0
) -> list[Row]:
    """A title row and a row per predicted class, the cursor's cell marked; columns from ``first`` on."""
    name_width, sizes = _widths(matrix)
    last = first + columns_shown(matrix, width, first)
    head: Row = [(fit(CORNER, name_width), "dim")]
    head += [(fit(matrix.columns[c], sizes[c] + 2, "right"), "dim") for c in range(first, last)]
    table = [head + ([(" …", "dim")] if last < len(sizes) else [])]
    for r, name in enumerate(matrix.rows):
        row: Row = [(fit(name, name_width), "")]
        row += [_cell(matrix, r, c, sizes[c] + 2, cursor) for c in range(first, last)]
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
