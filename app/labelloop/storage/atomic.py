"""Replacing a file as a whole, and reading one with sentences for what can go wrong."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import time
from pathlib import Path

from labelloop.errors import UserError, os_reason, printable
from labelloop.formats.opening import open_regular
from labelloop.storage.own_files import check_folders, is_own

TEMP_PREFIX = ".labelloop-"
TEMP_SUFFIX = ".tmp"
_NO_FOLDER_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES, errno.EPERM}


def replace_file(path: Path, data: bytes | bytearray) -> None:
    """Make ``path`` hold ``data``: after a crash at any moment it holds the old or the new content.

    The mode (and, where allowed, the owner) of an existing file is kept. When ``path`` is a symbolic link,
    the file it leads to is replaced and the link stays; whether that lies inside the project is the caller's
    check. One of our own files replaces a link. A file without write permission is refused although its
    folder would allow replacing it. Raises UserError; the old file is then untouched.
    """
    shown = printable(str(path))
    try:
        if is_own(path):
            check_folders(path.parent)
            target, old = path, None if path.is_symlink() else _existing(path)
        else:
            target = Path(os.path.realpath(path))
            old = _existing(target)
        if old and not os.access(target, os.W_OK):
            raise UserError(f"{shown} was not saved: it is read-only. Allow writing to it and save again.")
        temp = target.with_name(f"{TEMP_PREFIX}{os.urandom(8).hex()}{TEMP_SUFFIX}")
        try:
            _write_whole(temp, data, old)
            os.replace(temp, target)
        except BaseException:
            with contextlib.suppress(OSError):
                temp.unlink()
            raise
        sync_folder(target.parent)
    except OSError as error:
        raise UserError(f"{shown} was not saved: {os_reason(error)}.") from error


def _existing(target: Path) -> os.stat_result | None:
    try:
        found = target.stat()
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, "is a folder")
    if not stat.S_ISREG(found.st_mode):
        raise UserError(f"{printable(str(target))} was not saved: it is a device or pipe, not a file.")
    return found


def _write_whole(temp: Path, data: bytes | bytearray, old: os.stat_result | None) -> None:
    fd = os.open(temp, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        if old:
            with contextlib.suppress(OSError):
                os.fchown(fd, old.st_uid, old.st_gid)
            os.fchmod(fd, stat.S_IMODE(old.st_mode))
        view = memoryview(data)
        while view:
            view = view[os.write(fd, view) :]
        os.fsync(fd)
    finally:
        os.close(fd)


def sync_folder(folder: Path) -> None:
    """Make renames and new names in ``folder`` last; file systems that can't are let be."""
    try:
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except PermissionError:
        return
    try:
        os.fsync(fd)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(fd)


def sweep_temps(folder: Path, older_than_s: float = 3600.0) -> None:
    """Remove what ``replace_file`` left in ``folder`` when it was killed."""
    limit = time.time() - older_than_s
    with contextlib.suppress(OSError):
        for entry in folder.glob(f"{TEMP_PREFIX}*{TEMP_SUFFIX}"):
            with contextlib.suppress(OSError):
                if entry.stat().st_mtime < limit:
                    entry.unlink()


def read_file(path: Path, what: str, limit: int | None = None) -> bytes:
    """The content of ``path``; ``what`` names it in the sentence of the UserError ("The project file").

    A file larger than ``limit`` bytes is refused before memory is taken. Pipes and devices are refused.
    """
    shown = f"{what} {printable(str(path))}"
    with open_regular(path, what) as file:
        try:
            data = file.read() if limit is None else file.read(limit + 1)
        except OSError as error:
            raise UserError(f"{shown} can't be read: {os_reason(error)}.") from error
        if limit is not None and len(data) > limit:
            size = max(os.fstat(file.fileno()).st_size, len(data))
            raise UserError(
                f"{shown} can't be read: it has {size:,} bytes, more than the {limit:,} that such a file"
                " may have. Check that it is the right file."
            )
    return data
