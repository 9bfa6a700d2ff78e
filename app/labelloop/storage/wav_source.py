"""Audio files as a source of samples: times from the rate, values scaled to -1..1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from labelloop.formats.signals.wav import WavHead, read_wav_head
from labelloop.storage.samples import F32, F64
from labelloop.storage.source import changed, pread

_BLOCK = 4 << 20  # bytes


@dataclass(slots=True)
class WavBlock:
    """Some frames of an audio file."""

    head: WavHead
    data: bytes
    row: int
    line: int = 0

    def parse(self) -> tuple[F64, F32]:
        """Times and samples of these frames."""
        frames = scaled(self.data, self.head)
        times = np.arange(self.row, self.row + len(frames)) / self.head.rate
        return times, np.ascontiguousarray(frames.T)


def scaled(data: bytes, head: WavHead) -> F32:
    """The frames in ``data`` as float32 (frames, channels)."""
    if head.kind == "float":
        with np.errstate(over="ignore"):
            values = np.frombuffer(data, f"<f{head.bits // 8}").astype(np.float32)
    elif head.bits == 8:
        values = (np.frombuffer(data, np.uint8).astype(np.float32) - 128) / np.float32(128)
    elif head.bits == 24:
        parts = np.frombuffer(data, np.uint8).reshape(-1, 3)
        wide = np.zeros((len(parts), 4), np.uint8)
        wide[:, 1:] = parts
        values = wide.view("<i4").ravel().astype(np.float32) / np.float32(1 << 31)
    else:
        scale = np.float32(1 << (head.bits - 1))
        values = np.frombuffer(data, f"<i{head.bits // 8}").astype(np.float32) / scale
    return values.reshape(-1, head.channels)


class WavSource:
    """An open audio file."""

    timecoded = False
    window_s = 0.0

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._file, self._path = file, path
        self._head = read_wav_head(file, path)
        self.names, self.rows = self._head.names, self._head.frames
        self.rate_hz = float(self._head.rate)

    def blocks(self) -> Iterator[WavBlock]:
        """The frames in blocks of a few megabytes."""
        step = max(_BLOCK // self._head.frame_bytes, 1)
        for row in range(0, self.rows, step):
            size = min(step, self.rows - row) * self._head.frame_bytes
            at = self._head.data_at + row * self._head.frame_bytes
            data = pread(self._file.fileno(), size, at, self._path)
            if len(data) < size:
                raise changed(self._path)
            yield WavBlock(self._head, data, row)
