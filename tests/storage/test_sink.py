"""Blocks of samples on their way into a file: cells of the pyramid, order of times, short writes."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from labelloop.storage.sink import halve, times_go_back, write_at


def test_least_and_greatest_of_each_sixteen() -> None:
    block = np.arange(64, dtype=np.float32).reshape(2, 32)
    low, high = halve(block)
    np.testing.assert_array_equal(low, [[0, 16], [32, 48]])
    np.testing.assert_array_equal(high, [[15, 31], [47, 63]])


def test_missing_values_count_for_nothing() -> None:
    block = np.full((1, 16), np.nan, np.float32)
    block[0, 3] = 2
    low, high = halve(block)
    assert (low.item(), high.item()) == (2, 2)
    assert np.isnan(halve(np.full((1, 16), np.nan, np.float32))[0]).all()


def test_short_writes_are_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.pwrite
    monkeypatch.setattr(os, "pwrite", lambda fd, data, at: real(fd, bytes(data[:3]), at))
    fd = os.open(tmp_path / "a", os.O_RDWR | os.O_CREAT)
    try:
        write_at(fd, memoryview(b"0123456789"), 2)
    finally:
        os.close(fd)
    assert (tmp_path / "a").read_bytes() == b"\0\x000123456789"


def test_times_that_go_back_are_named_with_their_line() -> None:
    said = str(times_go_back(Path("a.csv"), 7, 2.0, 1.5))
    assert "line 7" in said
    assert "from 2.0 s to 1.5 s" in said
