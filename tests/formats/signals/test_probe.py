"""Probing signal files by their first and last lines."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from labelloop.errors import UserError
from labelloop.formats.signals.probe import SignalProbe, probe_signal
from tests.recordings import CSV_DIALECTS, write_recordings
from tests.storage.made_up import BadFile, bad_files, jittered, wav_bytes, write_csv
from tests.where import SHARED, SOURCE, needs_shared

DATA = SHARED


def probe(tmp_path: Path, text: bytes, name: str = "data.csv") -> SignalProbe:
    path = tmp_path / name
    path.write_bytes(text)
    return probe_signal(path)


ROWS = b"0.5,1,2\n0.75,3,4\n1,5,6\n"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (b"Time (seconds),x,y\n" + ROWS, ("x", "y")),
        (b"# Time (seconds),x,y\n" + ROWS, ("x", "y")),
        (b"#Time(Seconds), x, y\n" + ROWS.replace(b",", b", "), ("x", "y")),
        (b"\xef\xbb\xbfTime,x,y\n" + ROWS, ("x", "y")),
        (b"\xef\xbb\xbf# Time,x,y\r\n" + ROWS.replace(b"\n", b"\r\n"), ("x", "y")),
        (b"Time,x,y\r" + ROWS.replace(b"\n", b"\r"), ("x", "y")),
        (b"Time,x,y\n" + ROWS.rstrip(b"\n"), ("x", "y")),
        (b"Time,x,y\n" + ROWS + b"\n \n\r\n", ("x", "y")),
        (b"\n\nTime,x,y\n\n" + ROWS, ("x", "y")),
        (ROWS, ("channel 1", "channel 2")),
        (b"Time,x,y,\n" + ROWS.replace(b"\n", b",\n"), ("x", "y")),
        (b"Time,x,y,\n" + ROWS, ("x", "y")),
        (b"Time,x,y\n" + ROWS.replace(b"\n", b",\n"), ("x", "y")),
        (b'"Time","x, left","y"\n' + ROWS, ("x, left", "y")),
        (b"Time,x,x\n" + ROWS, ("x", "x (2)")),
        (b"Time,,y\n" + ROWS, ("channel 1", "y")),
        (b"Time,x,y\n" + b"5e-1,nan,\n7.5E-01,3,4\n0.1e1,5,6\n", ("x", "y")),
    ],
)
def test_dialects(tmp_path: Path, text: bytes, names: tuple[str, ...]) -> None:
    assert probe(tmp_path, text) == SignalProbe(names, 3, 0.5, 1.0, 4.0)


def test_prediction_tracks_have_two_time_columns(tmp_path: Path) -> None:
    found = probe(tmp_path, b"Time (seconds), Duration (seconds), pred_a\n0,5,0.1\n1.25,5,0.2\n")
    assert found == SignalProbe(("pred_a",), 2, 0.0, 1.25, 0.8, timecoded=True)


def test_one_sample_and_a_negative_first_time(tmp_path: Path) -> None:
    assert probe(tmp_path, b"t,x\n-3,1\n") == SignalProbe(("x",), 1, -3.0, -3.0, 0.0)


def test_a_gap_does_not_change_the_rate(tmp_path: Path) -> None:
    times = np.concatenate([np.arange(100) / 10, 500 + np.arange(100) / 10])
    path = write_csv(tmp_path / "a.csv", times, np.zeros((1, 200), np.float32))
    found = probe_signal(path)
    assert found.rate_hz == pytest.approx(10)
    assert found.n == 200
    assert found.length_s == pytest.approx(509.9)


def test_a_larger_file_and_wide_rows(tmp_path: Path) -> None:
    times, channels = jittered(30_000, 3)
    found = probe_signal(write_csv(tmp_path / "long.csv", times, channels))
    assert (found.n, found.first_s, found.last_s) == (30_000, times[0], times[-1])
    times, channels = jittered(7, 5000)
    found = probe_signal(write_csv(tmp_path / "wide.csv", times, channels))
    assert (found.n, len(found.channels), found.last_s) == (7, 5000, times[-1])


@pytest.mark.parametrize(("bits", "code"), [(8, 1), (16, 1), (24, 1), (32, 1), (32, 3), (64, 3)])
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_audio(tmp_path: Path, bits: int, code: int, channels: int) -> None:
    data = b"\0" * (bits // 8 * channels * 9)
    found = probe(tmp_path, wav_bytes(data, channels, bits, rate=8, code=code), "a.WAV")
    names = tuple(f"channel {k + 1}" for k in range(channels))
    assert found == SignalProbe(names, 9, 0.0, 1.0, 8.0)


@pytest.mark.parametrize("claimed", [0, 0xFFFFFFFF])
def test_audio_of_a_recorder_that_never_learnt_the_length(tmp_path: Path, claimed: int) -> None:
    found = probe(tmp_path, wav_bytes(b"\0" * 20, 1, 16, claimed=claimed), "a.wav")
    assert found.n == 10


@pytest.mark.parametrize("bad", [b for b in bad_files() if not b.only_whole], ids=lambda b: b.name)
def test_bad_files_get_one_sentence(tmp_path: Path, bad: BadFile) -> None:
    with pytest.raises(UserError) as caught:
        probe(tmp_path, bad.data, bad.name)
    assert bad.why in str(caught.value)
    assert bad.name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_escape_sequences_in_a_file_stay_there(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        probe(tmp_path, b"Time,\x1b[2Jx\n0,\x1b]0;owned\x07\n")
    assert "\x1b" not in str(caught.value)


def test_it_needs_neither_pandas_nor_numpy() -> None:
    heavy = {"pandas", "numpy", "h5py"}
    code = f"import sys, labelloop.formats.signals.probe; print({heavy} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=SOURCE, check=True)
    assert run.stdout.strip() == "set()"


@needs_shared
def test_real_recordings() -> None:
    found = [probe_signal(path) for path in sorted(DATA.glob("*/*/*/data.csv"))]
    assert len(found) > 150
    assert all(p.n > 10 and p.rate_hz > 0.5 and p.last_s > p.first_s for p in found)
    birds = probe_signal(DATA / "birdsong_bands" / "Bird0" / "bout054" / "data.csv")
    assert birds.rate_hz == 250.0
    assert len(birds.channels) == 10


@pytest.mark.parametrize("name", CSV_DIALECTS)
def test_made_recordings_of_every_dialect(tmp_path: Path, name: str) -> None:
    write_recordings(tmp_path)
    found = probe_signal(tmp_path / "dialects" / f"{name}.csv")
    assert (found.channels, found.n, found.first_s, found.last_s) == (("x", "y"), 60, 0.0, 2.95)
    assert found.rate_hz == pytest.approx(20)


def test_a_made_recording_as_audio(tmp_path: Path) -> None:
    write_recordings(tmp_path)
    found = probe_signal(tmp_path / "dialects" / "audio.wav")
    assert (len(found.channels), found.n, found.rate_hz) == (2, 60, 20.0)
