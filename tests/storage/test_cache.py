"""Which cached signal belongs to which recording, as it is now."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from labelloop.storage.signals import SignalStore
from tests.storage.made_up import jittered, write_csv


@pytest.fixture
def store(tmp_path: Path) -> SignalStore:
    return SignalStore(tmp_path / "project" / ".labelloop" / "cache")


def left(store: SignalStore) -> list[str]:
    return sorted(path.suffix for path in store.folder.iterdir())


def test_a_changed_recording_is_read_anew(store: SignalStore, tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(b"t,x\n0,1\n1,2\n")
    assert store.cached(path) is None
    store.load(path)
    before = path.stat()
    path.write_bytes(b"t,x\n0,1\n1,7\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert store.cached(path) is None
    assert store.load(path).channel(0)[1] == 7
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    assert store.cached(path) is None
    store.load(path)
    assert left(store) == [".h5", ".json"]


def test_a_project_can_be_moved_as_a_whole(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    path = old / "Data" / "data.csv"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"t,x\n0,1\n")
    SignalStore(old / ".labelloop" / "cache").load(path)
    old.rename(new)
    assert SignalStore(new / ".labelloop" / "cache").cached(new / "Data" / "data.csv")


def test_damaged_cache_files_are_replaced(store: SignalStore, tmp_path: Path) -> None:
    times, samples = jittered(3000)
    path = write_csv(tmp_path / "data.csv", times, samples)
    store.load(path)
    zeros = b"\0" * next(store.folder.glob("*.h5")).stat().st_size
    for suffix, damage in ((".json", b"{"), (".json", b""), (".h5", b"\x89HDF"), (".h5", zeros)):
        store.load(path)
        next(store.folder.glob(f"*{suffix}")).write_bytes(damage)
        assert store.cached(path) is None
        np.testing.assert_array_equal(store.load(path).read(0, 3000), samples.T)


def test_the_cache_may_be_deleted_while_a_signal_is_open(store: SignalStore, tmp_path: Path) -> None:
    times, samples = jittered(3000)
    signal = store.load(write_csv(tmp_path / "data.csv", times, samples))
    shutil.rmtree(store.folder)
    np.testing.assert_array_equal(signal.read(0, 3000), samples.T)
    np.testing.assert_array_equal(signal.times, times)
