"""Spans of a cached signal, read by position so that memory holds nothing but what was asked for."""

from __future__ import annotations

import mmap
import os
import weakref
import zlib
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labelloop.errors import UserError, os_reason
from labelloop.storage.layout import MARK_EVERY, Layout, Level

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
_SEARCH_ROWS = 1 << 17  # up to this many times are read at once


class SampleFile:
    """An open cached signal: its arrays by span. Safe to use from several threads.

    The file is held open, so it may be deleted meanwhile. Positional reads are used for drawing because
    pages of a memory map would count as memory of the app.
    """

    def __init__(self, fd: int, layout: Layout) -> None:
        self._fd = fd
        self._closer = weakref.finalize(self, os.close, fd)
        self.layout = layout

    def close(self) -> None:
        """Close the file; views that were handed out stay good."""
        self._fd = -1
        self._closer()

    def fileno(self) -> int:
        """The descriptor of the open file."""
        return self._fd

    def advanced(self, n: int) -> SampleFile:
        """The same file with the first ``n`` rows valid."""
        return SampleFile(os.dup(self._fd), self.layout.valid(n))

    def _read(self, dtype: Any, count: int, offset: int) -> NDArray[Any]:
        out = np.empty(count, dtype)
        if count:
            self._fill(out.data.cast("B"), offset)
        return out

    def _fill(self, view: memoryview, offset: int) -> None:
        while view:
            try:
                got = os.preadv(self._fd, [view], offset)
            except OSError as error:
                raise UserError(f"The cached samples can't be read: {os_reason(error)}.") from error
            if not got:
                raise UserError("The cached samples were cut short; delete the cache folder and open again.")
            view, offset = view[got:], offset + got

    def checksum(self) -> int:
        """CRC-32 of the whole file, never 0."""
        return zlib.crc32(self._read(np.uint8, self.layout.size, 0).data) or 1

    def times(self, i: int, j: int) -> F64:
        """The times of rows i to j."""
        return self._read("<f8", max(j - i, 0), self.layout.times + 8 * i)

    def raw(self, channel: int, i: int, j: int) -> F32:
        """The samples of one channel from row i to j."""
        at = self.layout.samples + 4 * (channel * self.layout.rows + i)
        return self._read("<f4", max(j - i, 0), at)

    def block(self, i: int, j: int) -> F32:
        """The samples of all channels from row i to j: (channels, j - i)."""
        channels, rows = len(self.layout.names), self.layout.rows
        out = np.empty((channels, max(j - i, 0)), "<f4")
        if i == 0 and j == rows:
            self._fill(out.data.cast("B"), self.layout.samples)
        elif j > i:
            for k in range(channels):
                self._fill(out[k].data.cast("B"), self.layout.samples + 4 * (k * rows + i))
        return out

    def cells(self, level: Level, channel: int, a: int, b: int) -> tuple[F32, F32]:
        """Least and greatest values of the cells a to b of one level."""
        at = level.offset + 8 * channel * level.cells + 4 * a
        count = max(b - a, 0)
        return self._read("<f4", count, at), self._read("<f4", count, at + 4 * level.cells)

    @cached_property
    def marks(self) -> F64:
        """Every 1024th time, as far as rows are valid."""
        return self._read("<f8", -(-self.layout.n // MARK_EVERY), self.layout.marks)

    @cached_property
    def steps(self) -> F64:
        """The greatest step within each full 1024 rows that is valid."""
        return self._read("<f8", (self.layout.n - 1) // MARK_EVERY, self.layout.steps)

    @cached_property
    def _map(self) -> mmap.mmap:
        return mmap.mmap(self._fd, self.layout.size, access=mmap.ACCESS_READ)

    def map_times(self) -> F64:
        """All valid times as a memory map."""
        return np.frombuffer(self._map, "<f8", self.layout.n, self.layout.times)

    def map_channel(self, channel: int) -> F32:
        """All valid samples of one channel as a memory map."""
        at = self.layout.samples + 4 * channel * self.layout.rows
        return np.frombuffer(self._map, "<f4", self.layout.n, at)

    def search(self, wanted: F64) -> I64:
        """For each moment the first row whose time is not before it (``n`` when there is none)."""
        n = self.layout.n
        block = np.maximum(np.searchsorted(self.marks, wanted, "left") - 1, 0)
        if not wanted.size:
            return block.astype(np.int64)
        first, last = int(block.min()), int(block.max())
        if (last - first + 1) * MARK_EVERY <= _SEARCH_ROWS:
            low = first * MARK_EVERY
            near = self.times(low, min((last + 1) * MARK_EVERY + 1, n))
            return (np.searchsorted(near, wanted, "left") + low).astype(np.int64)
        found = np.empty(wanted.shape, np.int64)
        for b in np.unique(block):
            low, here = int(b) * MARK_EVERY, block == b
            near = self.times(low, min(low + MARK_EVERY + 1, n))
            found[here] = np.searchsorted(near, wanted[here], "left") + low
        return found
