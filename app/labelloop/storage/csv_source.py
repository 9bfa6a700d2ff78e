"""Lines of numbers as a source of samples, parsed block by block with pandas' C reader."""

from __future__ import annotations

import io
import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from labelloop.errors import UserError
from labelloop.formats.signals.text import (
    ABSENT_SPELLINGS,
    MAX_LINE,
    TextHead,
    parse_row,
    read_text_head,
    split_row,
    wrong,
)
from labelloop.storage.samples import F32, F64
from labelloop.storage.sink import times_go_back
from labelloop.storage.source import RowsDiffer, changed, pread

_FIRST_BLOCK = 1 << 18  # bytes; small, so that something can be drawn soon
_AT_ONCE = 1 << 20  # up to this many bytes make one block
_BLOCK = 4 << 20
_MOST_IN_BLOCK = 32 << 20
_ROWS_IN_BLOCK = 1024  # at least, when rows are long
_COUNTED = 256 << 20  # bytes; the rows of a longer file are estimated
_PLACES, _PLACE = 64, 1 << 15
_COMMA = 44


@dataclass(slots=True)
class CsvBlock:
    """Some whole lines of a text file, the first of them line ``line`` of the file."""

    path: Path
    head: TextHead
    data: bytes
    row: int
    rows: int
    line: int
    blank: bool

    def parse(self) -> tuple[F64, F32]:
        """Times and samples of these lines. Raises UserError, or RowsDiffer for blank lines."""
        try:
            table = self._table(spaces=False)
        except ValueError:
            table = self._table_or_why()
        if table is None or table.shape[1] != self.rows:
            raise self._explain()
        times = np.ascontiguousarray(table[0])
        self._check_times(times)
        with np.errstate(over="ignore"):
            return times, table[self.head.time_columns : self.head.columns].astype(np.float32)

    def _table_or_why(self) -> F64 | None:
        """The numbers, spaces after commas skipped, which takes longer."""
        try:
            return self._table(spaces=True)
        except ValueError as error:
            raise self._explain() from error

    def _table(self, spaces: bool) -> F64 | None:
        """The numbers (columns, rows), None when lines have the wrong number of fields."""
        import pandas as pd

        data, fields = self.data, self.head.fields
        if b"\0" in data:
            return None
        if self.blank:
            data = self.head.newline.join(x for x in data.split(self.head.newline) if x.strip())
        if b'"' in data:
            data = data.replace(b'"', b"")
        commas = np.count_nonzero(np.frombuffer(data, np.uint8) == _COMMA)
        first = data[: data.find(self.head.newline) % len(data) + 1]
        if commas != self.rows * (fields - 1) or first.count(b",") != fields - 1:
            return None
        table = pd.read_csv(
            io.BytesIO(data),
            header=None,
            names=list(range(fields)),
            index_col=False,
            na_values=ABSENT_SPELLINGS if spaces else None,
            dtype=np.float64,
            engine="c",
            skipinitialspace=spaces or b", " in first,
        )
        return table.to_numpy().T

    def _lines(self) -> Iterator[tuple[int, str]]:
        """The number and the text of each line that is not blank."""
        for k, raw in enumerate(self.data.split(self.head.newline)):
            if raw.strip():
                yield self.line + k, raw.decode("utf-8", "replace").strip()

    def _explain(self) -> Exception:
        """What is wrong with these lines; RowsDiffer when only some of them are blank."""
        known, found = (self.head.columns, self.head.fields), 0
        try:
            for line, text in self._lines():
                found += 1
                if "\0" in text:
                    return wrong(self.path, line, "there are binary data; restore the line or cut the file.")
                fields = split_row(text)
                if len(fields) not in known:
                    hint = f"{len(fields)} values instead of {self.head.columns}; correct or remove the line."
                    return wrong(self.path, line, hint)
                parse_row(self.path, line, fields[: known[0]], self.head.names, self.head.time_columns)
        except UserError as error:
            return error
        if found != self.rows and not self.blank:
            return RowsDiffer()
        return wrong(self.path, self.line, "the lines from here on can't be read as numbers; correct them.")

    def _check_times(self, times: F64) -> None:
        if not np.isfinite(times).all():
            raise self._explain()
        back = np.flatnonzero(times[1:] < times[:-1])
        if len(back):
            row = int(back[0])
            line = next(line for k, (line, _) in enumerate(self._lines()) if k == row + 1)
            raise times_go_back(self.path, line, float(times[row]), float(times[row + 1]))


