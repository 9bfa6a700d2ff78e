"""Reading recordings into the cache and out of it again."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labelloop.errors import UserError
from labelloop.formats.signals.probe import probe_signal
from labelloop.storage import csv_source
from labelloop.storage import ingest as ingesting
from labelloop.storage.ingest import Cancelled
from labelloop.storage.signals import Signal, SignalStore
from tests.storage.made_up import BadFile, bad_files, jittered, wav_bytes, write_csv
from tests.where import SHARED, SOURCE, needs_shared

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


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.floats(-1e6, 1e6),
            st.one_of(st.floats(width=32), st.just(1e300), st.integers(-(10**9), 10**9)),
        ),
        min_size=1,
        max_size=40,
    ),
    st.sampled_from(["repr", "%.18e", "%.12g"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["Time,x", "# Time (seconds), x", "\ufeffTime,x", '"Time","x"', "\n\nTime,x", ""]),
    st.sampled_from([",", ", "]),
    st.booleans(),
    st.integers(0, 3),
)
def test_any_dialect_reads_back(
    tmp_path: Path,
    rows: list[tuple[float, float]],
    form: str,
    newline: str,
    header: str,
    comma: str,
    ended: bool,
    blank: int,
) -> None:
    rows = sorted(rows, key=lambda row: row[0])

    def show(value: float) -> str:
        return repr(value) if form == "repr" else form % value

    lines = [header] if header else []
    lines += [show(t) + comma + show(v) for t, v in rows]
    if blank and len(lines) > 2:
        lines.insert(len(lines) - 1, " " * (blank - 1))
    text = newline.join(lines) + newline * ended
    path = tmp_path / "data.csv"
    path.write_bytes(text.replace("\n\n", newline * 2).encode())
    signal = SignalStore(tmp_path / "cache").load(path)
    np.testing.assert_array_equal(signal.times, [float(show(t)) for t, _ in rows])
    with np.errstate(over="ignore"):
        expected = np.array([float(show(v)) for _, v in rows]).astype(np.float32)
    expected[np.isinf(expected)] = np.nan
    np.testing.assert_array_equal(signal.channel(0), expected)
    assert len(signal.warnings) <= 2


def test_prediction_tracks(store: SignalStore, tmp_path: Path) -> None:
    data = b"Time (seconds), Duration (seconds), pred_a, pred_b\n0,5,0.25,1\n1,5,0.5,0\n"
    signal = load(store, tmp_path, data, "pred.data")
    assert signal.names == ("pred_a", "pred_b")
    assert signal.timecoded
    assert signal.window_s == 5.0
    np.testing.assert_array_equal(signal.read(0, 2), [[0.25, 1], [0.5, 0]])


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


@pytest.mark.parametrize("blank", [b"\n", b"   \n", b"\r\n", b"\n\n"])
def test_blank_lines_between_rows(store: SignalStore, tmp_path: Path, blank: bytes) -> None:
    rows = [b"%d,%d\n" % (k, k % 7) for k in range(90_000)]
    rows[70_000:70_000] = [blank]
    signal = load(store, tmp_path, b"t,x\n" + b"".join(rows))
    np.testing.assert_array_equal(signal.times, np.arange(90_000))
    np.testing.assert_array_equal(signal.channel(0), np.arange(90_000) % 7)


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


@pytest.mark.parametrize("bits", [8, 16, 24, 32])
def test_audio_is_scaled(store: SignalStore, tmp_path: Path, bits: int) -> None:
    most = 1 << (bits - 1)
    whole = np.array([[-most, 0], [most - 1, most // 2], [1, -1], [0, 0]], np.int64)
    if bits == 8:
        raw = (whole + 128).astype(np.uint8).tobytes()
    else:
        raw = whole.astype("<i8").view(np.uint8).reshape(-1, 8)[:, : bits // 8].tobytes()
    signal = load(store, tmp_path, wav_bytes(raw, 2, bits, rate=8), "a.wav")
    np.testing.assert_array_equal(signal.read(0, 4), (whole / most).astype(np.float32))
    np.testing.assert_array_equal(signal.times, np.arange(4) / 8)
    assert signal.rate_hz == 8.0


def test_audio_as_floats_and_from_another_writer(store: SignalStore, tmp_path: Path) -> None:
    values = np.array([0.5, np.nan, np.inf, -1.5], np.float64)
    for kind, bits in (("<f4", 32), ("<f8", 64)):
        signal = load(store, tmp_path, wav_bytes(values.astype(kind), 1, bits, code=3), "a.wav")
        np.testing.assert_array_equal(signal.channel(0), [0.5, np.nan, np.nan, -1.5])
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes((np.sin(np.arange(3_000_000) / 50) * 30000).astype("<i2").tobytes())
    signal = load(store, tmp_path, target.getvalue(), "b.wav")
    assert signal.n == 3_000_000
    assert signal.rate_hz == 16000.0
    low, high = signal.envelope(0, 0, signal.n, 100)
    assert low.max() < -0.9
    assert high.min() > 0.9


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


def test_the_part_that_was_read_can_be_drawn(store: SignalStore, tmp_path: Path) -> None:
    times, samples = jittered(60_000, 3)
    path = write_csv(tmp_path / "data.csv", times, samples)
    found: list[Signal] = []

    def look(rows: int, total: int) -> None:
        if part := store.partial(path):
            found.append(part)

    store.load(path, look)
    part = found[0]
    assert not part.complete
    assert part.total == 60_000
    assert part.rate_hz == pytest.approx(100, rel=0.05)
    np.testing.assert_array_equal(part.read(0, part.n), samples[:, : part.n].T)
    low, high = part.envelope_at(0, np.linspace(times[0], times[-1], 50))
    assert np.isfinite(low[0])
    assert np.isnan(high[-1])
    assert store.partial(path) is None


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


@pytest.mark.parametrize("blank", [False, True])
@pytest.mark.parametrize("long_first", [False, True])
def test_rows_of_long_recordings_are_estimated(
    store: SignalStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, blank: bool, long_first: bool
) -> None:
    import h5py

    monkeypatch.setattr(csv_source, "_COUNTED", 1000)
    monkeypatch.setattr(csv_source, "_PLACE", 64)
    short, long = b"%d,1\n", b"%d.000000000000000000,1.00000000000000000000000000\n"
    rows = [(long if (k < 50_000) == long_first else short) % k for k in range(100_000)]
    rows[60_000:60_000] = [b"\n"] * blank
    path = tmp_path / "data.csv"
    path.write_bytes(b"t,x\n" + b"".join(rows))
    for signal in (store.load(path), store.cached(path)):
        assert signal
        assert signal.complete
        assert signal.n == signal.total == 100_000
        np.testing.assert_array_equal(signal.times, np.arange(100_000))
        assert signal.index_of(1e9) == 100_000
        low, high = signal.envelope(0, 0, 100_000, 50)
        assert (low == 1).all()
        assert (high == 1).all()
    with h5py.File(next(store.folder.glob("*.h5"))) as file:
        assert file.attrs["rows"] == 100_000


def test_a_wrong_estimate_is_corrected(
    store: SignalStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_source, "_COUNTED", 1000)
    monkeypatch.setattr(csv_source.CsvSource, "_estimate", lambda self: 70_000)
    times, samples = jittered(100_000, 1)
    signal = store.load(write_csv(tmp_path / "data.csv", times, samples))
    np.testing.assert_array_equal(signal.channel(0), samples[0])


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
