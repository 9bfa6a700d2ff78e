"""Tables as a source of samples: any dialect, blank lines, rows that are estimated."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labelloop.storage import csv_source
from labelloop.storage.signals import Signal, SignalStore
from tests.storage.made_up import jittered, write_csv


@pytest.fixture
def store(tmp_path: Path) -> SignalStore:
    return SignalStore(tmp_path / "project" / ".labelloop" / "cache")


def load(store: SignalStore, tmp_path: Path, data: bytes, name: str = "data.csv") -> Signal:
    path = tmp_path / name
    path.write_bytes(data)
    return store.load(path)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.floats(0, 9),  # seconds since the row before
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
    times = np.cumsum([step for step, _ in rows]) - 100
    rows = [(float(t), value) for t, (_, value) in zip(times, rows, strict=True)]

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


@pytest.mark.parametrize("blank", [b"\n", b"   \n", b"\r\n", b"\n\n"])
def test_blank_lines_between_rows(store: SignalStore, tmp_path: Path, blank: bytes) -> None:
    rows = [b"%d,%d\n" % (k, k % 7) for k in range(90_000)]
    rows[70_000:70_000] = [blank]
    signal = load(store, tmp_path, b"t,x\n" + b"".join(rows))
    np.testing.assert_array_equal(signal.times, np.arange(90_000))
    np.testing.assert_array_equal(signal.channel(0), np.arange(90_000) % 7)


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
