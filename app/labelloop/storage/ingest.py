"""Reads a recording once into its cache file; also `python -m labelloop.storage.ingest SOURCE FOLDER`."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import select
import signal
import sys
import tempfile
import time
import traceback
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from labelloop.contract.values import parsed
from labelloop.errors import UserError, os_reason, printable
from labelloop.formats.opening import open_regular
from labelloop.formats.signals.dialect import Dialect, TableOptions
from labelloop.formats.signals.plain import understood
from labelloop.storage.cache import Entry, alone, entry_for, open_cached, remove_others
from labelloop.storage.csv_source import CsvSource
from labelloop.storage.layout import Layout, Level, levels_for, place
from labelloop.storage.own_files import make_own_folder
from labelloop.storage.partial import Reporter
from labelloop.storage.samples import SampleFile
from labelloop.storage.sink import Piece, Sink
from labelloop.storage.source import Block, RowsDiffer, Source, changed
from labelloop.storage.table_options import options_for
from labelloop.storage.table_source import TableSource
from labelloop.storage.wav_source import WavSource

Progress = Callable[[int, int], None]  # rows that can be used, rows in all
Cancel = Callable[[], bool]
_MOST_WORKERS = 8
_POLL_S = 0.05
IDLE_S = 60.0  # a process that is asked for nothing for so long ends
_UNSYNCED = 4 << 20  # bytes; up to here a checksum is cheaper than waiting for the disk


class Cancelled(UserError):
    """The reading was stopped on request; nothing is left of it."""


class NoCache(UserError):
    """The cache folder can't be written to; the recording itself may be fine."""


@dataclass
class _Job:
    """One reading: the recording, its place in the cache and who wants to know."""

    source: Path
    progress: Progress | None = None
    cancel: Cancel | None = None
    home: Path | None = None  # where our files lie, and with them what users said of tables

    def check(self) -> None:
        if self.cancel and self.cancel():
            raise Cancelled(f"Reading {printable(str(self.source))} was stopped.")

    def report(self, rows: int, total: int) -> None:
        if self.progress:
            self.progress(rows, total)

    def wait(self) -> None:
        self.check()
        time.sleep(_POLL_S)


def ingest(
    source: Path, folder: Path, progress: Progress | None = None, cancel: Cancel | None = None
) -> SampleFile:
    """Read ``source`` into the cache in ``folder``, or open what another process read meanwhile.

    Raises UserError for a recording that makes no sense, NoCache when the folder can't be written to.
    """
    job = _Job(source, progress, cancel, folder.parent)
    entry = entry_for(source, folder)
    try:
        make_own_folder(folder)
        with alone(entry, job.wait) as locked:
            if done := open_cached(entry):
                return done
            remove_others(entry, locked)
            return _read_to_file(job, entry)
    except OSError as error:
        text = f"The cache folder {printable(str(folder))} can't be used: {os_reason(error)}."
        raise NoCache(text) from error


def ingest_to_memory(
    source: Path, progress: Progress | None = None, cancel: Cancel | None = None
) -> SampleFile:
    """Read ``source`` without a cache folder. Raises UserError when it would take too much memory."""
    job = _Job(source, progress, cancel)

    def create(layout: Layout) -> tuple[int, Layout]:
        placed, free = place(layout), _free_memory()
        if free and placed.size > free // 2:
            shown = f"{printable(str(source))} needs {placed.size >> 20:,} MB of memory"
            raise UserError(f"{shown}, but {free >> 20:,} MB are free; make its cache folder writable.")
        return _memory_file(), placed

    return _read(job, create, lambda sink: None)


def _free_memory() -> int:
    """Bytes, 0 where the system does not say."""
    if "SC_AVPHYS_PAGES" not in os.sysconf_names:
        return 0
    return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _memory_file() -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create("samples")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def _read_to_file(job: _Job, entry: Entry) -> SampleFile:
    """Read into a temporary file beside the entry, then give it its name."""
    part = entry.folder / f"{entry.data.stem}.{os.urandom(4).hex()}.part"
    note = part.with_suffix(".note")
    reporter = Reporter(entry.progress, part)
    try:
        samples = _read(job, lambda layout: _create(part, layout), reporter)
        if samples.layout.n < samples.layout.rows:
            _note_rows(part, samples.layout.n)
        if samples.layout.size > _UNSYNCED:
            os.fsync(samples.fileno())
        else:
            samples.layout = replace(samples.layout, check=samples.checksum())
        os.replace(part, entry.data)
        note.write_text(json.dumps(samples.layout.to_json()))
        os.replace(note, entry.layout)
        return samples
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
            note.unlink(missing_ok=True)
            entry.progress.unlink(missing_ok=True)


def _read(
    job: _Job, create: Callable[[Layout], tuple[int, Layout]], after_block: Callable[[Sink], None]
) -> SampleFile:
    with open_regular(job.source) as file:
        before = os.fstat(file.fileno())
        source: Source
        try:
            source = _open_source(file, job)
            samples = _read_once(job, source, create, after_block)
        except RowsDiffer:
            source = CsvSource(file, job.source, blank=True)
            samples = _read_once(job, source, create, after_block)
        after = os.fstat(file.fileno())
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise changed(job.source)
        return samples


def _open_source(file: BinaryIO, job: _Job) -> Source:
    """The recording as what it is: sound, a table in Studio's form, or one of another dialect."""
    if job.source.suffix.lower() == ".wav":
        return WavSource(file, job.source)
    options = options_for(job.home, job.source) if job.home is not None else TableOptions()
    found = understood(job.source, file, options)
    return TableSource(file, job.source, found) if isinstance(found, Dialect) else CsvSource(file, job.source)


