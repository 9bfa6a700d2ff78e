"""The head of a .csv or .data signal file: its dialect, its columns and where the samples begin."""

from __future__ import annotations

import contextlib
import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from labelloop.errors import UserError, printable

MAX_LINE = 4 << 20  # a longer line is no line of samples
_HEAD = 1 << 16
_BOM = b"\xef\xbb\xbf"
_WIDE_BOMS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_SIGNATURES = {b"\x89HDF": "HDF5", b"PK\x03\x04": "zip or Excel", b"\x1f\x8b": "gzip", b"%PDF": "PDF"}
_ABSENT = (
    "#n/a|#n/a n/a|#na|-1.#ind|-1.#qnan|-nan|1.#ind|1.#qnan|<na>|n/a|na|null|nan|none|nil|missing|-|--|?|"
)
ABSENT = frozenset(_ABSENT.split("|"))  # what stands for "no value here", in lower case
ABSENT_SPELLINGS = sorted({f(word) for word in ABSENT for f in (str, str.upper, str.title)} | {"NaN", "-NaN"})


@dataclass(frozen=True, slots=True)
class TextHead:
    """How the samples of a text file are laid out.

    ``columns`` counts the fields of a row that are used, the time columns included, ``fields`` those that it
    has (a trailing comma makes one more). ``data_at`` is the byte where line ``first_line`` (from 1), the
    first row of samples, begins.
    """

    names: tuple[str, ...]
    columns: int
    fields: int
    timecoded: bool
    newline: bytes
    data_at: int
    first_line: int
    first_row: tuple[float, ...]

    @property
    def time_columns(self) -> int:
        """One, or two in prediction tracks, which have a duration beside the time."""
        return 2 if self.timecoded else 1


def wrong(path: Path, line: int | None, text: str) -> UserError:
    """The error for something wrong in a file, at a line when there is one."""
    where = printable(str(path)) + (f", line {line}" if line else "")
    return UserError(f"{where}: {text}")


