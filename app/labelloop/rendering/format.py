"""Numbers, times and names as users read them, in a known number of terminal columns."""

from __future__ import annotations

import math
import unicodedata
from functools import lru_cache

from labelloop.errors import printable

DASH = "–"
MINUS = "−"
ELLIPSIS = "…"


@lru_cache(4096)
def _char_width(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def cell_width(text: str) -> int:
    """The terminal columns that ``text`` takes.

    >>> cell_width("down"), cell_width("走る")
    (4, 4)
    """
    return len(text) if text.isascii() else sum(map(_char_width, text))


def clip(text: str, width: int) -> str:
    """``text`` cut, and filled where a wide character does not fit, to exactly ``width`` columns or fewer.

    >>> clip("走る", 3)
    '走 '
    """
    if text.isascii():
        return text[: max(0, width)]
    used = 0
    for i, char in enumerate(text):
        size = _char_width(char)
        if used + size > width:
            return text[:i] + " " * (width - used)
        used += size
    return text


def shorten(text: str, width: int) -> str:
    """Text from anywhere made safe and no wider than ``width``, with an ellipsis where something is missing.

    >>> shorten("background_01", 8)
    'backgro…'
    """
    text = printable(text)
    if cell_width(text) <= width:
        return text
    return clip(text, width - 1).rstrip() + ELLIPSIS if width > 0 else ""


def fit(text: str, width: int, align: str = "left") -> str:
    """``text`` in exactly ``width`` columns, at the left, right or centre."""
    text = shorten(text, width)
    room = width - cell_width(text)
    if align == "right":
        return " " * room + text
    if align == "centre":
        return " " * (room // 2) + text + " " * (room - room // 2)
    return text + " " * room


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun.

    >>> plural(1, "event"), plural(21, "event"), plural(2, "class", "classes")
    ('1 event', '21 events', '2 classes')
    """
    return f"{count} {one if count == 1 else many or one + 's'}"


def clock(seconds: float, decimals: int = 0) -> str:
    """A time as minutes and seconds, with hours when there are any.

    >>> clock(124.1, 1), clock(3725), clock(-3)
    ('2:04.1', '1:02:05', '−0:03')
    """
    if not abs(seconds) < 1e15:
        return DASH
    scale = 10**decimals
    ticks = round(abs(seconds) * scale)
    whole, part = divmod(ticks, scale)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    text = f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minute}:{second:02d}"
    if decimals:
        text += f".{part:0{decimals}d}"
    return (MINUS if seconds < 0 and ticks else "") + text


def duration(seconds: float) -> str:
    """A session's length, a tenth of a second exact below an hour.

    >>> duration(124.08), duration(0), duration(7322.4)
    ('2:04.1', '0:00.0', '2:02:02')
    """
    return clock(seconds, 1 if abs(seconds) < 3600 else 0)


def span(seconds: float) -> str:
    """A short stretch of time with its unit, three digits.

    >>> span(1.21), span(0.031), span(72), span(4000)
    ('1.21 s', '31 ms', '1 min 12 s', '1 h 7 min')
    """
    if not math.isfinite(seconds):
        return DASH
    size = abs(seconds)
    sign = MINUS if seconds < 0 else ""
    if size < 0.0995:
        return f"{sign}{size * 1000:.3g} ms"
    if size < 59.95:
        return f"{sign}{size:.3g} s"
    if size < 3600:
        return f"{sign}{round(size) // 60} min {round(size) % 60} s"
    if size < 86400:
        return f"{sign}{round(size / 60) // 60} h {round(size / 60) % 60} min"
    return f"{sign}{round(size / 3600) // 24} d {round(size / 3600) % 24} h"


def number(value: float, digits: int = 3) -> str:
    """A value to a few digits with a real minus sign.

    >>> number(0.98234), number(-0.1101), number(12345.6), number(float("nan"))
    ('0.982', '−0.110', '12346', '–')
    """
    if not math.isfinite(value):
        return "∞" if value == math.inf else MINUS + "∞" if value == -math.inf else DASH
    size = abs(value)
    if size >= 1e6 or 0 < size < 10 ** -(digits + 1):
        text = f"{size:.{digits - 1}e}"
    else:
        before = len(str(int(size))) if size >= 1 else 0
        text = f"{size:.{max(0, digits - before)}f}"
    return (MINUS if value < 0 and any(c in "123456789" for c in text) else "") + text


def percent(share: float) -> str:
    """A share of one as a percentage.

    >>> percent(0.41), percent(0.004), percent(float("nan"))
    ('41 %', '0.4 %', '–')
    """
    if not math.isfinite(share):
        return DASH
    value = share * 100
    return f"{value:.1f} %" if 0 < value < 0.95 else f"{value:.0f} %"


def rate(hertz: float) -> str:
    """A sampling rate.

    >>> rate(51.98), rate(16000), rate(0.5), rate(0)
    ('52 Hz', '16 kHz', '0.5 Hz', '–')
    """
    if not math.isfinite(hertz) or hertz <= 0:
        return DASH
    for factor, unit in ((1e6, "MHz"), (1e3, "kHz"), (1.0, "Hz")):
        if hertz >= factor * 0.9995 or unit == "Hz":
            value = hertz / factor
            near = abs(value - round(value)) <= 0.01 * value and value >= 10
            return f"{round(value) if near else float(f'{value:.3g}'):g} {unit}"
    return DASH


def count(value: int) -> str:
    """A large number shortened with its unit.

    >>> count(999), count(17_400), count(2_500_000)
    ('999', '17.4 k', '2.50 M')
    """
    for factor, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= factor:
            scaled = abs(value) / factor
            return f"{value / factor:.{2 if scaled < 10 else 1 if scaled < 100 else 0}f} {unit}"
    return str(value)
