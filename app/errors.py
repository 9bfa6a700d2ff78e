"""The one kind of error that is a person's business: a sentence, not a traceback."""

from __future__ import annotations

import unicodedata


class UserError(Exception):
    """An expected failure, told in one sentence: what, where, why, what to do.

    The command line prints it and exits with ``exit_code``; the app shows it in the status row.
    Everything that is not a UserError is a bug.
    """

    exit_code = 1


class Refused(UserError):
    """A change that the project can't take; nothing was altered."""


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
