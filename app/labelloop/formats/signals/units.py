"""The time column of a table: which one it is, its unit, and what its fields are in seconds."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from labelloop.formats.signals.text import number

NUMBER, DATE, CLOCK, DATE_AND_CLOCK = "number", "date", "clock", "date and clock"
UNITS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9, "min": 60.0, "h": 3600.0}
SLOWEST_HZ, LONGEST_S = 0.1, 30 * 86400.0
_SPELLED = {
    "s": ("s", "sec", "secs", "second", "seconds", "sek", "sekunden", "segundos", "secondes"),
    "ms": ("ms", "msec", "msecs", "milli", "millis", "millisec", "millisecond", "milliseconds"),
    "us": ("us", "µs", "μs", "usec", "micro", "micros", "microsecond", "microseconds"),
    "ns": ("ns", "nsec", "nano", "nanos", "nanosecond", "nanoseconds"),
    "min": ("min", "minute", "minutes"),
    "h": ("h", "hour", "hours"),
}
_UNIT_OF = {word: unit for unit, words in _SPELLED.items() for word in words}
_TIMES = frozenset(
    [
        "time",
        "times",
        "t",
        "ts",
        "timestamp",
        "timestamps",
        "timestep",
        "zeit",
        "zeitstempel",
        "tiempo",
        "temps",
        "tempo",
        "elapsed",
        "seconds",
        "sec",
        "secs",
        "second",
        "millis",
        "milliseconds",
        "micros",
        "microseconds",
        "nanos",
        "nanoseconds",
        "clock",
        "datetime",
        "date",
        "epoch",
        "unix",
        "utc",
        "systemtime",
        "devicetime",
        "sampletime",
    ]
)
_INDEXES = frozenset(
    [
        "index",
        "idx",
        "id",
        "no",
        "nr",
        "n",
        "row",
        "rows",
        "sample",
        "samples",
        "sampleindex",
        "counter",
        "count",
        "packet",
    ]
)
_SHORT = ("s", "h")  # units that are names of other things when they stand alone
_DIGITS = re.compile(r"[+-]?\d{9,}")


@dataclass(frozen=True, slots=True)
class TimeColumn:
    """Where a table's time stands and what it is in.

    ``columns`` has one place, or those of date and clock. ``unit`` is of numbers. ``absolute`` says that the
    times are of a calendar, so that the first sample becomes second 0. ``guessed`` says that the values, not
    the name, told the unit.
    """

    columns: tuple[int, ...]
    kind: str = NUMBER
    unit: str = "s"
    absolute: bool = False
    guessed: bool = False

    def seconds(self, fields: Sequence[str]) -> float | None:
        """The time of a row in seconds (of the calendar where it is absolute); None when it is none."""
        texts = [fields[k] if k < len(fields) else "" for k in self.columns]
        if self.kind == NUMBER:
            value = number(texts[0])
            return None if value is None or not math.isfinite(value) else value * UNITS[self.unit]
        if self.kind == CLOCK:
            return clock_seconds(texts[0])
        return date_seconds(" ".join(texts))


def words_of(name: str) -> list[str]:
    """A column's name as single words in lower case.

    >>> words_of("Time (ms)"), words_of("seconds_elapsed"), words_of("sampleTime")
    (['time', 'ms'], ['seconds', 'elapsed'], ['sample', 'time'])
    """
    spaced = re.sub(r"([a-z])([A-Z])", r"\1 \2", name)
    return [word for word in re.split(r"[^\wµμ]+|_", spaced.casefold()) if word]


def is_time_name(name: str) -> bool:
    """Whether a column's name says that it holds times."""
    words = words_of(name)
    return bool(words) and (words[0] in _TIMES or words[-1] in _TIMES or "".join(words) in _TIMES)


def is_index_name(name: str) -> bool:
    """Whether a column's name says that it counts rows; pandas leaves it empty."""
    words = words_of(name)
    joined = "".join(words)
    return not words or joined in _INDEXES or joined.startswith("unnamed") or words == ["sample", "index"]


def unit_in(name: str) -> str:
    """The unit that a column's name gives its times; empty when it gives none."""
    words = words_of(name)
    found = [_UNIT_OF[w] for w in words if w in _UNIT_OF and (w not in _SHORT or len(words) > 1)]
    return found[-1] if found else ""


def guessed_unit(name: str, values: Sequence[float]) -> tuple[str, bool] | None:
    """The unit of numbers that rise, and whether they count from 1970; None when none makes sense of them."""
    steps = sorted(b - a for a, b in pairwise(values) if b > a)
    if not steps:
        return None
    step, whole = steps[len(steps) // 2], all(v == int(v) for v in values)
    for least, unit in ((1e17, "ns"), (1e14, "us"), (1e11, "ms")):
        if values[0] > least and whole:
            return unit, True
    if 1e9 < values[0] < 4e9:
        return "s", True
    stamp = bool(words_of(name)) and words_of(name)[0] in ("timestamp", "timestamps", "ts", "stamp")
    if step <= 1 / SLOWEST_HZ and not (stamp and whole and step > 1):
        return "s", False
    for unit in ("ms", "us", "ns"):
        if step * UNITS[unit] <= 1.0 and whole:
            return unit, False
    return None


def date_seconds(text: str) -> float | None:
    """A date with a time of day, in seconds since 1970; without a zone it counts as UTC."""
    text = text.strip()
    if len(text) < 6 or _DIGITS.fullmatch(text):
        return None
    found = _iso_date(text) or _loose_date(text)
    if found is None:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _iso_date(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _loose_date(text: str) -> datetime | None:
    """A date as people write it, day before month where a month can't be."""
    if not re.search(r"\d[-/.]\d|\d [A-Za-z]{3}|[A-Za-z]{3} \d", text):
        return None
    from dateutil import parser

    try:
        return parser.parse(text.replace(",", "."), dayfirst=not re.match(r"\d{4}", text))
    except (ValueError, OverflowError):
        return None


def clock_seconds(text: str) -> float | None:
    """A time of day such as 12:30:05.25, or minutes and seconds, in seconds.

    >>> clock_seconds("01:00:00.5"), clock_seconds("2:03.25"), clock_seconds("x")
    (3600.5, 123.25, None)
    """
    found = re.fullmatch(r"(?:(\d{1,2}):)?(\d{1,2}):(\d{1,2}(?:[.,:]\d+)?)", text.strip())
    if not found:
        return None
    seconds = float(re.sub("[,:]", ".", found[3]))
    return int(found[1] or 0) * 3600 + int(found[2]) * 60 + seconds
