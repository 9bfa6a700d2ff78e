"""Where the arrays of a cached signal lie: apart, inside the file, and read back only when possible."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from labelloop.storage.layout import Layout, levels_for, parse_layout, place


def made(rows: int = 1025) -> Layout:
    return place(Layout(("x", "y"), rows)).valid(rows)


def text(layout: Layout) -> bytes:
    return json.dumps(layout.to_json()).encode()


@pytest.mark.parametrize(("rows", "cells"), [(1023, []), (1024, [64]), (16383, [1023]), (16384, [1024, 64])])
def test_a_level_is_made_from_64_cells_on(rows: int, cells: list[int]) -> None:
    assert [level.cells for level in levels_for(rows)] == cells
    assert [level.factor for level in levels_for(rows)] == [16, 256][: len(cells)]


@pytest.mark.parametrize(("rows", "marks", "steps"), [(1, 1, 0), (1024, 1, 0), (1025, 2, 1), (2049, 3, 2)])
def test_marks_and_steps_by_1024_rows(rows: int, marks: int, steps: int) -> None:
    assert (made(rows).mark_count, made(rows).step_count) == (marks, steps)


def test_arrays_begin_on_pages_in_order() -> None:
    layout = made()
    assert (layout.times, layout.samples, layout.marks, layout.steps) == (0, 12288, 24576, 28672)
    assert (layout.levels[0].offset, layout.size) == (32768, 36864)
    assert layout.end() == 32768 + 8 * 64 * 2


def test_a_layout_reads_back() -> None:
    layout = replace(made(), warnings=("a",), rate_hz=2.5, whole=True)
    assert parse_layout(text(layout)) == layout


@pytest.mark.parametrize(
    "wrong",
    [
        {"n": 0}, {"n": 1026}, {"names": ()}, {"names": (1,)}, {"rate_hz": float("inf")}, {"window_s": 1},
        {"times": -1}, {"check": True}, {"levels": ()}, {"size": 33791},
    ],
    ids=str,
)  # fmt: skip
def test_impossible_values_are_no_layout(wrong: dict[str, object]) -> None:
    assert parse_layout(text(replace(made(), **wrong))) is None  # type: ignore[arg-type]


def test_a_file_that_just_holds_its_arrays_is_possible() -> None:
    assert replace(made(), size=33792).is_possible()


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"version": 2}'])
def test_what_is_not_ours_is_no_layout(data: bytes) -> None:
    assert parse_layout(data) is None
