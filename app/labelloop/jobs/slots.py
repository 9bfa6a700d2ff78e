"""The queue in front of the processor: as many trainings at once as the machine bears, oldest first."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

import platformdirs

from labelloop.jobs import locks

CORES_PER_JOB = 4
_POLL_S = 0.2


def slots_folder() -> Path:
    """Where this machine's slots of this user lie; LABELLOOP_SLOTS names another place."""
    if named := os.environ.get("LABELLOOP_SLOTS"):
        return Path(named)
    return Path(platformdirs.user_cache_dir("labelloop")) / "slots" / socket.gethostname()


def slot_count() -> int:
    """How many trainings may run at once on this machine."""
    return max(1, (os.cpu_count() or 1) // CORES_PER_JOB)


class Slot:
    """The right to train now; freed by ``release``, by leaving a ``with``, and by the process's end."""

    def __init__(self, fd: int) -> None:
        self._fd: int | None = fd

    def release(self) -> None:
        """Let the next one train."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def __enter__(self) -> Slot:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def wait_for_slot(
    folder: Path,
    on_wait: Callable[[], None] = lambda: None,
    stopped: Callable[[], bool] = lambda: False,
    count: int | None = None,
) -> Slot | None:
    """Wait for one's turn among all who train on this machine; None when ``stopped`` says so first.

    ``on_wait`` is called once, when there is waiting to do.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ticket = folder / f"wait-{time.time_ns():020d}-{os.getpid()}"
    held = locks.try_lock(ticket)
    waiting = False
    try:
        while not stopped():
            slot = _take(folder, ticket, count or slot_count())
            if slot is not None:
                return slot
            if not waiting:
                waiting = True
                on_wait()
            time.sleep(_POLL_S)
        return None
    finally:
        ticket.unlink(missing_ok=True)
        if held is not None:
            os.close(held)


def waiting(folder: Path) -> list[int]:
    """Process ids of those who wait for their turn, the next one first."""
    tickets = [ticket for ticket in sorted(folder.glob("wait-*")) if locks.is_held(ticket)]
    return [int(pid) for ticket in tickets if (pid := ticket.name.rpartition("-")[2]).isdecimal()]


def _take(folder: Path, ticket: Path, count: int) -> Slot | None:
    if any(_waits(other) for other in sorted(folder.glob("wait-*")) if other.name < ticket.name):
        return None
    for index in range(count):
        fd = locks.try_lock(folder / f"slot-{index}")
        if fd is not None:
            return Slot(fd)
    return None


def _waits(ticket: Path) -> bool:
    """Whether the ticket's owner still waits; the ticket of a dead one is thrown away."""
    if locks.is_held(ticket):
        return True
    ticket.unlink(missing_ok=True)
    return False
