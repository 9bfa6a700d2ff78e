"""Spans of a cached signal by row, channel, moment and cell."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from labelloop.errors import UserError
from labelloop.storage.samples import SampleFile
from labelloop.storage.signals import SignalStore
from tests.storage.made_up import write_csv

ROWS = 5000


@pytest.fixture
def samples(tmp_path: Path) -> SampleFile:
    """Two channels, n and -n, at times n / 10."""
    values = np.arange(ROWS, dtype=np.float32)
    path = write_csv(tmp_path / "data.csv", np.arange(ROWS) / 10, np.stack([values, -values]))
    return SignalStore(tmp_path / "cache").load(path)._samples


def test_spans_of_rows(samples: SampleFile) -> None:
    np.testing.assert_array_equal(samples.times(3, 5), [0.3, 0.4])
    np.testing.assert_array_equal(samples.raw(1, 3, 5), [-3, -4])
    np.testing.assert_array_equal(samples.block(3, 5), [[3, 4], [-3, -4]])
    assert samples.times(5, 3).size == 0
    assert samples.block(5, 3).shape == (2, 0)


def test_the_whole_at_once_is_the_same(samples: SampleFile) -> None:
    whole = samples.block(0, ROWS)
    np.testing.assert_array_equal(whole[1], samples.raw(1, 0, ROWS))
    np.testing.assert_array_equal(samples.map_channel(1), whole[1])
    np.testing.assert_array_equal(samples.map_times(), samples.times(0, ROWS))


def test_cells_hold_least_and_greatest(samples: SampleFile) -> None:
    level = samples.layout.levels[0]
    low, high = samples.cells(level, 0, 2, 4)
    np.testing.assert_array_equal(low, [32, 48])
    np.testing.assert_array_equal(high, [47, 63])


@pytest.mark.parametrize("moment", [-1.0, 0.0, 0.05, 102.4, 300.0, 499.9, 600.0])
def test_the_first_row_not_before_a_moment(samples: SampleFile, moment: float) -> None:
    times = samples.times(0, ROWS)
    assert samples.search(np.array([moment])).tolist() == [int(np.searchsorted(times, moment, "left"))]


def test_moments_far_apart_are_found_too(samples: SampleFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labelloop.storage.samples._SEARCH_ROWS", 1)
    times, wanted = samples.times(0, ROWS), np.array([0.05, 250.0, 499.95])
    np.testing.assert_array_equal(samples.search(wanted), np.searchsorted(times, wanted, "left"))
    assert samples.search(np.empty(0)).size == 0


def test_fewer_rows_of_the_same_file(samples: SampleFile) -> None:
    part = samples.advanced(100)
    assert part.layout.n == 100
    np.testing.assert_array_equal(part.map_times(), samples.times(0, 100))
    part.close()
    assert samples.times(0, 1).size == 1


def test_a_file_that_was_cut_says_what_to_do(samples: SampleFile, tmp_path: Path) -> None:
    path = next((tmp_path / "cache").glob("*.h5"))
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(UserError, match="cut short; delete the cache folder"):
        samples.times(0, 10)
