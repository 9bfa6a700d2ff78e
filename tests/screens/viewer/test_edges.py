"""Keys that move the edges of a label in the viewer."""

from __future__ import annotations

import pytest

from labelloop.project.labels import Label
from labelloop.widgets.rows import Line
from tests.screens.conftest import Driven
from tests.screens.viewer.looking import alone, opened, said, spans


async def test_edges_by_columns_samples_cursor_and_neighbours(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = await opened(app, press)
        alone(screen, Label(3.0, 1.0, "down"), Label(6.0, 1.0, "up"))
        await press("n", "h", "L")
        column = screen.pane.column_s
        assert spans(screen, 4)[0] == (round(3 - column, 4), round(4 + column, 4), "down")
        await press("l", "H", "(", ")")
        assert screen.pane.track[0].start == pytest.approx(3.0, abs=2 * screen.pane.sample_s)
        await press("g", "2", "enter", "[")
        assert spans(screen)[0][0] == 2.0
        await press("g", "5", ".", "5", "enter", "]")
        assert spans(screen)[0] == (2.0, 5.5, "down")
        await press("}")
        assert spans(screen)[0] == (2.0, 6.0, "down")
        await press("{")
        assert spans(screen)[0] == (0.0, 6.0, "down")
        await press("n", "g", "6", ".", "5", "enter", "/", "j")
        assert [name for _, _, name in spans(screen)].count("up") in (1, 2)


async def test_edges_never_cross_and_say_so(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = await opened(app, press)
        alone(screen, Label(3.0, 1.0, "down"))
        await press("n", *["l"] * 12)
        assert "start must lie before its end" in said(app)
        label = screen.pane.track[0]
        assert label.start < label.end


async def test_snapping_moves_the_edges_of_a_stamp_to_the_signal(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = await opened(app, press)
        truth = list(screen.pane.track)
        middle = truth[4]
        alone(screen, *truth[:4])
        await press("S")
        assert "snap" in app.screen.query_one("#header", Line).text
        screen.pane.show_view(screen.pane.view.at(middle.start + 0.15))
        await press("1")
        found = screen.pane.target()
        assert found is not None
        assert found.segment.iou(middle.segment) > 0.8
        before = found
        await press("l", "s")
        again = screen.pane.target()
        assert again is not None
        assert again.segment.iou(middle.segment) >= before.segment.iou(middle.segment) - 0.15
        await press("s", "s", "s")
