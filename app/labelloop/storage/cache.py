"""Names of cached signals: which file belongs to which recording as it is now."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from labelloop.errors import UserError, os_reason, printable
from labelloop.formats.opening import open_regular
from labelloop.storage.layout import VERSION, parse_layout
from labelloop.storage.own_files import open_own, read_own
from labelloop.storage.samples import SampleFile

_ABANDONED_S = 24 * 3600.0
_ENDS = 1 << 14  # bytes at the head and at the tail that are looked at


@dataclass(frozen=True, slots=True)
class Entry:
    """The place of one recording in the cache.

    ``place`` tells recordings apart by their path seen from the cache, so that a project can be moved as a
    whole; ``key`` changes when the recording changes.
    """

    folder: Path
    place: str
    key: str

    @property
    def data(self) -> Path:
        """The HDF5 file with the samples."""
        return self.folder / f"{self.place}-{self.key}.h5"

    @property
    def layout(self) -> Path:
        """The JSON file that makes the entry whole."""
        return self.folder / f"{self.place}-{self.key}.json"

    @property
    def progress(self) -> Path:
        """What a process says that reads the recording now."""
        return self.folder / f"{self.place}.progress"

    @property
    def lock(self) -> Path:
        """Held by the process that reads the recording."""
        return self.folder / f"{self.place}.lock"


def entry_for(source: Path, folder: Path) -> Entry:
    """Where ``source``, as it is now, belongs in the cache. Raises UserError when it can't be read."""
    path = os.path.relpath(os.path.abspath(source), os.path.abspath(folder))
    with open_regular(source) as file:
        try:
            found = os.fstat(file.fileno())
            head = file.read(_ENDS)
            file.seek(max(found.st_size - _ENDS, 0))
            tail = file.read(_ENDS)
        except OSError as error:
            raise UserError(f"{printable(str(source))} can't be read: {os_reason(error)}.") from error
    stamp = f"{VERSION} {found.st_size} {found.st_mtime_ns} ".encode()
    return Entry(folder, _hash(os.fsencode(path)), _hash(stamp + head + tail))


def _hash(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=8).hexdigest()


def open_cached(entry: Entry) -> SampleFile | None:
    """The samples when they were read before, whole and from the recording as it is now."""
    try:
        layout = parse_layout(read_own(entry.layout))
        fd = open_own(entry.data)
    except OSError:
        return None
    if layout is None or not layout.whole or os.fstat(fd).st_size < layout.size:
        os.close(fd)
        return None
    samples = SampleFile(fd, layout)
    return None if layout.check and samples.checksum() != layout.check else samples


def remove_others(entry: Entry, locked: bool) -> None:
    """Delete what the cache holds of earlier states of this recording, and of readings that broke off.

    Without a lock another process may be reading it now, so that young temporary files are left alone.
    """
    old = time.time() - _ABANDONED_S
    with contextlib.suppress(OSError):
        for path in entry.folder.glob(f"{entry.place}*"):
            if path in (entry.data, entry.layout, entry.lock):
                continue
            if locked or path.suffix in (".h5", ".json") or path.stat().st_mtime < old:
                path.unlink(missing_ok=True)


@contextlib.contextmanager
def alone(entry: Entry, wait: Callable[[], None]) -> Iterator[bool]:
    """Hold the entry's lock; ``wait`` is called again and again while another process has it.

    False where the file system has no locks: temporary names differ, so that nothing breaks.
    """
    locked = False
    while True:
        fd = open_own(entry.lock, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if locked := _is_at(fd, entry.lock):
                break
        except BlockingIOError:
            _close_after(fd, wait)
            continue
        except OSError:
            break
        os.close(fd)
    try:
        yield locked
    finally:
        if locked:
            with contextlib.suppress(OSError):
                entry.lock.unlink()
        os.close(fd)


def _close_after(fd: int, wait: Callable[[], None]) -> None:
    os.close(fd)
    wait()


def _is_at(fd: int, path: Path) -> bool:
    """Whether the file is still the one of that name: its last holder deletes it."""
    try:
        return os.path.samestat(os.fstat(fd), path.stat())
    except FileNotFoundError:
        return False