def shorten(text: str, limit: int = 40) -> str:
    """A value from a file, safe and short enough for a sentence."""
    text = printable(text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def split_row(line: str) -> list[str]:
    """The fields of one line, without the spaces around them."""
    fields = line.split(",")
    if '"' in line:
        with contextlib.suppress(csv.Error):
            fields = next(csv.reader([line], skipinitialspace=True), fields)
    return [field.strip() for field in fields]


def number(field: str) -> float | None:
    """The number that a field holds, NaN where it holds none, None when it is text."""
    if field.casefold() in ABSENT:
        return math.nan
    try:
        return None if "_" in field else float(field)
    except ValueError:
        return None


def parse_row(
    path: Path, line: int, fields: list[str], names: tuple[str, ...], time_columns: int
) -> list[float]:
    """The numbers of one row. Raises UserError for text, and for a time that is not finite."""
    values = []
    for k, field in enumerate(fields):
        value = number(field)
        if value is None or (k == 0 and not math.isfinite(value)):
            name = "time" if k == 0 else "duration" if k < time_columns else names[k - time_columns]
            what = "is not a number" if value is None else "is not a moment"
            held = f'"{shorten(field)}"' if field else "nothing"
            text = f'column "{shorten(name)}" holds {held}, which {what}; correct or remove it.'
            raise wrong(path, line, text)
        values.append(value)
    return values


class _Lines:
    """Lines of the beginning of a file with their byte offsets; reads on as far as needed."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._file, self._path = file, path
        file.seek(0)
        self._data = file.read(_HEAD)
        self._check_start()
        self.offset = len(_BOM) if self._data.startswith(_BOM) else 0
        only_cr = b"\n" not in self._data and b"\r" in self._data
        self.newline = b"\r" if only_cr else b"\n"
        self.line = 0

    def _check_start(self) -> None:
        data, path = self._data, self._path
        if not data.strip(b"\xef\xbb\xbf \t\r\n"):
            raise wrong(path, None, "the file is empty; record it again or remove it.")
        if name := _WIDE_BOMS.get(data[:2]):
            raise wrong(path, 1, f"the text is encoded as {name}; save it as UTF-8.")
        for magic, name in _SIGNATURES.items():
            if data.startswith(magic):
                raise wrong(path, None, f"this is a {name} file, not lines of numbers; export it as CSV.")
        if (at := data.find(b"\0")) >= 0:
            line = data.count(b"\n", 0, at) + 1
            raise wrong(path, line, "there are binary data, not lines of numbers; choose another file.")

    def __iter__(self) -> Iterator[tuple[int, int, str]]:
        """Line number, byte offset and text of each line that is not blank."""
        while self.offset < len(self._data):
            end = self._data.find(self.newline, self.offset)
            while end < 0 and (more := self._file.read(_HEAD * 4)):
                if len(self._data) - self.offset > MAX_LINE:
                    raise wrong(self._path, self.line + 1, "the line has no end; this is no file of samples.")
                self._data += more
                end = self._data.find(self.newline, self.offset)
            start, end = self.offset, len(self._data) if end < 0 else end
            self.offset = end + 1
            self.line += 1
            if text := self._decode(self._data[start:end]):
                yield self.line, start, text

    def _decode(self, raw: bytes) -> str:
        try:
            return raw.decode("utf-8").strip()
        except UnicodeDecodeError as error:
            text = f"byte 0x{raw[error.start]:02x} is not UTF-8; save the file as UTF-8."
            raise wrong(self._path, self.line, text) from error


def read_text_head(file: BinaryIO, path: Path) -> TextHead:
    """Understand header and first row of an open text file. Raises UserError when they make no sense."""
    source = _Lines(file, path)
    lines = iter(source)
    line, offset, text = next(lines, (0, 0, ""))
    header = split_row(text.lstrip("#").strip())
    if header and number(header[0]) is not None:
        header = []
    else:
        line, offset, text = next(lines, (0, 0, ""))
        if not text:
            raise wrong(path, None, "the file has a header but no samples; record it again or remove it.")
    fields = split_row(text)
    names, columns, timecoded = _columns(path, line, header, fields)
    row = parse_row(path, line, fields[:columns], names, 2 if timecoded else 1)
    return TextHead(names, columns, len(fields), timecoded, source.newline, offset, line, tuple(row))


def _columns(
    path: Path, line: int, header: list[str], fields: list[str]
) -> tuple[tuple[str, ...], int, bool]:
    """Channel names, number of columns used, and whether there are two time columns."""
    columns = len(fields)
    if columns > 1 and not fields[-1] and (not header or len(header) < columns or not header[-1]):
        columns -= 1  # every row ends with a comma
    if header and not header[-1]:
        header = header[:-1] if len(header) == columns + 1 else header
    if header and len(header) != columns:
        raise wrong(path, line, f"{columns} values, but the header names {len(header)} columns; correct one.")
    timecoded = columns > 2 and len(header) > 1 and header[1].lower().startswith("duration")
    first = 2 if timecoded else 1
    if columns <= first:
        for mark, name in ((";", "semicolons"), ("\t", "tabs")):
            if any(mark in field for field in header + fields):
                raise wrong(path, line, f"the values are separated by {name}; save the file with commas.")
        raise wrong(path, line, "there is no channel beside the time; choose a file with a column of values.")
    given = header[first:] if header else [""] * (columns - 1)
    return unique_names(given), columns, timecoded


def unique_names(given: list[str]) -> tuple[str, ...]:
    """Channel names that differ: empty ones are numbered, repeated ones get "(2)" and so on."""
    names: dict[str, None] = {}
    for k, name in enumerate(given, 1):
        base = name or f"channel {k}"
        name, again = base, 1
        while name in names:
            again += 1
            name = f"{base} ({again})"
        names[name] = None
    return tuple(names)
