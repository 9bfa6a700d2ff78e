"""Curves and matrices as widgets."""

from __future__ import annotations

from typing import Any

from labelloop.rendering.matrix import Matrix
from labelloop.widgets.charts import Curves, MatrixView
from labelloop.widgets.rows import Rule


async def test_matrix_cursor(widget_app: Any) -> None:
    app = widget_app(lambda: [Curves(), MatrixView(), Rule()])
    async with app.run_test(size=(80, 24)) as pilot:
        app.screen.query_one(Curves).show({"train": [1, 0.5]}, 10)
        view = app.screen.query_one(MatrixView)
        view.show(Matrix(("down", "(missed)"), ("down", "(none)"), ((27, 2), (1, 0))))
        view.focus()
        await pilot.press("down", "right", "right")
        assert view.cursor == (1, 1)
        view.show(Matrix(("a",), ("a",), ((1,),)))
        assert view.cursor == (0, 0)
        view.show(None)
        await pilot.press("down")
