"""Made-up recordings for the tests of the signal cache."""

from __future__ import annotations

import os
import struct
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from labelloop.storage.layout import Layout, place
from labelloop.storage.samples import F32, F64, SampleFile
from labelloop.storage.sink import Sink


def jittered(n: int, channels: int = 2, seed: int = 0, gaps: int = 0) -> tuple[F64, F32]:
    """Times with jitter and gaps, and samples (channels, n) with some NaN."""
    rng = np.random.default_rng(seed)
    steps = rng.uniform(0.005, 0.015, n)
    if gaps and n > 1:
        steps[rng.integers(1, n, gaps)] += 20.0
    times = np.round(np.cumsum(steps) - 3.0, 6)
    samples = rng.normal(size=(channels, n)).astype(np.float32)
    samples[rng.random(samples.shape) < 0.05] = np.nan
    return times, samples


def sample_file(times: F64, channels: F32, cuts: list[int] | None = None) -> SampleFile:
    """A cached signal in memory, written in blocks that end at ``cuts``."""
    layout = place(Layout(tuple(f"c{k}" for k in range(len(channels))), len(times)))
    with tempfile.TemporaryFile() as file:
        fd = os.dup(file.fileno())
    os.ftruncate(fd, layout.size)
    sink = Sink(Path("made.csv"), fd, layout)
    ends = [*sorted(set(cuts or []) - {0}), len(times)]
    pieces, start = [], 0
    for end in ends:
        if start < end <= len(times):
            pieces.append(sink.put(start, start + 2, times[start:end], channels[:, start:end].copy()))
            start = end
    for piece in pieces:
        sink.advance(piece)
    return SampleFile(fd, sink.finish(0.0))


def write_csv(path: Path, times: F64, channels: F32, form: str = "%.9g") -> Path:
    """A plain recording."""
    names = ",".join(f"c{k}" for k in range(len(channels)))
    rows = np.column_stack([times, *channels])
    forms = ["%.6f"] + [form] * len(channels)
    np.savetxt(path, rows, fmt=forms, delimiter=",", header=names, comments="Time,")
    return path


def wav_bytes(
    frames: NDArray[np.generic] | bytes,
    channels: int,
    bits: int,
    rate: int = 16000,
    code: int = 1,
    claimed: int | None = None,
) -> bytes:
    """An audio file with the given little-endian samples; ``claimed`` overrides the size of the samples."""
    data = frames if isinstance(frames, bytes) else frames.tobytes()
    block = channels * bits // 8
    form = struct.pack("<HHIIHH", code, channels, rate, rate * block, block, bits)
    claimed = len(data) if claimed is None else claimed
    body = b"WAVE" + b"LIST" + struct.pack("<I", 3) + b"abc\0"
    body += b"fmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", claimed) + data
    return b"RIFF" + struct.pack("<I", len(body) & 0xFFFFFFFF) + body


@dataclass
class BadFile:
    """A recording that can't be used and the part of the sentence that says why."""

    name: str
    data: bytes
    why: str
    only_whole: bool = False  # seen only when all of it is read


def bad_files() -> Iterator[BadFile]:
    """What goes wrong with recordings, one of each."""
    head, many = b"Time,x,y\n", b"".join(b"%d,1,2\n" % k for k in range(60000))
    yield BadFile("empty.csv", b"", "empty")
    yield BadFile("blank.csv", b"\n \n\n", "empty")
    yield BadFile("header.csv", head, "no samples")
    yield BadFile("mark.csv", b"\xef\xbb\xbf" + head, "no samples")
    yield BadFile("text.csv", head + b"0,1,2\n1,abc,2\n2,1,2\n", 'line 3: column "x" holds "abc"', True)
    yield BadFile("head-text.csv", head + b"0,1,oops\n", 'line 2: column "y" holds "oops"')
    yield BadFile("true.csv", head + b"0,1,2\n1,True,2\n2,1,2\n", 'line 3: column "x" holds "True"', True)
    yield BadFile("late.csv", head + many + b"60000,1,x\n60001,1,2\n", "line 60002: column", True)
    yield BadFile("nan-time.csv", head + b"0,1,2\nnan,1,2\n2,1,2\n", 'line 3: column "time"', True)
    yield BadFile("no-time.csv", head + b"0,1,2\n,1,2\n2,1,2\n", 'line 3: column "time" holds nothing', True)
    yield BadFile("inf-time.csv", head + b"0,1,2\n1e999,1,2\n2,1,2\n", "not a moment", True)
    yield BadFile("first-nan.csv", head + b"nan,1,2\n", 'line 2: column "time" holds "nan"')
    yield BadFile("back.csv", head + b"0,1,2\n2,1,2\n1.5,1,2\n", "back from 2.0 s to 1.5 s", True)
    yield BadFile("reverse.csv", head + b"2,1,2\n1,1,2\n", "line 3: the time")
    yield BadFile("dip.csv", head + b"0,1,2\n2,1,2\n1.5,1,2\n9,1,2\n", "line 4: the time goes back", True)
    yield BadFile("far.csv", head + many + b"59998.5,1,2\n60001,1,2\n", "line 60002: the time", True)
    yield BadFile("fewer.csv", head + b"0,1,2\n1,1\n2,1,2\n", "line 3: 2 values instead of 3", True)
    yield BadFile("more.csv", head + b"0,1,2\n1,1,2,3\n2,1,2\n", "line 3: 4 values instead of 3", True)
    yield BadFile("swapped.csv", head + b"0,1,2\n1,1,2,3\n2,1\n3,1,2\n", "line 3: 4 values", True)
    yield BadFile("cut.csv", head + b"0,1,2\n1,1,2\n2,1", "line 4: 2 values instead of 3")
    yield BadFile("names.csv", b"Time,x\n0,1,2\n", "line 2: 3 values, but the header names 2")
    yield BadFile("single.csv", b"Time\n0\n1\n", "no channel beside the time")
    yield BadFile("semi.csv", b"Time;x\n0;1\n", "separated by semicolons")
    yield BadFile("tabs.csv", b"Time\tx\n0\t1\n", "separated by tabs")
    yield BadFile("wide.csv", "Time,x\n0,1\n".encode("utf-16"), "UTF-16")
    yield BadFile("latin.csv", "Zeit,Höhe\n0,1\n".encode("latin-1"), "line 1: byte 0xf6 is not UTF-8")
    yield BadFile("zeros.csv", head + b"0,1,2\n" + b"\0" * 50, "line 3")
    yield BadFile("zero.csv", head + b"0,1,2\n1,\0,2\n2,1,2\n", "line 3", True)
    yield BadFile("book.csv", b"PK\x03\x04" + os.urandom(3000), "zip or Excel")
    yield BadFile("endless.csv", b"1" * (6 << 20), "no end")
    yield BadFile("silent.wav", b"", "empty")
    yield BadFile("text.wav", b"Time,x\n0,1\n2,3\n", "not a WAV file")
    yield BadFile("nothing.wav", wav_bytes(b"", 1, 16), "no samples")
    yield BadFile("cut.wav", wav_bytes(b"\0" * 10, 1, 16, claimed=5000), "claims 5,000 bytes")
    yield BadFile("mp3.wav", wav_bytes(b"\0" * 10, 1, 16, code=85), "compressed (MP3)")
    yield BadFile("odd.wav", wav_bytes(b"\0" * 10, 1, 12), "12 bits")
    yield BadFile("still.wav", wav_bytes(b"\0" * 10, 1, 16, rate=0), "0 Hz")
    yield BadFile("head.wav", wav_bytes(b"\0" * 10, 1, 16)[:30], "broken")
