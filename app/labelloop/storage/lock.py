"""One writer a project: an advisory lock that the system frees when its holder dies, with its holder's name.

Some file systems of networks have no locks, some grant them to everybody. So the lock file also says who
holds it, and holds good for as long as that process lives, or renews it from another host. A holder looks
before each edit whether the file is still its own.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import getpass
import json
import os
import secrets
import socket
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from labelloop.contract.values import parsed
from labelloop.errors import Refused, UserError, os_reason, printable
from labelloop.storage.own_files import make_own_folder, open_own, read_own

LEASE_S = 60.0  # a holder on another host that has not renewed its lock for so long is gone
RENEW_S = 15.0
_SETTLE_S = 0.2
NO_LOCK = "LABELLOOP_NO_LOCK"  # set for users who know that nobody else writes
_MOST_BYTES = 1 << 16
_HELD_HERE: set[str] = set()  # tokens of the locks that this process holds
_NO_LOCKS = {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL}


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a project. ``boot`` and ``started`` tell a process from a later one of its number."""

    pid: int
    host: str
    user: str
    what: str
    since: float
    boot: str = ""
    started: str = ""
    token: str = ""

    def __str__(self) -> str:
        since = time.strftime("%H:%M", time.localtime(self.since))
        place = "" if self.host == socket.gethostname() else f" on {printable(self.host)}"
        return f"{printable(self.what)} of {printable(self.user)}{place} (process {self.pid}, since {since})"

    @classmethod
    def me(cls, what: str) -> Holder:
        """This process, with a token that no other holder has."""
        pid = os.getpid()
        names = socket.gethostname(), _user()
        return cls(pid, *names, what, time.time(), boot_id(), started_at(pid), secrets.token_hex(8))


class Held(UserError):
    """The project is held by another writer."""

    def __init__(self, project: str, holder: Holder | None) -> None:
        who = str(holder) if holder else "another process"
        super().__init__(f"{project} is being changed by {who}: close it there first, or wait.")
        self.holder = holder


class NoLocks(UserError):
    """The file system of the project can't keep two writers apart."""

    def __init__(self, project: str, folder: Path, error: OSError) -> None:
        why = (error.strerror or "unknown error").lower()
        super().__init__(
            f"The disk of {printable(str(folder))} has no file locks ({why}), so two programs could change "
            f"{project} at once and lose each other's edits: if nobody else has it open, write "
            f"'labelloop --no-lock' before the rest of the command."
        )


class Lost(Refused):
    """Another process took the project over while this one had it open."""

    def __init__(self, project: str, holder: Holder | None) -> None:
        who = str(holder) if holder else "another process"
        super().__init__(
            f"The edit was not made: {project} was taken over by {who}. Close the project here and open it "
            "again when that is done."
        )


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def boot_id() -> str:
    """What differs after each start of the machine; empty where the system does not say."""
    with contextlib.suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return ""


def started_at(pid: int) -> str:
    """When a process started, in the system's own count; empty where it does not say or there is none."""
    with contextlib.suppress(OSError, IndexError, ValueError):
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        return stat.rpartition(")")[2].split()[19]  # field 22; the name before may hold spaces
    return ""


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def is_alive(holder: Holder, age_s: float) -> bool:
    """Whether a holder still has the project; ``age_s`` is how long ago its lock file was written to.

    On this host its process tells, elsewhere whether it renews the lock.
    """
    if not holder.token:
        return False  # written by a version that trusts the system's lock, which we hold now
    if holder.host != socket.gethostname():
        return age_s < LEASE_S
    if holder.boot != boot_id():
        return False
    if holder.pid == os.getpid():
        return holder.token in _HELD_HERE
    return _exists(holder.pid) and holder.started == started_at(holder.pid)


