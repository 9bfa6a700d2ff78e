"""Recordings with damage anywhere: samples or one sentence, never anything else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labelloop.errors import UserError
from labelloop.formats.signals.probe import probe_signal
from labelloop.storage.signals import Signal, SignalStore
from tests.storage.made_up import wav_bytes

TEXT = b"# Time (seconds), x, y\n" + b"".join(b"%.2f, %d, %.3e\n" % (k / 7, k, k / 3) for k in range(60))
SOUND = wav_bytes(np.arange(200, dtype=np.int16), 2, 16)
PIECES = [b",", b"\n", b"\r", b'"', b"#", b"-", b"e", b"nan", b"inf", b"\0", b"\xff", b"\xef\xbb\xbf", b" "]
damage = st.binary(max_size=6) | st.sampled_from(PIECES) | st.lists(st.sampled_from(PIECES)).map(b"".join)
QUIET = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def damaged(data: bytes, cuts: list[tuple[float, int, bytes]]) -> bytes:
    for place, length, new in cuts:
        at = int(place * len(data))
        data = data[:at] + new + data[at + length :]
    return data


def sentence(ask: Callable[[], object]) -> str:
    """What was wrong, empty when nothing was."""
    try:
        ask()
    except UserError as error:
        return str(error)
    return ""


def check(path: Path, data: bytes) -> Signal | None:
    path.write_bytes(data)
    store = SignalStore(path.parent / "cache")
    assert sentence(lambda: probe_signal(path)).isprintable()
    if said := sentence(lambda: store.load(path)):
        assert said.isprintable()
        assert path.name in said
        return None
    signal = store.load(path)
    times = signal.times
    assert signal.n == len(times) == len(signal.read(0, signal.n))
    assert np.isfinite(times).all()
    assert (np.diff(times) >= 0).all()
    assert np.isfinite(signal.rate_hz)
    assert not np.isinf(signal.read(0, signal.n)).any()
    signal.envelope_at(0, np.linspace(signal.first_s, signal.last_s + 1, 9))
    signal.gaps()
    return signal


@QUIET
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 20), damage), max_size=4))
def test_text(tmp_path: Path, cuts: list[tuple[float, int, bytes]]) -> None:
    check(tmp_path / "data.csv", damaged(TEXT, cuts))


@QUIET
@given(st.lists(st.tuples(st.floats(0, 0.3), st.integers(0, 20), st.binary(max_size=20)), max_size=4))
def test_sound(tmp_path: Path, cuts: list[tuple[float, int, bytes]]) -> None:
    check(tmp_path / "data.wav", damaged(SOUND, cuts))


@QUIET
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 20), st.binary(max_size=6)), max_size=3))
def test_the_note_beside_the_samples(tmp_path: Path, cuts: list[tuple[float, int, bytes]]) -> None:
    store, path = SignalStore(tmp_path / "cache"), tmp_path / "data.csv"
    if not path.exists():
        path.write_bytes(TEXT)
    expected = store.load(path).read(0, 60)
    note = next(store.folder.glob("*.json"))
    good = note.read_bytes()
    note.write_bytes(damaged(good, cuts))
    if signal := store.cached(path):
        assert signal.n <= 60
        signal.envelope(0, 0, 60, 7)
        signal.gaps()
    note.write_bytes(good)
    np.testing.assert_array_equal(store.load(path).read(0, 60), expected)


@pytest.mark.parametrize("channels", [1, 0x7FFF])
@pytest.mark.parametrize("claimed", [0x7FFFFFF0, 0xFFFFFFF0, 0xFFFFFFFF])
def test_sizes_that_a_file_claims_take_no_memory(tmp_path: Path, channels: int, claimed: int) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(wav_bytes(b"\0" * 100, channels, 16, claimed=claimed))
    if claimed == 0xFFFFFFFF and channels == 1:
        assert probe_signal(path).n == 50
    else:
        with pytest.raises(UserError, match=r"cut short|no samples|frames of"):
            probe_signal(path)


def test_names_from_a_file_are_kept_but_never_raw_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(b"t,\x1b[31mred,x\n0,1,2\n1,1,2\n")
    signal = SignalStore(tmp_path / "cache").load(path)
    assert signal.names == ("\x1b[31mred", "x")
    assert "\x1b" not in json.dumps(signal.names)
    path.write_bytes(b"t,\x1b[31mred,x\n0,1e999,2\n1,1,2\n")
    warning = SignalStore(tmp_path / "cache").load(path).warnings[0]
    assert warning.isprintable()
