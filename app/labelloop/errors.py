"""The one kind of error that is a user's business: a sentence, not a traceback."""

from __future__ import annotations

import errno
import unicodedata


class UserError(Exception):
    """An expected failure, told in one sentence: what, where, why, what to do.

    The command line prints it and exits with ``exit_code``; the app shows it in the status row.
    Everything that is not a UserError is a bug.
    """

    exit_code = 1


class Refused(UserError):
    """A change that the project can't take; nothing was altered."""


class Stuck(Refused):
    """An undo or redo that doesn't fit what the files hold by now; ``title`` says what it is of."""

    def __init__(self, title: str, undoing: bool, why: str) -> None:
        verb = "undone" if undoing else "done again"
        super().__init__(f"'{title}' can't be {verb}: {why}")
        self.title = title
        self.undoing = undoing


class NotPlain(OSError):
    """A file of ours is a link, a pipe or the like, and was not opened; ``why`` says it and what to do."""

    def __init__(self, path: object, why: str) -> None:
        super().__init__(errno.EPERM, why, str(path))
        self.why = why


def printable(text: str) -> str:
    """Text from a file with every control, format and line-breaking character made visible.

    >>> printable("a\\x1b[31mb")
    'a␛[31mb'
    """
    if text.isprintable():
        return text
    return "".join(_visible(char) for char in text)


def _visible(char: str) -> str:
    if char.isprintable():
        return char
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    return " " if unicodedata.category(char) in ("Zs", "Zl", "Zp") else "�"


_OS_REASONS = {
    errno.ENOENT: "it does not exist; check its name and place",
    errno.ENOTDIR: "a part of its path is not a folder; check its name and place",
    errno.EISDIR: "it is a folder, not a file",
    errno.EACCES: "there is no permission; change its permissions or those of its folder",
    errno.EPERM: "there is no permission; change its permissions or those of its folder",
    errno.EROFS: "its disk is read-only; use a place that can be written to",
    errno.ENOSPC: "the disk is full; free some space and try again",
    errno.EDQUOT: "your disk quota is used up; free some space and try again",
    errno.EFBIG: "it would be larger than the disk or a limit allows; free some space and try again",
    errno.ENAMETOOLONG: "its name is too long; use a shorter one",
    errno.ELOOP: "its symbolic links go in a circle; remove one of them",
    errno.EMFILE: "too many files are open; close some programs or raise the limit (ulimit -n)",
    errno.ENFILE: "too many files are open; close some programs or raise the limit (ulimit -n)",
    errno.EIO: "the disk reports an error; check the disk or its connection",
    errno.ESTALE: "the network disk lost it; check the connection and try again",
}


def os_reason(error: OSError) -> str:
    """Why an operating system call failed and what to do, to stand after "can't be read: "."""
    if isinstance(error, NotPlain):
        return error.why
    known = _OS_REASONS.get(error.errno or 0)
    return known or f"{(error.strerror or str(error) or 'unknown error').lower()}; check the file and disk"
