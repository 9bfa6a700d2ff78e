"""Opening our own files below ``.labelloop``: plain files in plain folders, never through a link.

A project may come from a stranger, and with it a ``.labelloop`` in which a link leads to a file of the user,
or a pipe stands in a file's place. Recordings and label files may be links; what only this program writes may
not.
"""

from __future__ import annotations

import errno
import os
import pwd
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from labelloop.errors import NotPlain, UserError, os_reason, printable
from labelloop.storage.home import OURS

MOST_BYTES = 1 << 29  # of a file that is read whole: the request of a job with some million labels
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_LINK = "it is a symbolic link, which this program's own files may not be; remove the link"
_IN_LINK = (
    "a folder of its path is a symbolic link, which this program's own folders may not be; remove the link"
)
_DEVICE = "it is a device, pipe or folder, not a file; remove it"


def open_own(path: Path, flags: int = os.O_RDONLY, mode: int = 0o644) -> int:
    """A descriptor of one of our files, which is a plain file reached through no link from ``.labelloop`` on.

    Raises:
        NotPlain: it is something else; nothing was read, made or cut.
        OSError: it can't be opened.
    """
    with _folder_of(path) as (folder, name):
        cut = flags & os.O_TRUNC
        try:
            fd = os.open(
                name,
                (flags & ~os.O_TRUNC) | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC,
                mode,
                dir_fd=folder,
            )
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.EMLINK):
                raise NotPlain(path, _LINK) from error
            if error.errno in (errno.ENXIO, errno.EISDIR):
                raise NotPlain(path, _DEVICE) from error
            raise
    try:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise NotPlain(path, _DEVICE)
        if cut:
            os.ftruncate(fd, 0)
    except BaseException:
        os.close(fd)
        raise
    return fd


def read_own(path: Path, limit: int = MOST_BYTES) -> bytes:
    """The content of one of our files.

    Raises:
        OSError: there is none, it is no plain file, or larger than ``limit``.
    """
    with os.fdopen(open_own(path), "rb") as file:
        if os.fstat(file.fileno()).st_size > limit:
            raise NotPlain(path, f"it has more than {limit:,} bytes; no file of this program is so large")
        return file.read(limit)


def is_own(path: Path) -> bool:
    """Whether a path lies below ``.labelloop``."""
    return OURS in path.parts[:-1]


def check_folders(path: Path) -> None:
    """Refuse a folder of ours that is reached through a link. Raises NotPlain."""
    for folder in _ours_of(path):
        if folder.is_symlink():
            raise NotPlain(folder, _IN_LINK)


def make_own_folder(path: Path) -> None:
    """Make one of our folders, and those above it.

    Raises:
        OSError: it can't be made, or is reached through a link.
    """
    check_folders(path)
    path.mkdir(parents=True, exist_ok=True)


def check_home(home: Path) -> None:
    """Refuse a project's ``.labelloop`` in which something is neither a plain file nor a folder.

    Raises:
        UserError: names what it is, and what to do.
    """
    try:
        found = [home, *home.iterdir()] if os.path.lexists(home) and not home.is_symlink() else [home]
        for path in found:
            mode = path.lstat().st_mode
            if not (stat.S_ISDIR(mode) or (stat.S_ISREG(mode) and path != home)):
                kind = "a symbolic link" if stat.S_ISLNK(mode) else "a device or pipe"
                if path == home and stat.S_ISREG(mode):
                    kind = "a file, not a folder"
                raise UserError(
                    f"{printable(str(path))} is {kind}: the project is not opened, as that might change"
                    " or read files elsewhere. Remove it and open the project again."
                )
    except FileNotFoundError:
        return
    except OSError as error:
        raise UserError(f"{printable(str(home))} can't be read: {os_reason(error)}.") from error


def stranger(home: Path) -> str:
    """A sentence when the folder of our files belongs to another user; empty when it does not."""
    try:
        owner = home.lstat().st_uid
    except OSError:
        return ""
    if owner == os.geteuid():
        return ""
    try:
        name = pwd.getpwuid(owner).pw_name
    except KeyError:
        name = f"number {owner}"
    return (
        f"{printable(str(home))} belongs to the user {printable(name)}: edits, results and models in it"
        " may be theirs."
    )


def _ours_of(path: Path) -> list[Path]:
    """The folders from ``.labelloop`` to ``path``; ``path`` alone when it lies elsewhere."""
    parts = path.parts
    if OURS not in parts:
        return [path]
    first = len(parts) - 1 - parts[::-1].index(OURS)
    return [Path(*parts[: n + 1]) for n in range(first, len(parts))]


@contextmanager
def _folder_of(path: Path) -> Iterator[tuple[int, str]]:
    """A descriptor of the folder that holds ``path``, reached through no link of ours, and its name there."""
    folders = _ours_of(path.parent)
    fd = -1
    try:
        if OURS in folders[0].parts:
            fd = _opened(folders[0].parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, None)
            for folder in folders:
                fd = _opened(folder, _FOLDER, fd)
        else:
            fd = _opened(folders[0], os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, None)
        yield fd, path.name
    finally:
        if fd >= 0:
            os.close(fd)


def _opened(folder: Path, flags: int, above: int | None) -> int:
    """A folder's descriptor; that of the folder above is closed when it succeeds."""
    try:
        fd = os.open(folder if above is None else folder.name, flags, dir_fd=above)
    except OSError as error:
        if above is not None and folder.is_symlink():
            raise NotPlain(folder, _IN_LINK) from error
        raise
    if above is not None:
        os.close(above)
    return fd
