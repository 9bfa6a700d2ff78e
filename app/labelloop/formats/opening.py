"""Opening a file that another program made, without hanging on a pipe or a device."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from labelloop.errors import UserError, os_reason, printable


def open_regular(path: Path, what: str = "") -> BinaryIO:
    """Open a regular file for reading; UserError says why it can't be.

    ``what`` names it in the sentence ("The project file"), the path follows.
    """
    shown = f"{what} {printable(str(path))}".lstrip()
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            mode = os.fstat(fd).st_mode
            if stat.S_ISDIR(mode):
                raise IsADirectoryError(errno.EISDIR, "is a folder")
            if not stat.S_ISREG(mode):
                raise UserError(f"{shown} can't be read: it is a device or pipe, not a file.")
            return os.fdopen(fd, "rb")
        except BaseException:
            os.close(fd)
            raise
    except OSError as error:
        raise UserError(f"{shown} can't be read: {os_reason(error)}.") from error
    except ValueError as error:  # a null character in the path
        raise UserError(f"{shown} can't be read: that is no possible file name; correct it.") from error
