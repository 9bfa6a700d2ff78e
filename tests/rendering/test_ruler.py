"""The ruler: ticks at round times, as wide as the view."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from labelloop.rendering.cells import text_of, width_of
from labelloop.rendering.glyphs import Glyphs
from labelloop.rendering.ruler import nice_step, ruler, ticks


def test_ruler_like_the_sketch() -> None:
    made = ruler(8, 16, 72, 40)
    assert text_of(made.ticks) == "├────────┬────────┬────────┬────────┬───▼────┬────────┬────────┬────────"
    assert text_of(made.labels).split() == ["8", "s", "9", "10", "11", "12", "13", "14", "15"]


@given(st.floats(-1e12, 1e12), st.floats(1e-6, 1e9), st.integers(1, 300), st.sampled_from(Glyphs))
def test_ruler_fits_any_view(start: float, shown: float, columns: int, glyphs: Glyphs) -> None:
    made = ruler(start, start + shown, columns, 3, glyphs)
    assert width_of(made.ticks) == width_of(made.labels) == columns


@given(st.floats(1e-9, 1e9))
def test_nice_steps_are_no_smaller(smallest: float) -> None:
    assert nice_step(smallest) >= smallest * (1 - 1e-6)


def test_ruler_of_a_clock_since_1970() -> None:
    _, marks = ticks(1.6e9, 1.6e9 + 40, 78)
    assert len(marks) > 2
    assert "12:26:40" in text_of(ruler(1.6e9, 1.6e9 + 40, 78).labels)
