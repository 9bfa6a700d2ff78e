"""The viewer's window on a session."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelloop.widgets.view import View

VIEW = View.of_session(0, 120, 12, 50)


def test_steps_stay_on_columns() -> None:
    view = VIEW
    for _ in range(60):
        view = view.step(1, 100)
    assert view.column(view.cursor, 100) == 60
    assert view.start == 0


def test_leaving_the_window_moves_it_by_half() -> None:
    view = VIEW.at(11.95).step(1, 100)
    assert (view.start, view.end) == (6, 18)
    assert view.column(view.cursor, 100) == 50


def test_the_ends_hold() -> None:
    assert VIEW.step(-1, 100).cursor == 0
    end = VIEW.at(500)
    assert end.cursor == 120
    assert 0 <= end.column(end.cursor, 100) < 100
    assert end.step(1, 100) == end


def test_zoom_keeps_the_cursors_column() -> None:
    view = VIEW.at(60).at(63)
    column = view.column(view.cursor, 200)
    assert view.zoom(2).column(63, 200) == column
    assert view.zoom(1e9).shown == pytest.approx(VIEW.smallest)
    assert view.zoom(1e-9) == view.fit()


def test_selection_runs_both_ways() -> None:
    view = VIEW.at(5).marked(5).at(3)
    assert view.selection == (3, 5)
    assert view.marked(None).selection is None


def test_show_brings_a_stretch_into_view() -> None:
    view = VIEW.show(50, 60)
    assert view.start < 50
    assert view.end > 60
    assert view.cursor == 50


def test_a_session_of_one_sample() -> None:
    view = View.of_session(3, 3, 10)
    assert view.column(3, 80) == 0
    assert view.step(1, 80).zoom(2).page(1).fit().cursor >= 3


@given(
    st.floats(-1e9, 1e9),
    st.floats(0, 1e6),
    st.lists(st.sampled_from(["right", "left", "in", "out", "page", "back", "fit", "far"]), max_size=30),
    st.integers(1, 300),
)
def test_the_cursor_never_leaves_the_session(
    first: float, length: float, moves: list[str], columns: int
) -> None:
    view = View.of_session(first, first + length, 10, 50)
    for move in moves:
        view = {
            "right": lambda v: v.step(3, columns),
            "left": lambda v: v.step(-3, columns),
            "in": lambda v: v.zoom(2),
            "out": lambda v: v.zoom(0.5),
            "page": lambda v: v.page(1),
            "back": lambda v: v.page(-0.1),
            "fit": lambda v: v.fit(),
            "far": lambda v: v.at(first + length * 0.9),
        }[move](view)
        assert view.first <= view.cursor <= view.last
        assert view.end > view.start