class ProjectLock:
    """The lock on one project, held from ``acquire`` to ``release`` or the process's end."""

    def __init__(self, path: Path, project: str) -> None:
        self._path = path
        self._project = project
        self._fd: int | None = None
        self._me: Holder | None = None
        self._named = False  # the file says that it is ours; a full disk may have kept us from writing that
        self._renewed = 0.0

    def acquire(self, what: str) -> None:
        """Take the lock at once.

        Raises:
            Held: another process has it; the message names them.
            NoLocks: the file system has none, and the user did not say that it is all the same.
            OSError: the lock file can't be made.
        """
        make_own_folder(self._path.parent)
        fd = open_own(self._path, os.O_RDWR | os.O_CREAT)
        try:
            self._flock(fd)
            other = _holder_in(fd)
            if other is not None and is_alive(other, self._age(fd)):
                raise Held(self._project, other)
            self._fd, self._me = fd, Holder.me(what)
            _HELD_HERE.add(self._me.token)
            self._write()
            if os.environ.get(NO_LOCK):
                self._outlast(fd)
        except BaseException:
            self._fd = None
            os.close(fd)
            raise

    def _flock(self, fd: int) -> None:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Held(self._project, self.holder()) from None
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise
            if not os.environ.get(NO_LOCK):
                raise NoLocks(self._project, self._path.parent.parent, error) from error

    def _outlast(self, fd: int) -> None:
        """Without locks the last one who writes the file has it: look again a moment later. Raises Held."""
        time.sleep(_SETTLE_S)
        if not self._is_ours():
            raise Held(self._project, _holder_in(fd))

    def _age(self, fd: int) -> float:
        """Seconds since the lock file was written to, by the clock of the disk that it lies on."""
        try:
            with tempfile.TemporaryFile(dir=self._path.parent) as now:
                now.write(b".")
                now.flush()
                return os.fstat(now.fileno()).st_mtime - os.fstat(fd).st_mtime
        except OSError:
            return 0.0

    def _write(self) -> None:
        """Say in the file that it is ours. A disk that is full does not stop us: the system's lock holds."""
        if self._fd is None or self._me is None:
            return
        data = json.dumps(asdict(self._me)).encode()
        with contextlib.suppress(OSError):
            os.pwrite(self._fd, data, 0)
            os.ftruncate(self._fd, len(data))
        self._named = _holder_in(self._fd) == self._me
        self._renewed = time.monotonic()

    def renew(self) -> None:
        """Tell other hosts that we are there, if the lock is still ours; to be called now and then."""
        if self._fd is None or time.monotonic() - self._renewed < RENEW_S:
            return
        self._renewed = time.monotonic()
        if self._is_ours():
            with contextlib.suppress(OSError):
                os.utime(self._fd)

    def _is_ours(self) -> bool:
        """Whether the file at the lock's place is the one we hold and says so."""
        if self._fd is None:
            return False
        try:
            same = os.path.samestat(os.fstat(self._fd), os.stat(self._path, follow_symlinks=False))
        except OSError:
            return False
        return same and (not self._named or _holder_in(self._fd) == self._me)

    def check(self) -> bool:
        """Make sure that the project is still ours to write; False when the lock had to be made anew.

        Raises:
            Lost: another process has it by now.
            Refused: the lock was removed and can't be made again.
        """
        if self._is_ours():
            self.renew()
            return True
        if self._fd is None or self._me is None:
            raise Lost(self._project, self.holder())
        mine, old = self._me, self._fd
        on_disk = self.holder()
        if on_disk is not None and on_disk != mine and is_alive(on_disk, 0.0):
            raise Lost(self._project, on_disk)
        self._fd = None
        os.close(old)
        _HELD_HERE.discard(mine.token)
        try:
            self.acquire(mine.what)
        except Held as error:
            raise Lost(self._project, error.holder) from error
        except OSError as error:
            where = printable(str(self._path))
            raise Refused(
                f"The edit was not made: {where} was removed and can't be made again: {os_reason(error)}."
            ) from error
        return False

    def holder(self) -> Holder | None:
        """Who wrote the lock file last; only meaningful while the lock is held."""
        try:
            return _parsed(read_own(self._path, _MOST_BYTES))
        except OSError:
            return None

    def release(self) -> None:
        """Give the lock back."""
        if self._me is not None:
            _HELD_HERE.discard(self._me.token)
        if self._fd is not None:
            if self._is_ours():
                with contextlib.suppress(OSError):
                    os.ftruncate(self._fd, 0)
            os.close(self._fd)
            self._fd = None


def _holder_in(fd: int) -> Holder | None:
    try:
        return _parsed(os.pread(fd, _MOST_BYTES, 0))
    except OSError:
        return None


def _parsed(data: bytes) -> Holder | None:
    try:
        found = parsed(data)
        return Holder(**found) if isinstance(found, dict) else None
    except (ValueError, TypeError):
        return None


def lock_trouble(folder: Path) -> str:
    """Why locks don't work in a folder, tried with two openings of one file; empty when they do."""
    try:
        with (
            tempfile.NamedTemporaryFile(dir=folder, prefix=".labelloop-", suffix=".tmp") as one,
            open(one.name, "rb") as two,
        ):
            fcntl.flock(one, fcntl.LOCK_EX | fcntl.LOCK_NB)
            try:
                fcntl.flock(two, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return ""
            return "locks are granted to everybody"
    except OSError as error:
        return (error.strerror or "unknown error").lower()
