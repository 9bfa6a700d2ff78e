"""Where samples go while a recording is read: arrays, pyramid and time marks, block by block."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from labelloop.formats.signals.text import shorten, wrong
from labelloop.storage.layout import FACTOR, MARK_EVERY, Layout
from labelloop.storage.samples import F32, F64, SampleFile
from labelloop.storage.timing import usual_rate


@dataclass(slots=True)
class Piece:
    """A block that was written: what its neighbours need to finish cells that they share."""

    row: int
    line: int
    times: F64
    before: F32
    low: F32
    high: F32
    after: F32
    infinite: list[int]
    repeated: int


def write_at(fd: int, data: memoryview, offset: int) -> None:
    """Write all of ``data`` at a position."""
    while data:
        written = os.pwrite(fd, data, offset)
        data, offset = data[written:], offset + written


def halve(block: F32) -> tuple[F32, F32]:
    """Least and greatest finite values of each 16 in the last axis."""
    low = high = block
    size = FACTOR
    while size > 1:
        low, high = np.fmin(low[..., ::2], low[..., 1::2]), np.fmax(high[..., ::2], high[..., 1::2])
        size //= 2
    return low, high


@dataclass(slots=True)
class _Carry:
    """Values that wait for the rest of their cell, at one level: (channels, 0 to 15)."""

    low: F32
    high: F32
    done: int = 0


@dataclass
class Sink:
    """Writes blocks of samples to their places. ``put`` may run in several threads, the rest in one."""

    path: Path
    fd: int
    layout: Layout
    rows: int = 0
    _carries: list[_Carry] = field(default_factory=list)
    _times: F64 = field(default_factory=lambda: np.empty(0, np.float64))
    _infinite: dict[int, int] = field(default_factory=dict)
    _repeated: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        empty = np.empty((len(self.layout.names), 0), np.float32)
        self._carries = [_Carry(empty, empty) for _ in range(len(self.layout.levels) + 1)]

    def put(self, row: int, line: int, times: F64, channels: F32) -> Piece:
        """Write a block that begins at ``row``; ``channels`` is (channels, rows), its infinities get NaN."""
        infinite = _drop_infinite(channels)
        layout, count = self.layout, len(times)
        write_at(self.fd, np.ascontiguousarray(times, "<f8").data.cast("B"), layout.times + 8 * row)
        for k, channel in enumerate(channels):
            data = np.ascontiguousarray(channel, "<f4").data.cast("B")
            write_at(self.fd, data, layout.samples + 4 * (k * layout.rows + row))
        head = min(-row % FACTOR, count)
        tail = head + (count - head) // FACTOR * FACTOR
        low, high = halve(channels[:, head:tail])
        repeated = int(np.count_nonzero(times[1:] == times[:-1]))
        before, after = channels[:, :head].copy(), channels[:, tail:].copy()
        return Piece(row, line, times, before, low, high, after, infinite, repeated)

    def advance(self, piece: Piece) -> None:
        """Count the next block in: cells, marks and checks that span blocks."""
        self._check_order(piece)
        carry = self._carries[0]
        self._push_raw(np.concatenate([carry.low, piece.before], axis=1))
        self._push(0, piece.low, piece.high)
        if piece.after.shape[1]:
            carry.low = carry.high = piece.after
        self._mark(piece.times)
        for k in piece.infinite:
            self._infinite[k] = self._infinite.get(k, 0) + 1
        self.rows += len(piece.times)

    def _check_order(self, piece: Piece) -> None:
        previous = self._times[-1:]
        if len(previous) and piece.times[0] < previous[0]:
            raise times_go_back(self.path, piece.line, float(previous[0]), float(piece.times[0]))
        repeated = piece.repeated + int(len(previous) and piece.times[0] == previous[0])
        if repeated:
            self._repeated = [sum(self._repeated) + repeated]

    def _push_raw(self, rows: F32) -> None:
        carry = self._carries[0]
        if rows.shape[1] == FACTOR:
            low, high = halve(rows)
            rows = rows[:, :0]
            self._push(0, low, high)
        carry.low = carry.high = rows

    def _push(self, index: int, low: F32, high: F32) -> None:
        """Write new cells of level ``index`` and what they complete above."""
        if index >= len(self.layout.levels) or not low.shape[1]:
            return
        level, carry = self.layout.levels[index], self._carries[index + 1]
        for k in range(len(low)):
            at = level.offset + 4 * (2 * k * level.cells + carry.done)
            write_at(self.fd, np.ascontiguousarray(low[k], "<f4").data.cast("B"), at)
            write_at(self.fd, np.ascontiguousarray(high[k], "<f4").data.cast("B"), at + 4 * level.cells)
        carry.done += low.shape[1]
        low, high = np.concatenate([carry.low, low], axis=1), np.concatenate([carry.high, high], axis=1)
        full = low.shape[1] // FACTOR * FACTOR
        carry.low, carry.high = low[:, full:], high[:, full:]
        self._push(index + 1, halve(low[:, :full])[0], halve(high[:, :full])[1])

    def _mark(self, times: F64) -> None:
        """Write the marks and steps that these times complete; keeps the times of the open mark."""
        kept = np.concatenate([self._times, times])
        base = self.rows - len(self._times)  # a multiple of MARK_EVERY
        new = np.arange(-(-self.rows // MARK_EVERY), -(-(self.rows + len(times)) // MARK_EVERY))
        if len(new):
            marks = kept[new * MARK_EVERY - base]
            write_at(self.fd, marks.data.cast("B"), self.layout.marks + 8 * int(new[0]))
        full = (len(kept) - 1) // MARK_EVERY
        if full:
            steps = np.diff(kept[: full * MARK_EVERY + 1]).reshape(full, MARK_EVERY).max(axis=1)
            write_at(self.fd, steps.data.cast("B"), self.layout.steps + 8 * (base // MARK_EVERY))
        self._times = kept[full * MARK_EVERY :]

    def rate_so_far(self) -> float:
        """The usual rate of the rows that are written."""
        return usual_rate(SampleFile(os.dup(self.fd), self.layout.valid(self.rows)))

    def finish(self, rate_hz: float) -> Layout:
        """The layout of the whole signal; ``rate_hz`` 0 when the times must tell."""
        whole = replace(self.layout, n=self.rows, warnings=self._warnings(), whole=True)
        return replace(whole, rate_hz=rate_hz or usual_rate(SampleFile(os.dup(self.fd), whole)))

    def _warnings(self) -> tuple[str, ...]:
        warnings = []
        if self._repeated:
            count = sum(self._repeated)
            what = f"{count:,} times repeat" if count > 1 else "One time repeats"
            warnings.append(f"{what} the one before.")
        if self._infinite:
            some = ", ".join(f'"{shorten(self.layout.names[k])}"' for k in sorted(self._infinite)[:3])
            warnings.append(f"Infinite or too large values are shown as gaps in {some}.")
        return tuple(warnings)


def _drop_infinite(channels: F32) -> list[int]:
    """Replace infinities by NaN in place; the channels that had some."""
    bad = np.isinf(channels)
    if not bad.any():
        return []
    channels[bad] = np.nan
    return [int(k) for k in np.flatnonzero(bad.any(axis=1))]


def times_go_back(path: Path, line: int, before: float, after: float) -> Exception:
    """The error for a time that is earlier than the one before it."""
    return wrong(path, line, f"the time goes back from {before!r} s to {after!r} s; sort or cut the file.")
