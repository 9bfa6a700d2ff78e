"""Locks that the system drops when their holder dies: an flock says whether a worker lives."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from labelloop.storage.own_files import open_own


def open_lock(path: Path) -> int:
    """A descriptor of the lock file, made when it is missing; closed in programs started later."""
    return open_own(path, os.O_RDWR | os.O_CREAT)


def try_lock(path: Path, patience_s: float = 0.0) -> int | None:
    """The descriptor that holds the lock alone, or None when another process has it.

    ``patience_s`` outlasts those who only look whether it is held. Closing the descriptor frees the lock.
    """
    fd = open_lock(path)
    give_up = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return fd
        except BlockingIOError:
            if time.monotonic() >= give_up:
                os.close(fd)
                return None
            time.sleep(0.005)
        except BaseException:
            os.close(fd)
            raise


def is_held(path: Path) -> bool:
    """Whether any process holds the lock. Looking takes a shared lock, so lookers don't see each other."""
    try:
        fd = open_own(path)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return False
    except BlockingIOError:
        return True
    finally:
        os.close(fd)


def wait_for(fd: int) -> None:
    """Wait until this open file's lock is ours; for locks that are held for moments only."""
    fcntl.flock(fd, fcntl.LOCK_EX)
