"""Reading a recording into the cache: progress, cancelling, full disks, little memory."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from labelloop.errors import UserError
from labelloop.storage import ingest as ingesting
from labelloop.storage.ingest import Cancelled
from labelloop.storage.signals import Signal, SignalStore
from tests.storage.made_up import jittered, write_csv
from tests.where import SOURCE


@pytest.fixture
def store(tmp_path: Path) -> SignalStore:
    return SignalStore(tmp_path / "project" / ".labelloop" / "cache")


def load(store: SignalStore, tmp_path: Path, data: bytes, name: str = "data.csv") -> Signal:
    path = tmp_path / name
    path.write_bytes(data)
    return store.load(path)


def left(store: SignalStore) -> list[str]:
    return sorted(path.suffix for path in store.folder.iterdir())


def test_without_a_cache_folder_it_is_read_into_memory(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    times, samples = jittered(3000)
    path = write_csv(tmp_path / "data.csv", times, samples)
    signal = SignalStore(tmp_path / "file" / "cache").load(path)
    np.testing.assert_array_equal(signal.read(0, 3000), samples.T)
    assert "read again each time" in signal.warnings[0]


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="this system gives no room ahead")
def test_a_full_disk_leaves_nothing_and_memory_is_used(
    store: SignalStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(fd: int, offset: int, size: int) -> None:
        if os.readlink(f"/proc/self/fd/{fd}").startswith(str(tmp_path)):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    signal = load(store, tmp_path, b"t,x\n0,1\n1,2\n")
    assert signal.n == 2
    assert "the disk is full" in signal.warnings[0]
    assert left(store) == []


def test_too_large_for_memory_is_a_sentence(
    store: SignalStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sysconf", lambda name: 1)
    (tmp_path / "project").touch()
    with pytest.raises(UserError, match="make its cache folder writable"):
        load(store, tmp_path, b"t,x\n0,1\n1,2\n")


def test_progress_is_told_and_cancelling_leaves_nothing(store: SignalStore, tmp_path: Path) -> None:
    times, samples = jittered(60_000, 3)
    path = write_csv(tmp_path / "data.csv", times, samples)
    seen: list[tuple[int, int]] = []
    with pytest.raises(Cancelled, match="was stopped"):
        store.load(path, cancel=lambda: True)
    assert left(store) == []
    store.load(path, lambda rows, total: seen.append((rows, total)))
    assert seen[-1] == (60_000, 60_000)
    assert 0 < seen[0][0] < 60_000
    assert seen == sorted(seen)


def test_a_recording_that_changes_while_it_is_read(store: SignalStore, tmp_path: Path) -> None:
    times, samples = jittered(60_000, 3)
    path = write_csv(tmp_path / "data.csv", times, samples)

    def grow(rows: int, total: int) -> None:
        with path.open("ab") as file:
            file.write(b"9999999,1,2,3\n")

    with pytest.raises(UserError, match="changed while it was read"):
        store.load(path, grow)
    assert left(store) == []


def test_opening_needs_neither_pandas_nor_h5py(store: SignalStore, tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    load(store, tmp_path, b"t,x\n0,1\n1,2\n")
    code = (
        "import sys; from pathlib import Path; from labelloop.storage.signals import SignalStore; "
        f"s = SignalStore(Path({str(store.folder)!r})).cached(Path({str(path)!r})); "
        "print(s.read(0, 2).tolist(), {'pandas', 'h5py', 'textual'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=SOURCE, check=True)
    assert run.stdout.strip() == "[[1.0], [2.0]] set()"


def test_only_one_thread_is_needed(
    store: SignalStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingesting, "_cores", lambda: 1)
    times, samples = jittered(60_000, 3)
    signal = store.load(write_csv(tmp_path / "data.csv", times, samples))
    np.testing.assert_array_equal(signal.read(0, 60_000), samples.T)