def _read_once(
    job: _Job,
    source: Source,
    create: Callable[[Layout], tuple[int, Layout]],
    after_block: Callable[[Sink], None],
) -> SampleFile:
    wanted = Layout(
        source.names,
        source.rows,
        rate_hz=source.rate_hz,
        timecoded=source.timecoded,
        window_s=source.window_s,
    )
    fd, layout = create(wanted)
    samples = SampleFile(fd, layout)  # closes it, whatever happens
    _allocate(fd, layout.size)
    sink = Sink(job.source, fd, layout)
    with contextlib.closing(_pieces(source, sink, job)) as pieces:
        for piece in pieces:
            sink.advance(piece)
            after_block(sink)
            job.report(sink.rows, source.rows)
    samples.layout = sink.finish(source.rate_hz)
    return samples


def _allocate(fd: int, size: int) -> None:
    """Take the disk space now, so that a full disk is known before anything is read."""
    if not hasattr(os, "posix_fallocate"):
        return
    try:
        os.posix_fallocate(fd, 0, size)
    except OSError as error:
        if error.errno not in (errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS):
            raise


def _pieces(source: Source, sink: Sink, job: _Job) -> Generator[Piece, None, None]:
    """The recording's blocks, parsed and written by threads, in their order."""

    def work(block: Block) -> Piece:
        times, channels = block.parse()
        return sink.put(block.row, block.line, times, channels)

    job.check()
    blocks = source.blocks()
    first, second = next(blocks), next(blocks, None)
    if second is None:
        yield work(first)
        return
    workers = min(_cores(), _MOST_WORKERS)
    pool = ThreadPoolExecutor(workers)
    pending = deque([pool.submit(work, first), pool.submit(work, second)])
    try:
        for block in blocks:
            job.check()
            pending.append(pool.submit(work, block))
            if len(pending) > workers:
                yield pending.popleft().result()
        while pending:
            job.check()
            yield pending.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _create(path: Path, layout: Layout) -> tuple[int, Layout]:
    """Make the HDF5 file with all its arrays allocated; an open descriptor and where the arrays are."""
    import h5py

    channels, rows = len(layout.names), layout.rows
    names = np.array([name.encode("utf-8", "replace") for name in layout.names])
    path.unlink(missing_ok=True)  # of a first try that met blank lines
    try:
        with h5py.File(path, "x", alignment_threshold=1024, alignment_interval=4096) as file:
            file.attrs["rows"] = rows
            file.create_dataset("names", data=names)
            times = _contiguous(file, "times", (rows,), "<f8")
            samples = _contiguous(file, "samples", (channels, rows), "<f4")
            marks = _contiguous(file, "time_marks", (layout.mark_count,), "<f8")
            steps = _contiguous(file, "time_steps", (layout.step_count,), "<f8")
            levels = []
            for level in levels_for(rows):
                shape = (channels, 2, level.cells)
                at = _contiguous(file, f"envelope_{level.factor}", shape, "<f4")
                levels.append(Level(level.factor, level.cells, at))
    except OSError as error:
        raise OSError(error.errno or errno.EIO, os.strerror(error.errno or errno.EIO)) from error
    fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    placed = replace(
        layout, times=times, samples=samples, marks=marks, steps=steps, levels=tuple(levels), size=0
    )
    return fd, replace(placed, size=max(os.fstat(fd).st_size, placed.end()))


def _note_rows(path: Path, rows: int) -> None:
    """Say in the file that only the first rows of its arrays are used."""
    import h5py

    with h5py.File(path, "r+") as file:
        file.attrs.modify("rows", rows)


def _contiguous(file: Any, name: str, shape: tuple[int, ...], dtype: str) -> int:
    """Add an array that is allocated at once and not filled; its offset in the file."""
    import h5py

    if 0 in shape:
        return 0
    plan = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plan.set_layout(h5py.h5d.CONTIGUOUS)
    plan.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    plan.set_fill_time(h5py.h5d.FILL_TIME_NEVER)
    kind, space = h5py.h5t.py_create(np.dtype(dtype)), h5py.h5s.create_simple(shape)
    dataset = h5py.h5d.create(file.id, name.encode(), kind, space, plan)
    return int(dataset.get_offset())


def main(arguments: list[str]) -> int:
    """Read SOURCE into CACHE_FOLDER; on failure one JSON object with the sentence on stdout.

    Exit code 0 when it is cached, 1 when the recording can't be read, 2 when the cache can't be written.
    Without SOURCE, each line of stdin is one as a JSON string, answered by a line, ``{}`` when it is cached,
    until none comes for a while.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    *sources, folder = arguments
    if sources:
        code, said = _attempt(sources[0], folder)
        if said:
            print(json.dumps(said))
        return code
    while select.select([sys.stdin], [], [], IDLE_S)[0] and (line := sys.stdin.readline()):
        print(json.dumps(_attempt(parsed(line), folder)[1]), flush=True)
    return 0


def _attempt(source: str, folder: str) -> tuple[int, dict[str, str]]:
    """Read one recording: an exit code, and what is to be said of a failure."""
    try:
        ingest(Path(source), Path(folder))
        return 0, {}
    except NoCache as error:
        return 2, {"error": str(error)}
    except UserError as error:
        return 1, {"error": str(error)}
    except Exception as error:
        traceback.print_exc()
        return 1, {"error": f"Reading failed: {error!r}."}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
