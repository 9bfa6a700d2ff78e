"""Finding out how a table is written, from its first rows: preamble, header, units, time and channels."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from labelloop.errors import UserError
from labelloop.formats.signals.dialect import (
    COMMENTS,
    DECIMAL_COMMA,
    Dialect,
    TableOptions,
    TooShort,
    open_text,
    pointed,
    separator_of,
    split_line,
)
from labelloop.formats.signals.text import ABSENT, number, shorten, unique_names, wrong
from labelloop.formats.signals.units import (
    CLOCK,
    DATE,
    DATE_AND_CLOCK,
    NUMBER,
    SLOWEST_HZ,
    UNITS,
    TimeColumn,
    clock_seconds,
    date_seconds,
    guessed_unit,
    is_index_name,
    is_time_name,
    unit_in,
)

_LOOKED = 400
_RATE = re.compile(r"(?i)(?:rate|frequency|freq|fs)\D{0,20}?([\d.]+)|([\d.]+)\s*Hz")
_UNITS = frozenset(
    ["s", "ms", "us", "ns", "g", "v", "mv", "uv", "hz", "deg", "rad", "degc", "pa", "a", "%", "n", "m"]
)


def detect(path: Path, file: BinaryIO, options: TableOptions | None = None) -> Dialect:
    """Find out how a table is written, from its first rows.

    Raises:
        UserError: it is no table of numbers, or has no time; the message says what to do.
    """
    given = options or TableOptions()
    text, encoding, compressed = open_text(path, file)
    try:
        lines = [line.rstrip("\n") for _, line in zip(range(_LOOKED * 2), text, strict=False)]
    except (OSError, EOFError, UnicodeError) as error:
        raise wrong(path, None, "its text can't be read; save it as UTF-8.") from error
    finally:
        text.detach()
    rows = _Rows(path, lines, given)
    if len(rows.samples) < 2:
        raise TooShort(path, rows.first + 1)
    found = _understood(path, rows, given)
    return replace(found, encoding=encoding, compressed=compressed)


class _Rows:
    """The first lines of a table taken apart: preamble, header, units, rows of samples."""

    def __init__(self, path: Path, lines: Sequence[str], options: TableOptions) -> None:
        self.lines = list(lines)
        stated = next((line[4:5] for line in lines[:1] if line.lower().startswith("sep=")), "")
        self.separator = options.separator or stated or separator_of(lines)
        self.decimal = options.decimal or self._decimal()
        self.comment = next((c for c in COMMENTS if any(x.lstrip().startswith(c) for x in lines)), "")
        split = [split_line(line, self.separator) for line in lines]
        self.fields = [[pointed(f, self.decimal) for f in row] for row in split]
        self.first = self._first_row(path)
        self.header = self._header()
        width = len(self.fields[self.first])
        self.samples = [f for f in self.fields[self.first :] if len(f) == width and any(f)]
        self.width = width - 1 if width > 1 and all(not f[-1] for f in self.samples) else width
        self.units = self._units()

    def _decimal(self) -> str:
        """A comma where fields are written with one and none with a point."""
        if self.separator == ",":
            quoted = [f for line in self.lines[1:60] if '"' in line for f in split_line(line, ",")]
            return "," if any(DECIMAL_COMMA.fullmatch(f) for f in quoted) else "."
        fields = [f for line in self.lines[:200] for f in split_line(line, self.separator)]
        commas = sum(bool(DECIMAL_COMMA.fullmatch(f)) for f in fields)
        points = sum(bool(re.fullmatch(r"[+-]?\d+\.\d+(?:[eE][+-]?\d+)?", f)) for f in fields)
        return "," if commas > points else "."

    def _is_sample(self, fields: Sequence[str]) -> bool:
        """Whether a row holds values: more of them than texts, and at least one."""
        held = [f for f in fields if f]
        values = sum(_is_value(f) for f in held)
        return values > 0 and values * 2 >= len(held)

    def _first_row(self, path: Path) -> int:
        """The first line of the longest run of rows of one width."""
        widths = Counter(len(f) for f in self.fields if self._is_sample(f))
        if not widths:
            raise wrong(path, None, "there are no rows of numbers in it; choose a table of samples.")
        width = max(widths, key=lambda w: (widths[w], w))
        for at, fields in enumerate(self.fields):
            here = self.lines[at].lstrip()
            if self.comment and here.startswith(self.comment):
                continue
            if len(fields) == width and self._is_sample(fields):
                return at
        raise wrong(path, None, "there are no rows of numbers in it; choose a table of samples.")

    def _header(self) -> list[str]:
        """The names of the columns: the last line before the samples that has as many fields."""
        width = len(self.fields[self.first])
        for at in range(self.first - 1, -1, -1):
            line = self.lines[at].strip()
            bare = line.lstrip("#%/ ") if self.comment else line
            fields = split_line(bare, self.separator)
            if not bare or line.lower().startswith("sep="):
                continue
            fits = len(fields) in (width, width - 1, width + 1) or (at == self.first - 1 and len(fields) > 1)
            if fits and not self._is_sample(fields):
                return self._with_names_above(at, fields)
        return []

    def _with_names_above(self, at: int, fields: list[str]) -> list[str]:
        """The header, or the line above it when this one only has units."""
        above = split_line(self.lines[at - 1].strip().lstrip("#%/ "), self.separator) if at else []
        units = all(map(_is_unit, filter(None, fields)))
        if units and len(above) == len(fields) and not self._is_sample(above):
            self.unit_row = fields
            return above
        return fields

    unit_row: Sequence[str] = ()

    def _units(self) -> list[str]:
        return list(self.unit_row)

    def name(self, column: int) -> str:
        """The name of a column with its unit; empty when there is none."""
        name = self.header[column] if column < len(self.header) else ""
        unit = self.units[column] if column < len(self.units) else ""
        return f"{name} ({unit.strip('()[] ')})" if unit.strip("()[] ") and name else name

    def column(self, k: int) -> list[str]:
        """The fields of a column in the sample."""
        return [row[k] for row in self.samples[:_LOOKED]]


def _is_value(text: str) -> bool:
    return number(text) is not None or clock_seconds(text) is not None or date_seconds(text) is not None


def _is_unit(text: str) -> bool:
    bare = text.strip("()[] ")
    return text[:1] in "([" or bare.casefold() in _UNITS or "/" in bare or "^" in bare or "°" in bare


def _understood(path: Path, rows: _Rows, options: TableOptions) -> Dialect:
    skip = rows.first
    starts = _empatica(rows)
    notes: list[str] = []
    rate = options.rate_hz
    if starts and not rate:
        rate, skip = starts, skip + 2
        rows.samples = rows.samples[2:]
    numeric, texts = _kinds(rows)
    time = _time(path, rows, numeric, options) if not starts else None
    if time is None and not rate:
        rate = _stated_rate(rows)
    if time is None and not rate:
        raise _no_time(path, rows, numeric)
    used = set(time.columns) if time else set()
    extra = {
        k
        for k in numeric
        if k not in used and (_is_index(rows, k, bool(rows.header)) or (time and _is_other_time(rows, k)))
    }
    if time is None:
        extra |= {k for k in numeric if is_time_name(rows.name(k)) and rows.header}
    channels = [k for k in numeric if k not in used | extra]
    if not channels:
        text = "there is no channel beside the time; choose a file with a column of values."
        raise wrong(path, skip + 1, text)
    names = unique_names([rows.header[k] if k < len(rows.header) else "" for k in channels])
    left = [*(_shown(rows, k) for k in sorted(extra)), *(_shown(rows, k) for k in texts if k not in used)]
    if time is not None and not options.time_unit:
        _check_plausible(path, rows, time)
    name = " + ".join(rows.name(k) for k in time.columns if rows.name(k)) if time else ""
    return Dialect(
        "utf-8",
        rows.separator,
        rows.decimal,
        skip,
        len(rows.fields[rows.first]),
        tuple(channels),
        names,
        time,
        rate if time is None else 0.0,
        rows.comment,
        time_name=name,
        texts=tuple(left),
        notes=tuple(notes),
    )


def _shown(rows: _Rows, k: int) -> str:
    return rows.name(k) or f"column {k + 1}"


def _kinds(rows: _Rows) -> tuple[list[int], list[int]]:
    """Columns of numbers, and the others; a column that is always empty is neither."""
    numeric, texts = [], []
    for k in range(rows.width):
        held = [f for f in rows.column(k) if f and f.casefold() not in ABSENT]
        if held and sum(number(f) is not None for f in held) >= 0.5 * len(held):
            numeric.append(k)
        elif held:
            texts.append(k)
    return numeric, texts


def _empatica(rows: _Rows) -> float:
    """The rate of a file whose first row is its start in seconds since 1970 and whose second is the rate."""
    if rows.header or len(rows.samples) < 3:
        return 0.0
    start, rate = ([number(f) or 0.0 for f in row if f] for row in rows.samples[:2])
    plain = len(set(start)) == 1 and start[0] > 1e9 and len(set(rate)) == 1 and 0 < rate[0] <= 1e5
    return rate[0] if plain and len(start) == len(rate) else 0.0


def _stated_rate(rows: _Rows) -> float:
    """The rate that the lines before the table name; 0 when they name none."""
    for line in rows.lines[: rows.first]:
        if found := _RATE.search(line):
            value = number(found[1] or found[2])
            if value and 0 < value < 1e7:
                return value
    return 0.0


def _is_index(rows: _Rows, k: int, named: bool) -> bool:
    """Whether a column counts the rows, by one or round and round."""
    if named and not is_index_name(rows.header[k] if k < len(rows.header) else ""):
        return False
    values = [number(f) for f in rows.column(k)]
    steps = Counter(b - a for a, b in pairwise(values) if a is not None and b is not None)
    return steps.get(1.0, 0) >= 0.9 * max(1, len(values) - 1)


def _is_other_time(rows: _Rows, k: int) -> bool:
    """Whether a column is one more clock: named so, and rising."""
    return is_time_name(rows.name(k)) and _rises(_numbers(rows, k))


def _numbers(rows: _Rows, k: int) -> list[float]:
    return [v for f in rows.column(k) if (v := number(f)) is not None and v == v]


def _rises(values: Sequence[float]) -> bool:
    if len(values) < 2 or values[-1] <= values[0]:
        return False
    back = sum(b < a for a, b in pairwise(values))
    return back <= len(values) // 50  # one that goes back somewhere is told by its line


def _time(path: Path, rows: _Rows, numeric: Sequence[int], options: TableOptions) -> TimeColumn | None:
    """The time column, or None when there is none."""
    if options.time:
        return _named_time(path, rows, options)
    columns = range(rows.width)
    for k in columns:
        if _all(rows, k, date_seconds) and not (_all(rows, k, number) or _all(rows, k, clock_seconds)):
            return _date(rows, k)
    for k in columns:
        if _all(rows, k, clock_seconds):
            return TimeColumn((k,), CLOCK, absolute=True)
    rising = [k for k in numeric if _rises(_numbers(rows, k))]
    named = [k for k in rising if is_time_name(rows.name(k))]
    if not rows.header and not named:
        named = [k for k in rising[:1] if k == numeric[0] and not _is_index(rows, k, False)] or (
            rising[:1] if numeric[:1] == rising[:1] else []
        )
    ranked = sorted(named, key=lambda k: (unit_in(rows.name(k)) != "s", not unit_in(rows.name(k))))
    for k in ranked:
        if (found := _numbers_as_time(rows, k, options)) is not None:
            return found
    if ranked and not options.rate_hz:
        raise _unclear(path, rows, ranked[0])
    return None


def _named_time(path: Path, rows: _Rows, options: TableOptions) -> TimeColumn:
    for k in range(max(rows.width, len(rows.header))):
        if options.time in (rows.name(k), rows.header[k] if k < len(rows.header) else "", str(k + 1)):
            if _all(rows, k, number):
                found = _numbers_as_time(rows, k, options)
                if found is None:
                    raise _unclear(path, rows, k)
                return found
            return TimeColumn((k,), CLOCK, absolute=True) if _all(rows, k, clock_seconds) else _date(rows, k)
    names = ", ".join(shorten(n) for n in rows.header) or f"1 to {rows.width}"
    raise wrong(path, None, f"there is no column '{shorten(options.time)}' (columns: {names}).")


def _numbers_as_time(rows: _Rows, k: int, options: TableOptions) -> TimeColumn | None:
    values = _numbers(rows, k)
    stated = options.time_unit or unit_in(rows.name(k))
    guess = guessed_unit(rows.name(k), values)
    if stated:
        since = values[0] * UNITS[stated] > 1e9
        return TimeColumn((k,), NUMBER, stated, since)
    if guess is None:
        return None
    unit, since = guess
    return TimeColumn((k,), NUMBER, unit, since, guessed=unit != "s")


def _date(rows: _Rows, k: int) -> TimeColumn:
    """A column of dates, with the column of clocks beside it when the dates alone don't move."""
    values = [date_seconds(f) for f in rows.column(k)]
    if len(set(values)) < max(2, len(values) // 2):
        for other in range(rows.width):
            if other != k and _all(rows, other, clock_seconds):
                return TimeColumn((k, other), DATE_AND_CLOCK, absolute=True)
    return TimeColumn((k,), DATE, absolute=True)


def _all(rows: _Rows, k: int, reads: Callable[[str], float | None]) -> bool:
    """Whether nearly all fields of a column are read by a function."""
    held = [f for f in rows.column(k) if f]
    return len(held) > 1 and sum(reads(f) is not None for f in held) >= 0.95 * len(held)


def _check_plausible(path: Path, rows: _Rows, time: TimeColumn) -> None:
    """Refuse times that give a rate or a length that no recording of a sensor has. Raises UserError."""
    values = [v for row in rows.samples[:_LOOKED] if (v := time.seconds(row)) is not None]
    steps = sorted(b - a for a, b in pairwise(values) if b > a)
    if steps and steps[len(steps) // 2] > (1 / SLOWEST_HZ) * (1 + 1e-9):
        raise _unclear(path, rows, time.columns[0])


def _unclear(path: Path, rows: _Rows, k: int) -> UserError:
    first = ", ".join(shorten(f) for f in rows.column(k)[:3])
    return wrong(
        path,
        rows.first + 1,
        f'column "{shorten(_shown(rows, k))}" ({first}, ...) as seconds gives fewer than {SLOWEST_HZ:g} '
        "samples a second: say what it is with --time-unit (s, ms, us, ns), or give --rate HZ.",
    )


def _no_time(path: Path, rows: _Rows, numeric: Sequence[int]) -> UserError:
    names = ", ".join(shorten(n) for n in rows.header[:6])
    has = f"columns: {names}" if names else f"{len(numeric)} columns without names"
    return wrong(
        path,
        rows.first + 1,
        f"there is no time column ({has}): give the samples a second with --rate HZ, or name the column with "
        "--time COLUMN.",
    )
