"""A table of any dialect as a source of samples, parsed chunk by chunk by pandas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from labelloop.errors import UserError
from labelloop.formats.signals.dialect import Dialect, open_text, sample_lines, too_long
from labelloop.formats.signals.text import ABSENT_SPELLINGS, number, shorten, wrong
from labelloop.formats.signals.units import CLOCK, LONGEST_S, NUMBER, UNITS, clock_seconds, date_seconds
from labelloop.storage.samples import F32, F64
from labelloop.storage.sink import times_go_back

_ROWS = 1 << 16  # of a chunk
_COUNTED = 1 << 20
_DAY = 86400.0


@dataclass(slots=True)
class TableBlock:
    """Some rows of a table, parsed."""

    row: int
    line: int
    times: F64
    samples: F32

    def parse(self) -> tuple[F64, F32]:
        """Times and samples of these rows."""
        return self.times, self.samples


class TableSource:
    """An open table of a known dialect. ``rows`` is the number of its lines, which is at least its rows."""

    timecoded, window_s = False, 0.0

    def __init__(self, file: BinaryIO, path: Path, dialect: Dialect) -> None:
        self._file, self._path, self._dialect = file, path, dialect
        self.names = dialect.names
        self.rate_hz = 0.0
        self.rows = max(1, self._lines() - dialect.skip)
        self._first: float | None = None
        self._begin: float | None = None
        self._last: float | None = None
        self._days = 0.0

    def _lines(self) -> int:
        """How many lines the text has."""
        text, _, _ = open_text(self._path, self._file)
        try:
            found, data = 0, "\n"
            while part := text.read(_COUNTED):
                found, data = found + part.count("\n"), part
            return found + (not data.endswith("\n"))
        except (OSError, EOFError) as error:
            raise wrong(self._path, None, "the compressed file is damaged; copy it again.") from error
        finally:
            text.detach()

    def blocks(self) -> Iterator[TableBlock]:
        """The rows in blocks."""
        row = 0
        try:
            for table in self._tables():
                block = self._block(table, row)
                if block is not None:
                    row += len(block.times)
                    yield block
        except UserError:
            raise
        except (ValueError, OSError, EOFError, IndexError, RuntimeError) as error:  # as pandas raises them
            raise self._explained() from error
        if not row:
            raise self._explained()

    def _tables(self) -> Any:
        import pandas as pd

        d = self._dialect
        self._file.seek(0)
        texts = d.time is not None and d.time.kind != NUMBER
        kinds: dict[int, Any] = dict.fromkeys(d.channels, np.float64)
        kinds |= dict.fromkeys(d.time.columns if d.time else (), str if texts else np.float64)
        return pd.read_csv(
            self._file,
            sep=r"\s+" if d.separator == " " else d.separator,
            decimal=d.decimal,
            skiprows=d.skip,
            header=None,
            names=list(range(d.columns)),
            dtype=kinds,
            encoding=d.encoding,
            encoding_errors="replace",
            compression="gzip" if d.compressed else None,
            comment=d.comment if len(d.comment) == 1 else None,
            na_values=ABSENT_SPELLINGS,
            skipinitialspace=True,
            chunksize=_ROWS,
            engine="c",
        )

    def _block(self, table: Any, row: int) -> TableBlock | None:
        times = self._times(table, row)
        known = np.isfinite(times)
        if not known.all():
            empty = table[list(self._dialect.channels)].isna().all(axis=1).to_numpy()
            if not empty[~known].all():
                raise self._explained()
            times, table = times[known], table[known]
        if not len(times):
            return None
        line = self._dialect.skip + row + 1
        before = times[0] if self._last is None else self._last
        back = np.flatnonzero(np.diff(times, prepend=before) < 0)
        if len(back):
            at = int(back[0])
            last = float(times[at - 1] if at else before)
            raise times_go_back(self._path, line + at, last, float(times[at]))
        self._last = float(times[-1])
        self._begin = float(times[0]) if self._begin is None else self._begin
        if self._last - self._begin > LONGEST_S and not self._dialect.rate_hz:
            raise too_long(self._path, self._last - self._begin)
        with np.errstate(over="ignore"):
            samples = table[list(self._dialect.channels)].to_numpy(dtype=np.float64).T.astype(np.float32)
        return TableBlock(row, line, times, np.ascontiguousarray(samples))

    def _times(self, table: Any, row: int) -> F64:
        """Seconds of each row, from the first sample on where they are of a calendar."""
        d = self._dialect
        if d.time is None:
            return (row + np.arange(len(table))) / d.rate_hz
        columns = [table[k].to_numpy() for k in d.time.columns]
        if d.time.kind == NUMBER:
            times = self._from_first(columns[0], d.time.absolute) * UNITS[d.time.unit]
            return np.asarray(times, dtype=np.float64)
        texts = [" ".join(map(str, parts)) for parts in zip(*columns, strict=True)]
        if d.time.kind == CLOCK:
            return self._from_first(self._over_midnight([clock_seconds(t) for t in texts]), True)
        return self._from_first(np.array([_or_nan(date_seconds(t)) for t in texts]), True)

    def _from_first(self, values: F64, absolute: bool) -> F64:
        """Numbers less the first one, so that those of a calendar keep their digits."""
        if not absolute:
            return values
        if self._first is None:
            known = values[np.isfinite(values)]
            self._first = float(known[0]) if len(known) else 0.0
        return values - self._first

    def _over_midnight(self, clocks: list[float | None]) -> F64:
        """Times of day that go on rising where a day ends."""
        out, last = [], None
        for clock in clocks:
            value = _or_nan(clock) + self._days
            if last is not None and value < last - _DAY / 2:
                self._days += _DAY
                value += _DAY
            last = value
            out.append(value)
        return np.array(out)

    def _explained(self) -> UserError:
        """What is wrong with the first row that can't be read."""
        d, found = self._dialect, 0
        text, _, _ = open_text(self._path, self._file)
        try:
            for line, raw in sample_lines(d, text):
                found += 1
                fields = d.split(raw)
                if len(fields) not in (d.columns, d.columns - 1, d.columns + 1):
                    hint = f"{len(fields)} values instead of {d.columns}; correct or remove the line."
                    return wrong(self._path, line, hint)
                if d.time is not None and d.time.seconds(fields) is None:
                    held = ", ".join(shorten(fields[k]) for k in d.time.columns if k < len(fields))
                    return wrong(self._path, line, f'"{held}" is no time; correct or remove the line.')
                for k, name in zip(d.channels, d.names, strict=True):
                    if k < len(fields) and fields[k] and number(fields[k]) is None:
                        held = f'column "{shorten(name)}" holds "{shorten(fields[k])}"'
                        why = f"{held}, which is not a number; correct or remove it."
                        return wrong(self._path, line, why)
        except (OSError, EOFError):
            return wrong(self._path, None, "the compressed file is damaged; copy it again.")
        finally:
            text.detach()
        if not found:
            why = "the file has a header but no samples; record it again or remove it."
            return wrong(self._path, None, why)
        return wrong(self._path, d.skip + 1, "the lines from here on can't be read as numbers; correct them.")


def _or_nan(value: float | None) -> float:
    return float("nan") if value is None else value
