"""How a table of any program is written: encoding, separator, decimals, header, time and channels."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from labelloop.errors import UserError
from labelloop.formats.signals.text import shorten, wrong
from labelloop.formats.signals.units import (
    LONGEST_S,
    NUMBER,
    TimeColumn,
)

_SEPARATORS = ";\t,|"
COMMENTS = ("#", "%", "//")
_SAMPLE = 1 << 18
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+(?:[eE][+-]?\d+)?")
_GZIP = b"\x1f\x8b"


class TooShort(UserError):
    """A table of so few rows that they don't tell how it is written."""

    def __init__(self, path: Path, line: int) -> None:
        text = "there are fewer than two rows of numbers; choose a longer table."
        super().__init__(str(wrong(path, line, text)))


@dataclass(frozen=True, slots=True)
class TableOptions:
    """What a user says of a table; what is empty is found out.

    ``time`` names the time column; ``rate_hz`` goes for tables without one. ``separator`` is one character.
    """

    time: str = ""
    time_unit: str = ""
    rate_hz: float = 0.0
    decimal: str = ""
    separator: str = ""

    def __bool__(self) -> bool:
        return self != TableOptions()


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the rows of one table are read.

    ``skip`` lines go before the first row of samples. ``channels`` are the places of the columns that are
    channels, ``names`` their names; ``texts`` names columns that are left out. ``time`` is None where
    ``rate_hz`` tells the times. ``notes`` say in words what else was understood.
    """

    encoding: str
    separator: str
    decimal: str
    skip: int
    columns: int
    channels: tuple[int, ...]
    names: tuple[str, ...]
    time: TimeColumn | None
    rate_hz: float = 0.0
    comment: str = ""
    compressed: bool = False
    time_name: str = ""
    texts: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=(), compare=False)

    def split(self, line: str) -> list[str]:
        """The fields of a line, with points as decimals."""
        return [pointed(f, self.decimal) for f in split_line(line, self.separator)]

    def words(self) -> str:
        """What was understood, for users."""
        marks = {";": "semicolons", "\t": "tabs", ",": "commas", "|": "bars", " ": "spaces"}
        parts = [marks[self.separator] + (", decimal comma" if self.decimal == "," else "")]
        if self.encoding != "utf-8":
            parts.append(self.encoding.upper())
        parts.append(self._time_words())
        parts.append(f"{len(self.channels)} channel{'s' if len(self.channels) != 1 else ''}")
        if self.texts:
            parts.append(f"left out: {', '.join(shorten(t) for t in self.texts[:4])}")
        return ", ".join(parts)

    def _time_words(self) -> str:
        if self.time is None:
            return f"no time column, {self.rate_hz:g} Hz"
        name = f" (column '{shorten(self.time_name)}')" if self.time_name else ""
        if self.time.kind != NUMBER:
            return f"time as {self.time.kind}{name}"
        since = " since 1970" if self.time.absolute else ""
        guessed = ", told by its values" if self.time.guessed else ""
        return f"time in {self.time.unit}{since}{name}{guessed}"


def split_line(line: str, separator: str) -> list[str]:
    """The fields of one line, spaces around them and quotes removed."""
    if separator == " ":
        return line.split()
    if '"' in line:
        try:
            found = next(csv.reader([line], delimiter=separator, skipinitialspace=True))
        except (csv.Error, StopIteration):
            found = line.split(separator)
    else:
        found = line.split(separator)
    return [item.strip() for item in found]


def pointed(text: str, decimal: str) -> str:
    """A field with a point where it has a decimal comma."""
    return text.replace(",", ".") if decimal == "," and DECIMAL_COMMA.fullmatch(text) else text


def open_text(path: Path, file: BinaryIO) -> tuple[io.TextIOWrapper, str, bool]:
    """A table as text, its encoding, and whether it is compressed. Raises UserError for what is no text."""
    file.seek(0)
    start = file.read(2)
    file.seek(0)
    compressed = start == _GZIP
    raw = gzip.GzipFile(fileobj=file) if compressed else file
    try:
        head = raw.read(_SAMPLE)
    except (OSError, EOFError) as error:
        raise wrong(path, None, "the compressed file is damaged; copy it again.") from error
    encoding = _encoding(path, head)
    file.seek(0)
    fresh: BinaryIO = gzip.GzipFile(fileobj=file) if compressed else file  # type: ignore[assignment]
    return io.TextIOWrapper(fresh, encoding=encoding, errors="replace", newline=None), encoding, compressed


def _encoding(path: Path, head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if head.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if b"\0" in head:
        if head[1::2].count(0) > len(head) // 4 and head[::2].count(0) < len(head) // 16:
            return "utf-16-le"
        raise wrong(path, head.count(b"\n", 0, head.index(b"\0")) + 1, "there are binary data, not a table.")
    try:
        head[: head.rfind(b"\n") + 1 or None].decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


def separator_of(lines: Sequence[str]) -> str:
    """The character that cuts most lines into the same number of fields, more than one."""
    kept = [x for x in lines if x.strip() and not x.lstrip().startswith(COMMENTS)][:200]
    best, value = ",", 0.0
    for mark in _SEPARATORS:
        counts = Counter(len(split_line(x, mark)) for x in kept)
        width, rows = max(counts.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        if width > 1 and rows > value:
            best, value = mark, rows
        if mark in ";\t" and width > 1 and rows >= 0.8 * len(kept):
            return mark  # commas beside these are decimals
    if value < 0.5 * len(kept):
        counts = Counter(len(x.split()) for x in kept)
        width, rows = max(counts.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        if width > 1 and rows > value:
            return " "
    return best


def too_long(path: Path, seconds: float) -> UserError:
    """The error for times that span more than any recording does."""
    return wrong(
        path,
        None,
        f"its times span {seconds / 86400:,.0f} days, and a recording {LONGEST_S / 86400:.0f} at most: say "
        "what they are with --time-unit (s, ms, us, ns), or give --rate HZ.",
    )


def form_of(path: Path, file: BinaryIO) -> str:
    """What tables of one program have in common: their header, or the kind of their first line.

    Raises:
        UserError: it is no text.
    """
    text, _, _ = open_text(path, file)
    try:
        first = next((line.strip() for line in text if line.strip()), "")
    except (OSError, EOFError, UnicodeError):
        first = ""
    finally:
        text.detach()
    if re.search("[A-Za-z]", first):
        return first[:2000]
    mark = separator_of([first])
    return f"{len(split_line(first, mark))} columns without names, cut by {mark!r}"


def sample_lines(dialect: Dialect, text: io.TextIOWrapper) -> Iterator[tuple[int, str]]:
    """The number and text of each line of samples, from an open text at its beginning."""
    for n, line in enumerate(text, 1):
        if n <= dialect.skip or not line.strip():
            continue
        if dialect.comment and line.lstrip().startswith(dialect.comment):
            continue
        yield n, line.rstrip("\n")
