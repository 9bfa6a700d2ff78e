"""Whether a table is in Studio's own form, which is read as it is, or in one that is to be understood."""

from __future__ import annotations

import math
from pathlib import Path
from typing import BinaryIO

from labelloop.errors import UserError
from labelloop.formats.signals.detect import detect
from labelloop.formats.signals.dialect import Dialect, TableOptions, TooShort
from labelloop.formats.signals.text import TextHead, number, read_text_head, split_row
from labelloop.formats.signals.units import guessed_unit, is_time_name, unit_in

_LOOKED = 1 << 14


def understood(path: Path, file: BinaryIO, options: TableOptions | None = None) -> TextHead | Dialect:
    """How a table is read: its head when it has Studio's form, else its dialect.

    Raises:
        UserError: it is no table of samples, or its times can't be understood; the message says what to do.
    """
    given = options or TableOptions()
    try:
        head = read_text_head(file, path)
    except UserError as plain:
        try:
            return detect(path, file, given)
        except TooShort:
            raise plain from None
        except UserError as error:
            raise (plain if _says_more(plain) else error) from error
    if given.time or given.time_unit or given.separator or _is_doubtful(file, head):
        try:
            return detect(path, file, given)
        except TooShort:
            return head
    return head


def _says_more(error: UserError) -> bool:
    """Whether the reader of Studio's form knows better what is wrong: with an empty or a foreign file."""
    text = str(error)
    known = ("is empty", "this is a ", "no samples", "no end", "not a moment")
    return "gzip" not in text and any(part in text for part in known)


def _is_doubtful(file: BinaryIO, head: TextHead) -> bool:
    """Whether the first column may be no time in seconds, as Studio's form has it."""
    file.seek(head.data_at)
    lines = file.read(_LOOKED).split(head.newline)[:-1] or [b""]
    rows = [split_row(line.decode("utf-8", "replace")) for line in lines if line.strip()]
    values = [v for row in rows if (v := number(row[0])) is not None and math.isfinite(v)]
    file.seek(0)
    first = file.read(head.data_at).decode("utf-8", "replace").strip().rpartition("\n")[2]
    names = split_row(first.lstrip("#").strip()) if head.data_at else []
    name = names[0] if names and number(names[0]) is None else ""
    if names and number(names[0]) is None and not is_time_name(name):
        return True
    if unit_in(name) not in ("", "s"):
        return True
    if not name and len(values) > 1 and values[1] < values[0]:
        return True  # what stands above the numbers is no sample
    guess = guessed_unit(name, values)
    return len(values) > 2 and values[-1] > values[0] and (guess is None or guess[0] != "s")
