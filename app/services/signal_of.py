"""A session's signal, read in a process of its own when it is not in the cache yet."""

from __future__ import annotations

import time

from app.errors import UserError, printable
from app.formats.signal_probe import channel_names
from app.project.session import Session
from app.storage.reading import Reading
from app.storage.signals import Signal, SignalStore
from app.storage.store import ProjectStore

_here = False


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
    reading = Reading(signals, path)
    while not reading.finished and not reading.error:
        reading.poll()
        time.sleep(0.02)
    if reading.error or reading.signal is None:
        raise UserError(reading.error or f"{printable(session.path)} can't be read.")
    return reading.signal


def channels_of(store: ProjectStore, session: Session) -> tuple[str, ...]:
    """The names of a session's channels, at once, whether its signal was read or not.

    Raises:
        UserError: the recording can't be read.
    """
    path = store.inside(session.data_file, "a recording")
    found = SignalStore(store.layout.cache).cached(path)
    return tuple(found.names) if found is not None else channel_names(path)
