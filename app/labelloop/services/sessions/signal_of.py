"""A session's signal, read in a process beside this one when it is not in the cache yet."""

from __future__ import annotations

import atexit
import threading
from pathlib import Path

from labelloop.errors import UserError, printable
from labelloop.formats.signals.probe import channel_names
from labelloop.project.session import Session
from labelloop.storage.reading import Reader
from labelloop.storage.signals import Signal, SignalStore
from labelloop.storage.store import ProjectStore
from labelloop.storage.table_options import options_for

_here = False
_last: Reader | None = None
_turn = threading.Lock()


def read_here() -> None:
    """Read recordings in this process from now on: it has no screen that must stay smooth."""
    global _here
    _here = True


def signal_of(store: ProjectStore, session: Session) -> Signal:
    """The signal of a session; waits for its first reading.

    Raises:
        UserError: the recording can't be read.
    """
    path = store.inside(session.data_file, "a recording")
    signals = SignalStore(store.layout.cache)
    if (found := signals.cached(path)) is not None:
        return found
    if _here:
        return signals.load(path)
    with _turn:
        _reader(signals.folder).read(path)
    if (found := signals.cached(path)) is None:
        raise UserError(f"{printable(session.path)} can't be read: it changed meanwhile; try again.")
    return found


def _reader(folder: Path) -> Reader:
    """The one process that reads into a cache folder for this one."""
    global _last
    if _last is None or _last.folder != folder:
        if _last is not None:
            _last.close()
        _last = Reader(folder)
        atexit.register(_last.close)
    return _last


def channels_of(store: ProjectStore, session: Session) -> tuple[str, ...]:
    """The names of a session's channels, at once, whether its signal was read or not.

    Raises:
        UserError: the recording can't be read.
    """
    path = store.inside(session.data_file, "a recording")
    found = SignalStore(store.layout.cache).cached(path)
    options = options_for(store.layout.home, path)
    return tuple(found.names) if found is not None else channel_names(path, options)
