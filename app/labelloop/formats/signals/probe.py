"""What a signal file holds, from its first and last lines and a count of the others."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from labelloop.errors import UserError, os_reason, printable
from labelloop.formats.opening import open_regular
from labelloop.formats.signals.dialect import Dialect, TableOptions, open_text, sample_lines
from labelloop.formats.signals.plain import understood
from labelloop.formats.signals.text import (
    MAX_LINE,
    TextHead,
    number,
    parse_row,
    read_text_head,
    split_row,
    wrong,
)
from labelloop.formats.signals.wav import read_wav_head

_CHUNK = 1 << 20
_TAIL = 1 << 14
_RATE_ROWS = 512
_GAP = 5.0  # a step this many times the usual one is a gap


@dataclass(frozen=True, slots=True)
class SignalProbe:
    """A signal file at a glance.

    ``rate_hz`` is that of the beginning, gaps left out, 0 when there is a single sample. ``timecoded`` files
    have a duration beside the time (prediction tracks). ``n`` counts lines; blank ones in the middle too.
    """

    channels: tuple[str, ...]
    n: int
    first_s: float
    last_s: float
    rate_hz: float
    timecoded: bool = False

    @property
    def length_s(self) -> float:
        """Last time minus first, as Studio counts it."""
        return self.last_s - self.first_s


def probe_signal(path: Path, options: TableOptions | None = None) -> SignalProbe:
    """Look at a table or a .wav file. Raises UserError when it is no signal."""
    with open_regular(path) as file:
        try:
            if path.suffix.lower() == ".wav":
                return _probe_wav(file, path)
            found = understood(path, file, options)
            return _probe_table(file, path, found) if isinstance(found, Dialect) else _probe_text(file, path)
        except OSError as error:
            raise UserError(f"{printable(str(path))} can't be read: {os_reason(error)}.") from error


def channel_names(path: Path, options: TableOptions | None = None) -> tuple[str, ...]:
    """The channels of a signal file, from its first lines. Raises UserError when it is no signal."""
    with open_regular(path) as file:
        try:
            wav = path.suffix.lower() == ".wav"
            return read_wav_head(file, path).names if wav else understood(path, file, options).names
        except OSError as error:
            raise UserError(f"{printable(str(path))} can't be read: {os_reason(error)}.") from error


def _probe_wav(file: BinaryIO, path: Path) -> SignalProbe:
    head = read_wav_head(file, path)
    return SignalProbe(head.names, head.frames, 0.0, (head.frames - 1) / head.rate, float(head.rate))


def _probe_table(file: BinaryIO, path: Path, dialect: Dialect) -> SignalProbe:
    """A table of another dialect, all of whose lines are gone through."""
    text, _, _ = open_text(path, file)
    times, rows, last = list[float](), 0, ""
    try:
        for _, line in sample_lines(dialect, text):
            rows, last = rows + 1, line
            if dialect.time is not None and len(times) < _RATE_ROWS:
                times += [v for v in (dialect.time.seconds(dialect.split(line)),) if v is not None]
    finally:
        text.detach()
    if dialect.time is None:
        return SignalProbe(dialect.names, rows, 0.0, max(0, rows - 1) / dialect.rate_hz, dialect.rate_hz)
    end = dialect.time.seconds(dialect.split(last)) if last else None
    start = times[0] if times else 0.0
    length = max(0.0, (start if end is None else end) - start)
    first = 0.0 if dialect.time.absolute else start
    return SignalProbe(dialect.names, rows, first, first + length, _rate_of(times))


def _probe_text(file: BinaryIO, path: Path) -> SignalProbe:
    head = read_text_head(file, path)
    size = os.fstat(file.fileno()).st_size
    tail_at, tail = _tail(file, head, size)
    rows = _count(file, head, tail_at) + tail.count(head.newline)
    last = _last_row(path, head, rows, tail.rsplit(head.newline, 1)[-1])
    if last < head.first_row[0]:
        times = f"{head.first_row[0]} s and ends at {last} s"
        raise wrong(path, head.first_line + rows, f"the times go back: the file starts at {times}.")
    rate = _rate(file, head) or (rows / (last - head.first_row[0]) if last > head.first_row[0] else 0.0)
    return SignalProbe(head.names, rows + 1, head.first_row[0], last, rate, head.timecoded)


def _tail(file: BinaryIO, head: TextHead, size: int) -> tuple[int, bytes]:
    """The end of the file, blank lines stripped, and where it begins: it holds the last row whole."""
    length = _TAIL
    while True:
        at = max(head.data_at, size - length)
        file.seek(at)
        tail = file.read(size - at).rstrip()
        if at == head.data_at or head.newline in tail or length > MAX_LINE:
            return at, tail
        length *= 8


def _count(file: BinaryIO, head: TextHead, end: int) -> int:
    file.seek(head.data_at)
    left, found = end - head.data_at, 0
    while left > 0 and (data := file.read(min(_CHUNK, left))):
        found += data.count(head.newline)
        left -= len(data)
    return found


def _last_row(path: Path, head: TextHead, rows: int, raw: bytes) -> float:
    """The time of the last row, which must be whole."""
    line = head.first_line + rows
    if b"\0" in raw:
        raise wrong(path, line, "the file ends in binary data, so it was cut short; copy it again.")
    fields = split_row(raw.decode("utf-8", "replace"))
    if len(fields) not in (head.columns, head.fields):
        raise wrong(
            path, line, f"{len(fields)} values instead of {head.columns}; complete or remove the line."
        )
    return parse_row(path, line, fields[: head.columns], head.names, head.time_columns)[0]


def _rate(file: BinaryIO, head: TextHead) -> float:
    """Samples a second in the first rows, gaps left out; 0 when that can't be said."""
    file.seek(head.data_at)
    lines = file.read(_TAIL * 4).split(head.newline)[:-1][:_RATE_ROWS]
    times = [number(line.split(b",", 1)[0].decode("utf-8", "replace").strip()) for line in lines]
    return _rate_of([time for time in times if time is not None])


def _rate_of(known: list[float]) -> float:
    """Samples a second by the steps of times, gaps left out; 0 without steps."""
    steps = sorted(b - a for a, b in pairwise(known) if b > a)
    if not steps:
        return 0.0
    usual = steps[len(steps) // 2]
    kept = [step for step in steps if step <= _GAP * usual]
    rate = len(kept) / sum(kept)
    return round(rate, 9) if math.isfinite(rate) else 0.0
