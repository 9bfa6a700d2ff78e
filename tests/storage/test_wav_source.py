"""Audio files as a source of samples."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import numpy as np
import pytest

from labelloop.storage.signals import Signal, SignalStore
from tests.storage.made_up import wav_bytes


@pytest.fixture
def store(tmp_path: Path) -> SignalStore:
    return SignalStore(tmp_path / "project" / ".labelloop" / "cache")


def load(store: SignalStore, tmp_path: Path, data: bytes, name: str = "data.csv") -> Signal:
    path = tmp_path / name
    path.write_bytes(data)
    return store.load(path)


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
