"""Reading recordings into the cache and out of it again."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from labelloop.errors import UserError
from labelloop.formats.signals.probe import probe_signal
from labelloop.storage.signals import Signal, SignalStore
from tests.storage.made_up import BadFile, bad_files, jittered, write_csv
from tests.where import SHARED, needs_shared

DATA = SHARED


@pytest.fixture
def store(tmp_path: Path) -> SignalStore:
    return SignalStore(tmp_path / "project" / ".labelloop" / "cache")


def load(store: SignalStore, tmp_path: Path, data: bytes, name: str = "data.csv") -> Signal:
    path = tmp_path / name
    path.write_bytes(data)
    return store.load(path)


def left(store: SignalStore) -> list[str]:
    return sorted(path.suffix for path in store.folder.iterdir())


@pytest.mark.parametrize(("n", "channels"), [(1, 1), (2, 3), (70_000, 3), (40, 5000)])
def test_what_is_written_is_read(store: SignalStore, tmp_path: Path, n: int, channels: int) -> None:
    times, samples = jittered(n, channels, gaps=2)
    path = write_csv(tmp_path / "data.csv", times, samples)
    for signal in (store.load(path), store.cached(path)):
        assert signal
        np.testing.assert_array_equal(signal.times, times)
        np.testing.assert_array_equal(signal.read(0, n), samples.T)
        np.testing.assert_array_equal(signal.read_channels(0, n // 2), samples[:, : n // 2])
        np.testing.assert_array_equal(signal.channel(channels - 1), samples[-1])
        assert signal.complete
        assert not signal.warnings
        assert (signal.n, len(signal.names)) == (n, channels)
        assert (signal.first_s, signal.last_s) == (times[0], times[-1])
    assert left(store) == [".h5", ".json"]


def test_the_cache_is_an_hdf5_file(store: SignalStore, tmp_path: Path) -> None:
    import h5py

    times, samples = jittered(5000, 2)
    store.load(write_csv(tmp_path / "data.csv", times, samples))
    with h5py.File(next(store.folder.glob("*.h5"))) as file:
        np.testing.assert_array_equal(file["times"][:], times)
        np.testing.assert_array_equal(file["samples"][:], samples)
        assert [name.decode() for name in file["names"]] == ["c0", "c1"]
        assert file["envelope_16"].shape == (2, 2, 312)


def test_warnings_are_kept(store: SignalStore, tmp_path: Path) -> None:
    data = b"t,x,y\n0,1,1e39\n0,inf,3\n1,,4\n1,nan,5\n"
    load(store, tmp_path, data)
    signal = store.cached(tmp_path / "data.csv")
    assert signal
    assert signal.warnings == (
        "2 times repeat the one before.",
        'Infinite or too large values are shown as gaps in "x", "y".',
    )
    np.testing.assert_array_equal(signal.read(0, 4), [[1, np.nan], [np.nan, 3], [np.nan, 4], [np.nan, 5]])
    assert signal.index_of(0.0) == 0
    assert signal.index_of(1.0) == 2


@pytest.mark.parametrize("bad", list(bad_files()), ids=lambda bad: bad.name)
def test_bad_files_get_one_sentence_and_leave_nothing(
    store: SignalStore, tmp_path: Path, bad: BadFile
) -> None:
    with pytest.raises(UserError) as caught:
        load(store, tmp_path, bad.data, bad.name)
    assert "\n" not in str(caught.value)
    assert bad.name in str(caught.value)
    if bad.name != "reverse.csv":
        assert bad.why in str(caught.value)
    assert left(store) == []


def test_missing_folder_and_pipe(store: SignalStore, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for name, why in [("gone.csv", "does not exist"), (".", "is a folder"), ("pipe.csv", "device or pipe")]:
        for ask in (store.load, store.cached, store.partial):
            with pytest.raises(UserError, match=why):
                ask(tmp_path / name)


def test_rows_times_and_values(store: SignalStore, tmp_path: Path) -> None:
    signal = load(store, tmp_path, b"t,x\n-1,1\n-0.5,2\n0,3\n10,4\n10.5,5\n")
    assert [signal.index_of(t) for t in (-9, -1, -0.9, 0, 9, 10.5, 11)] == [0, 0, 1, 2, 3, 4, 5]
    np.testing.assert_array_equal(signal.index_of(np.array([-0.5, 99])), [1, 5])
    assert [signal.nearest(t) for t in (-9, -0.75, -0.7, 4, 6, 99)] == [0, 0, 1, 2, 3, 4]
    assert signal.value_at(0, 0.4) == 3
    assert np.isnan(signal.value_at(0, 5.0))
    assert [(gap.start, gap.end) for gap in signal.gaps()] == [(0.0, 10.0)]
    assert signal.gaps(100.0) == []
    assert signal.rate_hz == 2.0
    assert len(signal) == 5
    with pytest.raises(IndexError, match="there are 1 channels"):
        signal.channel(1)
    assert signal.read(-5, 99).shape == (5, 1)
    assert signal.read(4, 2).shape == (0, 1)
    assert signal.times_of(3, 99).tolist() == [10, 10.5]


def test_one_sample(store: SignalStore, tmp_path: Path) -> None:
    signal = load(store, tmp_path, b"t,x\n3,7\n")
    assert signal.rate_hz == 0.0
    assert signal.gaps() == []
    assert signal.value_at(0, 100.0) == 7
    low, high = signal.envelope(0, 0, 1, 3)
    assert np.nanmax(low) == np.nanmax(high) == 7
    assert signal.nearest(-1.0) == 0


@needs_shared
@pytest.mark.parametrize("folder", ["gestures_actrectut", "tug_activities", "ecg_beats", "studio"])
def test_real_recordings_equal_a_plain_reading(store: SignalStore, folder: str) -> None:
    import pandas as pd

    paths = [p for p in sorted((DATA / folder).rglob("*")) if p.suffix in (".csv", ".data")]
    assert paths
    for path in paths[::9]:
        signal, table, probe = store.load(path), pd.read_csv(path), probe_signal(path)
        first = 2 if signal.timecoded else 1
        np.testing.assert_array_equal(signal.times, table.iloc[:, 0])
        np.testing.assert_array_equal(signal.read(0, signal.n), table.iloc[:, first:].to_numpy(np.float32))
        assert (probe.channels, probe.n, probe.timecoded) == (signal.names, signal.n, signal.timecoded)
        assert probe.rate_hz == pytest.approx(signal.rate_hz, rel=0.05)
