"""Confusion matrices as text."""

from __future__ import annotations

from labelloop.rendering.cells import text_of
from labelloop.rendering.matrix import Matrix, matrix_rows


def test_matrix() -> None:
    matrix = Matrix(("down", "(missed)"), ("down", "(none)"), ((27, 2), (1, 0)))
    rows = [text_of(row) for row in matrix_rows(matrix)]
    assert rows[0].split() == ["predicted", "╲", "actual", "down", "(none)"]
    assert rows[1].split() == ["down", "27", "2"]
    assert rows[2].split() == ["(missed)", "1", "·"]
    shares = Matrix(matrix.rows, matrix.columns, matrix.counts, in_percent=True)
    assert "96 %" in text_of(matrix_rows(shares)[1])
    assert any("cursor" in style for _, style in matrix_rows(matrix, (0, 1))[1])
