"""Writing only what changed leaves the terminal as if all had been written."""

from __future__ import annotations

import pyte
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from labelloop.rendering.cells import fitted, width_of
from labelloop.widgets.frame_diff import Frame, changed_spans

CONSOLE = Console(color_system="truecolor", force_terminal=True, width=30)
STYLES = {"": None, "a": Style(color="red"), "b": Style(bold=True), "c": Style(reverse=True)}
RUNS = st.lists(
    st.tuples(st.text(alphabet="ab 走る═⣿é…", max_size=9), st.sampled_from(list(STYLES))), max_size=8
)


def strip_of(runs: list[tuple[str, str]], width: int) -> Strip:
    row = fitted(runs, width)
    assert width_of(row) == width
    return Strip([Segment(text, STYLES[style]) for text, style in row], width)


def cells(screen: pyte.Screen) -> list[object]:
    return [screen.buffer[0][x] for x in range(screen.columns)]


@given(st.lists(st.tuples(RUNS, st.integers(0, 29), st.integers(1, 30)), min_size=1, max_size=6))
def test_the_terminal_shows_the_last_frame(frames: list[tuple[list[tuple[str, str]], int, int]]) -> None:
    lean, full = pyte.Screen(30, 2), pyte.Screen(30, 2)
    lean_stream, full_stream = pyte.Stream(lean), pyte.Stream(full)
    frame = Frame()
    frame.resize(30, 2)
    for number, (runs, x, width) in enumerate(frames):
        x, width = (0, 30) if number == 0 or x + width > 30 else (x, width)
        strip = strip_of(runs, width)
        lean_stream.feed(frame.write(x, 0, strip, CONSOLE))
        whole = frame._rows[0]
        assert whole is not None
        full_stream.feed(f"\x1b[1;1H{whole.render(CONSOLE)}")
        assert cells(lean) == cells(full)


def test_only_changed_cells_are_written() -> None:
    old, new = strip_of([("abcdef", "a")], 30), strip_of([("abXdef", "a")], 30)
    assert changed_spans(old, new) == [(2, 3)]
    assert changed_spans(old, old) == []
    far = strip_of([("Xbcdef", "a"), (" " * 20, ""), ("Y", "")], 30)
    assert changed_spans(old, far) == [(0, 1), (26, 27)]


def test_half_a_wide_character_is_never_written() -> None:
    old, new = strip_of([("a走b", "")], 6), strip_of([("a走b", "a")], 6)
    assert changed_spans(old, strip_of([("aる", "")], 6)) == [(1, 4)]
    assert changed_spans(old, strip_of([("走るb", "")], 6)) == [(0, 5)]
    assert changed_spans(old, new) == [(0, 4)]


def test_unknown_rows_are_written_whole() -> None:
    frame = Frame()
    frame.resize(6, 1)
    strip = strip_of([("abc", "")], 6)
    assert "abc" in frame.write(0, 0, strip, CONSOLE)
    assert frame.write(0, 0, strip, CONSOLE) == ""
    frame.forget()
    frame.resize(6, 1)
    assert "abc" in frame.write(0, 0, strip, CONSOLE)
