"""Recordings that processes of their own read: several at once, killed, followed."""

from __future__ import annotations

import json
import os
import random
import signal as signals
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from labelloop.errors import UserError
from labelloop.storage.layout import parse_layout
from labelloop.storage.reading import Reader, Reading
from labelloop.storage.signals import SignalStore
from tests.storage.made_up import jittered, write_csv
from tests.where import SOURCE


def start(source: Path, folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "labelloop.storage.ingest", str(source), str(folder)]
    return subprocess.Popen(command, cwd=SOURCE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def finish(reading: Reading) -> list[int]:
    """Poll to the end; the numbers of rows that could be drawn meanwhile."""
    rows, end = [], time.monotonic() + 60
    while not reading.finished:
        assert time.monotonic() < end
        if reading.poll() and reading.signal:
            rows.append(reading.signal.n)
        time.sleep(0.005)
    return rows


def test_a_process_reads_and_is_followed(tmp_path: Path) -> None:
    times, samples = jittered(400_000, 4)
    store = SignalStore(tmp_path / "cache")
    path = write_csv(tmp_path / "data.csv", times, samples)
    reading = Reading(store, path)
    rows = finish(reading)
    assert not reading.error
    assert reading.share == 1.0
    assert rows[-1] == 400_000
    assert rows == sorted(rows)
    assert reading.signal
    np.testing.assert_array_equal(reading.signal.read(0, 400_000), samples.T)
    again = Reading(store, path)
    assert again.finished
    assert again.signal


def test_what_goes_wrong_is_said(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(b"t,x\n0,1\n1,abc\n2,3\n")
    reading = Reading(SignalStore(tmp_path / "cache"), path)
    finish(reading)
    assert 'line 3: column "x" holds "abc"' in reading.error
    assert not reading.no_cache
    missing = Reading(SignalStore(tmp_path / "cache"), tmp_path / "gone.csv")
    assert missing.finished
    assert "does not exist" in missing.error
    (tmp_path / "file").touch()
    path.write_bytes(b"t,x\n0,1\n")
    blocked = Reading(SignalStore(tmp_path / "file" / "cache"), path)
    finish(blocked)
    assert blocked.no_cache
    assert "can't be used" in blocked.error


def test_stopping_leaves_nothing(tmp_path: Path) -> None:
    times, samples = jittered(400_000, 4)
    store = SignalStore(tmp_path / "cache")
    reading = Reading(store, write_csv(tmp_path / "data.csv", times, samples))
    while not store.folder.exists() and not reading.finished:
        time.sleep(0.005)
    reading.stop()
    assert reading.finished
    if reading.error:
        assert "was stopped" in reading.error
        assert not list(store.folder.iterdir())


@pytest.mark.parametrize("locks", [True, False])
def test_two_at_once(tmp_path: Path, locks: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    times, samples = jittered(200_000, 4)
    folder = tmp_path / "cache"
    path = write_csv(tmp_path / "data.csv", times, samples)
    if not locks:
        (tmp_path / "sitecustomize.py").write_text(
            "import fcntl\ndef flock(*a): raise OSError(37, 'No locks available')\nfcntl.flock = flock\n"
        )
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    running = [start(path, folder) for _ in range(3)]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    signal = SignalStore(folder).cached(path)
    assert signal
    np.testing.assert_array_equal(signal.read(0, 200_000), samples.T)
    kinds = sorted(entry.suffix for entry in folder.iterdir() if entry.suffix != ".lock")
    assert kinds == [".h5", ".json"]


def test_a_kill_at_any_moment_leaves_nothing_that_is_taken_for_whole(tmp_path: Path) -> None:
    times, samples = jittered(300_000, 4)
    store = SignalStore(tmp_path / "cache")
    path = write_csv(tmp_path / "data.csv", times, samples)
    chance = random.Random(5)
    broken = 0
    for _ in range(8):
        process = start(path, store.folder)
        while not list(store.folder.glob("*.part")) and process.poll() is None:
            time.sleep(0.002)
        time.sleep(chance.uniform(0, 0.15))
        os.kill(process.pid, signals.SIGKILL)
        process.wait()
        signal = store.cached(path)
        if signal is None:
            broken += 1
            continue
        np.testing.assert_array_equal(signal.read(0, 300_000), samples.T)
        next(store.folder.glob("*.json")).unlink()
    assert broken
    np.testing.assert_array_equal(store.load(path).read(0, 300_000), samples.T)
    assert sorted(entry.suffix for entry in store.folder.iterdir()) == [".h5", ".json"]


def test_a_stale_note_of_progress_is_harmless(tmp_path: Path) -> None:
    store = SignalStore(tmp_path / "cache")
    path = tmp_path / "data.csv"
    path.write_bytes(b"t,x\n0,1\n")
    store.load(path)
    data = next(store.folder.glob("*.h5"))
    layout = json.loads(next(store.folder.glob("*.json")).read_text())
    assert parse_layout(json.dumps(layout).encode())
    progress = store.folder / (data.name.split("-")[0] + ".progress")
    for note in ("", "{}", "[1]", json.dumps({"file": "../x", "layout": layout}), json.dumps({"file": 1})):
        progress.write_text(note)
        assert store.partial(path) is None


def test_one_process_reads_many_in_turn(tmp_path: Path) -> None:
    times, samples = jittered(2_000, 2)
    paths = [write_csv(tmp_path / f"{k}.csv", times, samples * k) for k in range(4)]
    (tmp_path / "bad.csv").write_bytes(b"t,x\n0,1\n1,abc\n2,3\n")
    store = SignalStore(tmp_path / "cache")
    reader = Reader(store.folder)
    seen = set()
    for k, path in enumerate(paths):
        reader.read(path)
        found = store.cached(path)
        assert found is not None
        np.testing.assert_array_equal(found.read(0, 2_000), (samples * k).T)
        assert reader._process is not None
        seen.add(reader._process.pid)
        with pytest.raises(UserError, match="abc"):
            reader.read(tmp_path / "bad.csv")
    assert len(seen) == 1
    reader.close()


def test_a_lost_reader_is_begun_anew(tmp_path: Path) -> None:
    times, samples = jittered(2_000, 2)
    first, second = (write_csv(tmp_path / f"{k}.csv", times, samples) for k in range(2))
    store = SignalStore(tmp_path / "cache")
    reader = Reader(store.folder)
    reader.read(first)
    assert reader._process is not None
    reader._process.kill()
    reader.read(second)
    assert store.cached(second)
    reader.close()


def test_a_reader_ends_with_who_asks(tmp_path: Path) -> None:
    reader = Reader(tmp_path / "cache")
    times, samples = jittered(2_000, 2)
    reader.read(write_csv(tmp_path / "a.csv", times, samples))
    process = reader._process
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(timeout=10) == 0
