"""Signals of recordings: read once into a cache, then opened at once and read by span."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import overload

import numpy as np
from numpy.typing import NDArray

from labelloop.project.segment import Segment
from labelloop.storage.cache import entry_for, open_cached
from labelloop.storage.envelope import envelope, even_edges
from labelloop.storage.samples import F32, F64, I64, SampleFile
from labelloop.storage.timing import GAP, find_gaps


class Signal:
    """The samples of one recording. Reading a span touches that span only.

    Rows are counted from 0 to ``n``; times are the recording's own seconds, which may jitter and have gaps.
    Missing values are NaN. ``rate_hz`` is the usual rate, gaps left out, 0 for a single sample. A signal
    that is still being read is not ``complete``: it has fewer rows than the (then estimated) ``total``.
    """

    def __init__(self, source: Path, samples: SampleFile, warnings: Sequence[str] = ()) -> None:
        layout = samples.layout
        self.source = source
        self.names = layout.names
        self.n = layout.n
        self.complete = layout.whole
        self.total = layout.n if layout.whole else layout.rows
        self.rate_hz = layout.rate_hz
        self.timecoded = layout.timecoded
        self.window_s = layout.window_s
        self.warnings = (*layout.warnings, *warnings)
        self._samples = samples
        self.first_s = float(samples.times(0, 1)[0])
        self.last_s = float(samples.times(self.n - 1, self.n)[0])
        self._edges: tuple[bytes, I64] = (b"", np.zeros(1, np.int64))

    def __len__(self) -> int:
        return self.n

    def close(self) -> None:
        """Close the file. Memory maps that were handed out stay good."""
        self._samples.close()

    @property
    def times(self) -> F64:
        """All times as a memory map (n)."""
        return self._samples.map_times()

    def times_of(self, i: int, j: int) -> F64:
        """The times of rows i to j, copied."""
        i, j = self._span(i, j)
        return self._samples.times(i, j)

    def channel(self, channel: int) -> F32:
        """All samples of one channel as a memory map (n)."""
        self._check(channel)
        return self._samples.map_channel(channel)

    def read(self, i: int, j: int) -> F32:
        """The samples of rows i to j, copied: (rows, channels)."""
        return np.ascontiguousarray(self.read_channels(i, j).T)

    def read_channels(self, i: int, j: int) -> F32:
        """The samples of rows i to j, copied: (channels, rows)."""
        i, j = self._span(i, j)
        return self._samples.block(i, j)

    def read_channel(self, channel: int, i: int, j: int) -> F32:
        """The samples of one channel from row i to j, copied."""
        self._check(channel)
        i, j = self._span(i, j)
        return self._samples.raw(channel, i, j)

    @overload
    def index_of(self, time: float) -> int: ...

    @overload
    def index_of(self, time: F64) -> I64: ...

    def index_of(self, time: float | F64) -> int | I64:
        """The first row at or after a time, ``n`` past the end; also for an array of times.

        Rows of the half-open span [start, end) are ``index_of(start)`` to ``index_of(end)``.
        """
        wanted = np.atleast_1d(np.asarray(time, np.float64))
        found = self._samples.search(wanted)
        return found if isinstance(time, np.ndarray) else int(found[0])

    def nearest(self, time: float) -> int:
        """The row whose time is nearest, the earlier one of two."""
        i = self.index_of(time)
        if i == 0 or i == self.n:
            return max(i - 1, 0)
        before, after = self._samples.times(i - 1, i + 1)
        return i - 1 if time - before <= after - time else i

    def value_at(self, channel: int, time: float) -> float:
        """The nearest sample's value; NaN where the nearest is more than 1.5 usual steps away."""
        self._check(channel)
        row = self.nearest(time)
        away = abs(float(self._samples.times(row, row + 1)[0]) - time)
        if self.rate_hz and away > 1.5 / self.rate_hz:
            return float("nan")
        return float(self._samples.raw(channel, row, row + 1)[0])

    def gaps(self, threshold: float | None = None) -> list[Segment]:
        """Stretches without samples, from the last one before to the first one after.

        ``threshold`` in seconds; by default five usual steps.
        """
        if threshold is None:
            threshold = GAP / self.rate_hz if self.rate_hz else float("inf")
        return [Segment(a, b) for a, b in find_gaps(self._samples, threshold)]

    def envelope(self, channel: int, i: int, j: int, columns: int) -> tuple[F32, F32]:
        """Least and greatest sample in each of ``columns`` equal stretches of rows i to j.

        NaN where a stretch has no finite sample. See `labelloop.storage.envelope.envelope` for what is exact.
        """
        self._check(channel)
        return envelope(self._samples, channel, even_edges(i, j, columns))

    def envelope_at(self, channel: int, edges: NDArray[np.float64]) -> tuple[F32, F32]:
        """The same for columns between moments: column c has the samples in [edges[c], edges[c + 1])."""
        self._check(channel)
        return envelope(self._samples, channel, self._rows_at(edges))

    def _rows_at(self, edges: F64) -> I64:
        """Rows of column edges; the last ones asked for are kept, as each channel asks for the same."""
        key = edges.tobytes()
        known, rows = self._edges
        if known != key:
            rows = self._samples.search(np.asarray(edges, np.float64))
            self._edges = (key, rows)
        return rows

    def _check(self, channel: int) -> None:
        if not 0 <= channel < len(self.names):
            raise IndexError(f"there are {len(self.names)} channels, not one numbered {channel}")

    def _span(self, i: int, j: int) -> tuple[int, int]:
        i = min(max(i, 0), self.n)
        return i, min(max(j, i), self.n)


class SignalStore:
    """The signals of a project, cached in one folder that may be deleted at any time."""

    def __init__(self, cache_dir: Path) -> None:
        self.folder = cache_dir

    def cached(self, source: Path) -> Signal | None:
        """The signal when its recording was read before and has not changed. UserError when it is gone."""
        samples = open_cached(entry_for(source, self.folder))
        return Signal(source, samples) if samples else None

    def partial(self, source: Path) -> Signal | None:
        """What another process has read so far of a recording that it reads now."""
        from labelloop.storage.partial import partial_samples

        samples = partial_samples(entry_for(source, self.folder))
        return Signal(source, samples) if samples else None

    def load(
        self,
        source: Path,
        progress: Callable[[int, int], None] | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> Signal:
        """The signal, read now in this process if need be.

        ``progress`` is told the rows read and in all; ``cancel`` is asked often. When the cache folder can't
        be written to, the samples are kept in memory and a warning says so. Raises UserError.
        """
        if signal := self.cached(source):
            return signal
        from labelloop.storage.ingest import NoCache, ingest, ingest_to_memory

        try:
            return Signal(source, ingest(source, self.folder, progress, cancel))
        except NoCache as error:
            samples = ingest_to_memory(source, progress, cancel)
            return Signal(source, samples, [f"The recording must be read again each time: {error}"])
