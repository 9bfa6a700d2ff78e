"""The header of a .wav file, read by an own walk over its chunks; what it claims is checked."""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from labelloop.errors import UserError
from labelloop.formats.signals.text import wrong

Kind = Literal["pcm", "float"]
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_NAMES = {2: "ADPCM", 6: "A-law", 7: "µ-law", 17: "ADPCM", 85: "MP3"}
_WIDTHS: dict[Kind, tuple[int, ...]] = {"pcm": (8, 16, 24, 32), "float": (32, 64)}
_OPEN_ENDED = {0, 0xFFFFFFFF, 0x7FFFFFFF}  # what recorders write that never learnt the length
_MAX_CHUNKS = 10_000


@dataclass(frozen=True, slots=True)
class WavHead:
    """How the samples of an audio file are laid out; ``data_at`` is the byte where they begin."""

    channels: int
    rate: int
    kind: Kind
    bits: int
    frames: int
    data_at: int

    @property
    def names(self) -> tuple[str, ...]:
        """The channels' names; the file has none."""
        return tuple(f"channel {k + 1}" for k in range(self.channels))

    @property
    def frame_bytes(self) -> int:
        """The bytes of one sample of all channels."""
        return self.channels * self.bits // 8


def read_wav_head(file: BinaryIO, path: Path) -> WavHead:
    """Understand the header of an open audio file. Raises UserError when it can't be read as samples."""
    size = os.fstat(file.fileno()).st_size
    start = file.read(12)
    if not start:
        raise wrong(path, None, "the file is empty; record it again or remove it.")
    if len(start) < 12 or start[:4] not in (b"RIFF", b"RF64", b"BW64") or start[8:] != b"WAVE":
        raise wrong(path, None, "this is not a WAV file; convert it to WAV (PCM) first.")
    form: tuple[int, int, Kind, int] | None = None
    long_size: int | None = None
    at = 12
    for _ in range(_MAX_CHUNKS):
        file.seek(at)
        chunk = file.read(8)
        if len(chunk) < 8:
            break
        name, length = struct.unpack("<4sI", chunk)
        at += 8
        if name == b"ds64":
            long_size = _long_size(file.read(16), path)
        elif name == b"fmt ":
            form = _format(file.read(min(length, 64)), path)
        elif name == b"data":
            if form is None:
                raise _broken(path, "its samples come before their format")
            claimed = long_size if length == 0xFFFFFFFF and long_size else length
            return _head(form, claimed, at, size, path)
        at += length + (length & 1)
    raise _broken(path, "it holds no samples")


def _broken(path: Path, why: str) -> UserError:
    return wrong(path, None, f"the WAV file is broken: {why}; copy or record it again.")


def _long_size(raw: bytes, path: Path) -> int:
    if len(raw) < 16:
        raise _broken(path, "its size chunk is cut short")
    return int(struct.unpack("<QQ", raw)[1])


def _format(raw: bytes, path: Path) -> tuple[int, int, Kind, int]:
    """Channels, rate, kind and bits from the format chunk."""
    if len(raw) < 16:
        raise _broken(path, "its format chunk is cut short")
    code, channels, rate, _, block, bits = struct.unpack("<HHIIHH", raw[:16])
    if code == _EXTENSIBLE and len(raw) >= 26:
        code = struct.unpack("<H", raw[24:26])[0]
    kind: Kind | None = {_PCM: "pcm", _FLOAT: "float"}.get(code)  # type: ignore[assignment]
    if kind is None:
        name = _NAMES.get(code, f"format {code}")
        raise wrong(path, None, f"the audio is compressed ({name}); convert it to PCM first.")
    if bits not in _WIDTHS[kind]:
        raise wrong(path, None, f"samples of {bits} bits can't be read; convert the file to 16-bit PCM.")
    if not channels or not rate:
        raise _broken(path, f"it claims {channels} channels at {rate} Hz")
    if block != channels * bits // 8:
        raise _broken(path, f"{channels} channels of {bits} bits don't make frames of {block} bytes")
    return channels, rate, kind, bits


def _head(form: tuple[int, int, Kind, int], claimed: int, at: int, size: int, path: Path) -> WavHead:
    channels, rate, kind, bits = form
    held = max(size - at, 0)
    if claimed in _OPEN_ENDED:
        claimed = held
    if claimed > held:
        raise _broken(path, f"it claims {claimed:,} bytes of samples and holds {held:,}, so it was cut short")
    frames = claimed // (channels * bits // 8)
    if not frames:
        raise wrong(path, None, "the file has a header but no samples; record it again or remove it.")
    return WavHead(channels, rate, kind, bits, frames, at)
