"""One writer a project: an advisory lock that the system frees when its holder dies."""

from __future__ import annotations

import fcntl
import getpass
import json
import os
import socket
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from labelloop.contract.values import parsed
from labelloop.errors import UserError, printable


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a project."""

    pid: int
    host: str
    user: str
    what: str
    since: float

    def __str__(self) -> str:
        since = time.strftime("%H:%M", time.localtime(self.since))
        place = "" if self.host == socket.gethostname() else f" on {printable(self.host)}"
        return f"{printable(self.what)} of {printable(self.user)}{place} (process {self.pid}, since {since})"


class Held(UserError):
    """The project is held by another writer."""

    def __init__(self, project: str, holder: Holder | None) -> None:
        who = str(holder) if holder else "another process"
        super().__init__(f"{project} is being changed by {who}: close it there first, or wait.")
        self.holder = holder


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


class ProjectLock:
    """The lock on one project, held from ``acquire`` to ``release`` or the process's end."""

    def __init__(self, path: Path, project: str) -> None:
        self._path = path
        self._project = project
        self._fd: int | None = None

    def acquire(self, what: str) -> None:
        """Take the lock at once.

        Raises:
            Held: another process has it; the message names them.
            OSError: the lock file can't be made.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            raise Held(self._project, self.holder()) from None
        except OSError:
            os.close(fd)
            raise
        self._fd = fd
        me = Holder(os.getpid(), socket.gethostname(), _user(), what, time.time())
        try:
            os.ftruncate(fd, 0)
            os.pwrite(fd, json.dumps(asdict(me)).encode(), 0)
        except OSError:
            pass  # the lock holds without a name in it

    def holder(self) -> Holder | None:
        """Who wrote the lock file last; only meaningful while the lock is held."""
        try:
            data = parsed(self._path.read_text(encoding="utf-8"))
            return Holder(**data)
        except (OSError, ValueError, TypeError):
            return None

    def release(self) -> None:
        """Give the lock back."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None