class CsvSource:
    """An open text file; ``blank`` says that it has blank lines between its rows.

    ``rows`` is the number of rows when ``exact``, else a little more.
    """

    rate_hz = 0.0

    def __init__(self, file: BinaryIO, path: Path, blank: bool = False) -> None:
        self._fd, self._path, self._blank = file.fileno(), path, blank
        self.head = read_text_head(file, path)
        self._end = self._data_end()
        self.names, self.timecoded = self.head.names, self.head.timecoded
        window_s = self.head.first_row[1] if self.timecoded else 0.0
        self.window_s = window_s if math.isfinite(window_s) else 0.0
        self.exact = blank or self._end - self.head.data_at <= _COUNTED
        self.rows = self._count() if self.exact else self._estimate()

    def _data_end(self) -> int:
        """The byte after the last character that is not blank."""
        end = os.fstat(self._fd).st_size
        while end > self.head.data_at:
            start = max(end - (1 << 16), self.head.data_at)
            tail = pread(self._fd, end - start, start, self._path).rstrip()
            if tail:
                return start + len(tail)
            end = start
        return end

    def _count(self) -> int:
        return sum(self._rows_in(data) for data in self._pieces())

    def _estimate(self) -> int:
        """A few more rows than there are, from the density of lines at some places.

        Counting would read all of a long file before any of it can be drawn.
        """
        length = self._end - self.head.data_at
        looked, found = 0, 0
        for k in range(_PLACES):
            at = self.head.data_at + length * k // _PLACES
            data = pread(self._fd, _PLACE, at, self._path)
            looked, found = looked + len(data), found + data.count(self.head.newline)
        return int(length * (found + _PLACES) / max(looked, 1) * 1.02) + 1

    def _rows_in(self, data: bytes) -> int:
        newline = self.head.newline
        if self._blank:
            return sum(1 for line in data.split(newline) if line.strip())
        found = int(np.count_nonzero(np.frombuffer(data, np.uint8) == newline[0]))
        return found + (not data.endswith(newline))

    def _pieces(self) -> Iterator[bytes]:
        """Whole lines in pieces of a few megabytes, the first one small."""
        row_bytes = 4 * self.head.fields
        at, size = self.head.data_at, _FIRST_BLOCK
        if self._end - at <= _AT_ONCE:
            size = _AT_ONCE
        usual = min(max(_BLOCK, row_bytes * _ROWS_IN_BLOCK), _MOST_IN_BLOCK)
        while at < self._end:
            data = pread(self._fd, min(size, self._end - at), at, self._path)
            if not data:
                raise changed(self._path)
            if at + len(data) < self._end:
                cut = data.rfind(self.head.newline) + 1
                if not cut:
                    if size > MAX_LINE:
                        raise wrong(self._path, None, "a line has no end; this is no file of samples.")
                    size *= 4
                    continue
                data = data[:cut]
            yield data
            at, size = at + len(data), usual

    def blocks(self) -> Iterator[CsvBlock]:
        """The lines of samples in blocks."""
        row, line = 0, self.head.first_line
        for data in self._pieces():
            rows = self._rows_in(data)
            if row + rows > self.rows:
                raise changed(self._path) if self.exact else RowsDiffer
            if rows:
                yield CsvBlock(self._path, self.head, data, row, rows, line, self._blank)
            row, line = row + rows, line + (data.count(self.head.newline) if self._blank else rows)
        if self.exact and row != self.rows:
            raise changed(self._path)
