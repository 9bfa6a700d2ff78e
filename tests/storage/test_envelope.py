"""Envelopes and times of cached signals against brute force."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelloop.storage.envelope import envelope, even_edges, extremes
from labelloop.storage.layout import FACTOR, Layout, levels_for, parse_layout, place
from labelloop.storage.samples import F32, I64
from labelloop.storage.timing import find_gaps
from tests.storage.made_up import jittered, sample_file

N = 40_000
TIMES, CHANNELS = jittered(N, 2, seed=1, gaps=9)
BIG = sample_file(TIMES, CHANNELS, cuts=[1, 17, 5000, 5001, 5008, 20_000])
rows = st.integers(0, N)


def brute(samples: F32, edges: I64) -> tuple[F32, F32]:
    parts = [samples[a:b][np.isfinite(samples[a:b])] for a, b in pairwise(edges)]
    low = np.array([p.min() if len(p) else np.nan for p in parts], np.float32)
    high = np.array([p.max() if len(p) else np.nan for p in parts], np.float32)
    return low, high


@settings(max_examples=300, deadline=None)
@given(rows, rows)
def test_extremes_are_exact(a: int, b: int) -> None:
    low, high = extremes(BIG, 1, a, b)
    expected = brute(CHANNELS[1], np.array([a, max(a, b)]))
    np.testing.assert_array_equal([low, high], [expected[0][0], expected[1][0]])


@settings(max_examples=300, deadline=None)
@given(rows, rows, st.integers(1, 500))
def test_even_columns_are_exact_or_off_by_half_a_cell(i: int, j: int, columns: int) -> None:
    i, j = min(i, j), max(i, j)
    edges = even_edges(i, j, columns)
    check(edges, *envelope(BIG, 0, edges))


@settings(max_examples=300, deadline=None)
@given(st.lists(rows, min_size=2, max_size=40))
def test_any_columns_are_exact_or_off_by_half_a_cell(places: list[int]) -> None:
    edges = np.array(sorted(places), np.int64)
    check(edges, *envelope(BIG, 0, edges))


def check(edges: I64, low: F32, high: F32) -> None:
    """Brute force gives the same, or about the same where a coarse level was used."""
    expected_low, expected_high = brute(CHANNELS[0], edges)
    filled = np.flatnonzero(np.diff(edges) > 0)
    assert np.isnan(low[np.diff(edges) == 0]).all()
    mean = (edges[-1] - edges[0]) / max(len(filled), 1)
    if mean < 8 * FACTOR:
        np.testing.assert_array_equal(low, expected_low)
        np.testing.assert_array_equal(high, expected_high)
        return
    slack = int(mean / 8) // 2 + 1
    for c in filled:
        a, b = int(edges[c]), int(edges[c + 1])
        if np.isnan(low[c]):
            assert np.isnan(expected_low[c]) or b - a < slack
            continue
        wide = CHANNELS[0][max(a - slack, edges[0]) : min(b + slack, edges[-1])]
        assert np.nanmin(wide) <= low[c] <= high[c] <= np.nanmax(wide)
        inner = CHANNELS[0][a + slack : max(b - slack, 0)]
        if np.isfinite(inner).any():
            assert low[c] <= np.nanmin(inner)
            assert high[c] >= np.nanmax(inner)
    whole = CHANNELS[0][edges[0] : edges[-1]]
    assert np.fmin.reduce(low) == np.nanmin(whole)
    assert np.fmax.reduce(high) == np.nanmax(whole)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 5000), st.integers(1, 3), st.lists(st.integers(0, 5000), max_size=12), st.integers(0, 9)
)
def test_any_blocks_make_the_same_file(n: int, channels: int, cuts: list[int], seed: int) -> None:
    times, samples = jittered(n, channels, seed, gaps=2)
    made = sample_file(times, samples, cuts)
    np.testing.assert_array_equal(made.times(0, n), times)
    np.testing.assert_array_equal(made.block(0, n), samples)
    np.testing.assert_array_equal(made.marks, times[::1024])
    np.testing.assert_array_equal(made.steps, [np.diff(times)[k : k + 1024].max() for k in full_marks(n)])
    for level in made.layout.levels:
        for k in range(channels):
            expected = brute(samples[k], np.arange(level.cells + 1) * level.factor)
            np.testing.assert_array_equal(made.cells(level, k, 0, level.cells), expected)


def full_marks(n: int) -> range:
    return range(0, (n - 1) // 1024 * 1024, 1024)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(-10, 700), min_size=1, max_size=50), st.lists(rows.filter(lambda i: i < N)))
def test_rows_of_times(moments: list[float], exact: list[int]) -> None:
    wanted = np.array([*moments, *TIMES[exact]])
    np.testing.assert_array_equal(BIG.search(wanted), np.searchsorted(TIMES, wanted))


def test_rows_of_times_that_lie_far_apart_and_repeat() -> None:
    times = np.repeat(np.arange(100_000) / 100.0, 3)
    made = sample_file(times, np.zeros((1, len(times)), np.float32), cuts=[4096])
    wanted = np.concatenate([times[:: len(times) // 50], [-1.0, 1e9, np.nan]])
    np.testing.assert_array_equal(made.search(wanted), np.searchsorted(times, wanted))


def test_gaps_are_found_wherever_they_are() -> None:
    for n in (2, 1024, 1025, 1026, 5000):
        for at in {1, n - 1, min(1023, n - 1), min(1024, n - 1), min(1025, n - 1)}:
            times = np.arange(n) / 10
            times[at:] += 50
            made = sample_file(times, np.zeros((1, n), np.float32))
            assert find_gaps(made, 10.0) == [(times[at - 1], times[at])]
            assert find_gaps(made, 100.0) == []


def test_the_rate_leaves_gaps_out() -> None:
    assert BIG.layout.rate_hz == pytest.approx(100, rel=0.01)
    quantised = np.round(np.arange(20_000) / 360, 5)
    assert sample_file(quantised, np.zeros((1, 20_000), np.float32)).layout.rate_hz == pytest.approx(360)


def test_no_columns_no_samples_and_rows_outside() -> None:
    for low, high in (
        envelope(BIG, 0, even_edges(5, 5, 7)),
        envelope(BIG, 0, even_edges(-50, -20, 7)),
        envelope(BIG, 0, even_edges(N, N + 70, 7)),
    ):
        assert len(low) == len(high) == 7
        assert np.isnan(low).all()
        assert np.isnan(high).all()
    assert len(envelope(BIG, 0, even_edges(0, 5, 0))[0]) == 0
    low, _ = envelope(BIG, 0, np.array([], np.int64))
    assert len(low) == 0


def test_columns_in_a_gap_are_empty_and_its_neighbours_exact() -> None:
    n = 100_000
    times = np.concatenate([np.arange(n // 2) / 100, 5000 + np.arange(n // 2) / 100])
    samples = np.concatenate([np.zeros(n // 2), np.ones(n // 2)]).astype(np.float32)[None]
    made = sample_file(times, samples)
    edges = np.linspace(0, times[-1] + 0.001, 101)
    low, high = envelope(made, 0, made.search(edges))
    inside = (edges[:-1] > 500) & (edges[1:] < 5000)
    assert np.isnan(low[inside]).all()
    assert np.isnan(high[inside]).all()
    assert (high[edges[1:] < 5000] != 1).all()
    assert (low[edges[:-1] > 500][~inside[edges[:-1] > 500]] == 1).all()


def test_part_of_a_file_that_is_still_written() -> None:
    part = BIG.advanced(20_001)
    edges = even_edges(0, N, 10)
    low, _ = envelope(part, 0, edges)
    assert np.isfinite(low[:5]).all()
    assert np.isnan(low[6:]).all()
    assert part.search(np.array([1e9]))[0] == 20_001
    np.testing.assert_array_equal(part.map_channel(1), CHANNELS[1][:20_001])


def test_a_layout_is_read_back_and_nonsense_is_not() -> None:
    layout = place(Layout(("a", "b"), 70_000)).valid(7)
    text = json.dumps(layout.to_json())
    assert parse_layout(text.encode()) == layout
    for bad in ("", "[]", "{}", "null", "\udcff", text[:-1]):
        assert parse_layout(bad.encode("utf-8", "replace")) is None
    for name, value in [
        ("rows", 7_000_000), ("rows", "9"), ("n", 0), ("n", 1e3), ("times", -8), ("size", 10**30),
        ("samples", 10**15), ("names", []), ("names", [3]), ("rate_hz", float("inf")), ("levels", []),
        ("levels", [{"factor": 0, "cells": 1}]), ("warnings", 3), ("more", 1), ("version", 0),
    ]:  # fmt: skip
        changed = json.dumps({**layout.to_json(), name: value})
        assert parse_layout(changed.encode()) is None or name == "size"
    assert [level.factor for level in levels_for(10_000_000)] == [16, 256, 4096, 65536]


def test_no_time_is_searched_in_an_empty_list() -> None:
    assert len(BIG.search(np.array([], np.float64))) == 0
