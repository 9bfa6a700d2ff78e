"""What users type in the viewer: times, whole labels, channels."""

from __future__ import annotations

import fnmatch
import io
import math
import re
import shlex
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from labelloop.errors import UserError, printable
from labelloop.project.labels import Label

_CLOCK = 1e8  # seconds; a recording's clock that has gone this far counts from 1970
_PARTS = re.compile(r"\d+(:\d{1,2}){1,2}(\.\d*)?")


def parse_time(text: str, now: float, first: float = 0.0) -> float:
    """A moment: ``12.5`` and ``1:23.4`` by the session's clock, ``+5`` and ``-3`` from now on.

    Where the clock counts from 1970, ``14:05:30`` is a time of day and ``12.5`` counts from the start.

    Raises:
        UserError: it is no time.

    >>> parse_time("1:23.5", 0), parse_time("+5", 10), parse_time("-0:03", 10), parse_time("7", 10)
    (83.5, 15.0, 7.0, 7.0)
    """
    words = text.strip().replace(",", ".").replace("−", "-")
    sign = words[:1] if words[:1] in ("+", "-") else ""
    seconds = _seconds(words[len(sign) :], text)
    if sign:
        return now + (seconds if sign == "+" else -seconds)
    if first < _CLOCK or seconds >= _CLOCK:
        return seconds
    if ":" not in words:
        return first + seconds
    day = datetime.fromtimestamp(first, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day.timestamp() + seconds


def _seconds(words: str, text: str) -> float:
    if _PARTS.fullmatch(words):
        total = 0.0
        for part in words.split(":"):
            total = total * 60 + float(part)
        return total
    try:
        value = float(words.removesuffix("s").strip())
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise UserError(f"'{printable(text)}' is no time: write 12.5, 1:23.4, +5 or -3.")
    return value


def exact(value: float) -> str:
    """A number in as few digits as give it back."""
    return f"{round(value, 6):.6f}".rstrip("0").rstrip(".") if abs(value) < 1e15 else repr(value)


def label_text(label: Label) -> str:
    """A label as one editable line: class, start, end, confidence, comment.

    >>> label_text(Label(12.01, 1.21, "sit down", 0.9, "late"))
    "'sit down' 12.01 13.22 0.9 late"
    """
    name = shlex.quote(label.name) if label.name.isprintable() else repr(label.name)
    fields = [name, exact(label.start), exact(label.end), exact(label.confidence), label.comment]
    return " ".join(field for field in fields if field)


def parse_label(text: str, label: Label) -> Label:
    """The label that a line like that of ``label_text`` describes; fields that are left out stay.

    A time with a sign counts from the label's own edge. Times that read as those of the label are its own.

    Raises:
        UserError: a field can't be read, or the label would end before it starts.
    """
    rest = io.StringIO(text)
    lexer = shlex.shlex(rest, posix=True)
    lexer.whitespace_split, lexer.commenters = True, ""
    words: list[str] = []
    try:
        while len(words) < 4 and (word := lexer.get_token()) is not None:
            words.append(word)
    except ValueError:
        raise UserError("A quotation mark is missing: put the class in two of them.") from None
    comment = rest.read().strip() if len(words) == 4 else label.comment
    name = words[0] if words else label.name
    start = _edge(words[1], label.start) if len(words) > 1 else label.start
    end = _edge(words[2], label.end) if len(words) > 2 else label.end
    confidence = _confidence(words[3]) if len(words) > 3 else label.confidence
    if exact(confidence) == exact(label.confidence):
        confidence = label.confidence
    if not end > start:
        raise UserError(f"A label can't end ({exact(end)} s) before it starts ({exact(start)} s).")
    same = (start, end) == (label.start, label.end)
    placed = label if same else label.moved(start, end)
    return replace(placed, name=name, confidence=confidence, comment=comment)


def _edge(word: str, own: float) -> float:
    return own if word == exact(own) else parse_time(word, own)


def _confidence(word: str) -> float:
    try:
        value = float(word)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise UserError(f"The confidence is a number from 0 to 1, not '{printable(word)}'.")
    return value


_UNIT = re.compile(r"\s*[\[(]([^\])]{1,6})[\])]\s*$")


def name_and_unit(name: str) -> tuple[str, str]:
    """A channel's name without its unit, and the unit.

    >>> name_and_unit("acc x (g)"), name_and_unit("ax")
    (('acc x', 'g'), ('ax', ''))
    """
    found = _UNIT.search(name)
    return (name[: found.start()], found.group(1)) if found and found.start() else (name, "")


def channel_words(names: Sequence[str]) -> list[str]:
    """A word for each channel that is short to type: without unit and spaces where they still differ.

    >>> channel_words(["acc x (g)", "gyr"])
    ['accx', 'gyr']
    """
    bare = ["".join(name_and_unit(name)[0].split()) for name in names]
    return bare if len(set(bare)) == len(bare) else ["".join(name.split()) for name in names]


def channels_named(text: str, names: Sequence[str], shown: Sequence[int]) -> list[int]:
    """The channels that a list of words means, in its order.

    ``-x`` hides and ``+x`` shows beside those that are shown; otherwise the words are the channels to show.
    Wildcards are allowed; ``*`` adds the rest.

    Raises:
        UserError: a word names no channel.

    >>> channels_named("-b", ["a", "b", "c"], [0, 1, 2]), channels_named("c *", ["a", "b", "c"], [0])
    ([0, 2], [2, 0, 1])
    """
    words = text.split()
    changing = bool(words) and all(word[0] in "+-" and len(word) > 1 and word not in names for word in words)
    chosen = list(shown) if changing else []
    for word in words:
        pattern = word[1:] if changing else word
        found = [k for k, name in enumerate(names) if name == pattern]
        found = found or [k for k, name in enumerate(names) if fnmatch.fnmatchcase(name, pattern)]
        if not found:
            raise UserError(f"There is no channel {printable(pattern)}; tab walks through them.")
        if changing and word[0] == "-":
            chosen = [k for k in chosen if k not in found]
        else:
            chosen += [k for k in found if k not in chosen]
    return chosen
