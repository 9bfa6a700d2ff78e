"""What the plain-text label formats share: text, numbers and classes, each error with its line."""

from __future__ import annotations

import math
from typing import NoReturn

from labelloop.errors import UserError, printable
from labelloop.project.labels import Label

_DECIMALS = 9  # of a second: as exact as labels are made


def text_of(data: bytes, where: str) -> str:
    """A file's text: UTF-8, or UTF-16 where its first bytes say so.

    Raises:
        UserError: it is something else.
    """
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = 1 if wide else data.count(b"\n", 0, error.start) + 1
        fail(where, line, "this is no UTF-8 text; save the file as UTF-8")
    if "\0" in text:
        raise UserError(f"{printable(where)} holds binary data, so it is no file of labels.")
    return text


def fail(where: str, line: int, why: str) -> NoReturn:
    """Refuse a file for what one of its lines says."""
    raise UserError(f"{printable(where)}, line {line}: {why}.")


def number(text: str, where: str, line: int, what: str) -> float:
    """A finite number that a line gives. Raises UserError for anything else."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "_" in text:
        fail(where, line, f"the {what} '{printable(text[:40])}' is no number")
    return value


def label_of(start: float, end: float, name: str, where: str, line: int, **more: object) -> Label:
    """A label from start to end. Raises UserError when it can't be one."""
    if end < start:
        fail(where, line, f"the label ends ({end:g} s) before it starts ({start:g} s)")
    if not name.strip():
        fail(where, line, "the label has no class")
    if any(is_control(char) for char in name):
        fail(where, line, f"the class '{printable(name[:40])}' holds control characters")
    return Label.spanning(start, end, name.strip(), **more)


def is_control(char: str) -> bool:
    """Whether a character could steer a terminal or break a line."""
    return char < " " or "\x7f" <= char <= "\x9f" or char in "\u2028\u2029"


def one_line(text: str) -> str:
    """Text without what breaks the cells of a table without quotes."""
    return "".join(" " if is_control(char) else char for char in text)


def seconds(value: float) -> str:
    """A time as plain decimals, without an exponent.

    >>> seconds(1e-7), seconds(2.5), seconds(-0.0)
    ('0.0000001', '2.5', '0')
    """
    text = f"{round(value, _DECIMALS) + 0.0:.{_DECIMALS}f}".rstrip("0").rstrip(".")
    return text or "0"
