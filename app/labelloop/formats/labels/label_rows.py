"""Rows of label files: taken apart, understood, and written in a file's own dialect."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from labelloop.formats.dotnet import to_text
from labelloop.project.labels import Label

HEADER = "Time(Seconds),Length(Seconds),Label(string),Confidence(double),Comment(string)"

_COLUMNS = ("time", "length", "label", "confidence", "comment")
_SYNONYMS = {"start": "time", "onset": "time", "duration": "length", "class": "label"}
_MEANING = ("start", "length", "class", "confidence", "comment")

Holds = tuple[bool, bool]  # whether a label file has a column for confidence, and one for comments
ALL: Holds = (True, True)

_QUOTED = r'[ \t]*+"(?:[^"]|"")*+"[ \t]*+(?=[,\r\n]|\Z)'
_FIELD = rf"(?:{_QUOTED}|[^,\r\n]*+)"
_SPLIT = re.compile(rf"({_FIELD})(,|\Z)")
RECORD = re.compile(rf"({_FIELD}(?:,{_FIELD})*+)(\r\n|\n|\r|\Z)")
LINE = re.compile(r"([^\r\n]*+)(\r\n|\n|\r|\Z)")
_NEEDS_QUOTES = re.compile(r'[,"\r\n]|^[ \t]|[ \t]$')


def split_row(row: str) -> list[str]:
    """The fields of a row, without the space around them and without quotes.

    >>> split_row('1, 2,"a, b" ,')
    ['1', '2', 'a, b', '']
    """
    if '"' not in row:
        return [field.strip(" \t") for field in row.split(",")]
    return [_unquoted(match[1]) for match in _matches(row)]


def _matches(row: str) -> list[re.Match[str]]:
    found: list[re.Match[str]] = []
    position = 0
    while match := _SPLIT.match(row, position):
        found.append(match)
        if not match[2]:
            break
        position = match.end()
    return found


def _unquoted(field: str) -> str:
    plain = field.strip(" \t")
    if len(plain) > 1 and re.fullmatch(_QUOTED, plain):
        return plain[1:-1].replace('""', '"')
    return plain


def _quoted(field: str) -> str:
    if _NEEDS_QUOTES.search(field):
        return '"' + field.replace('"', '""') + '"'
    return field


def column_places(header: str) -> tuple[int, ...]:
    """Where start, length, class, confidence and comment stand in a header; -1 for one that is not there."""
    names = []
    for field in split_row(header.strip(" \t#")):
        word = re.match(r"[ #]*([a-z]+)", field.lower())
        names.append(_SYNONYMS.get(word[1], word[1]) if word else "")
    return tuple(names.index(column) if column in names else -1 for column in _COLUMNS)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file writes its rows: the places of the columns, and the space after commas and at the end."""

    places: tuple[int, ...] = (0, 1, 2, 3, 4)
    columns: int = 5
    comma: str = ","
    tail: str = ""

    def like(self, sample: str) -> Dialect:
        """The dialect with the columns and spaces of a sample row (or header)."""
        matches = _matches(sample)
        comma = ", " if len(matches) > 1 and matches[1][1].startswith(" ") else ","
        last = matches[-1][1]
        tail = last[len(last.rstrip(" \t")) :]
        if comma == ", " and not last.strip(" \t"):
            tail = tail[1:]
        return Dialect(self.places, max(len(matches), self._least()), comma, tail)

    def _least(self) -> int:
        return max(self.places[:3]) + 1

    @property
    def holds(self) -> Holds:
        """Which of confidence and comment the file has a column for."""
        return self.places[3] >= 0, self.places[4] >= 0

    def read(self, row: str) -> Label:
        """The label of a row. Raises ValueError with the reason when the row is none."""
        fields = split_row(row)
        if len(fields) < self._least():
            raise ValueError(f"it has {_columns(len(fields))} where start, length and class are needed")
        known = max(*self.places, self.columns - 1) + 1
        if any(fields[known:]):
            raise ValueError(
                f"it has {_columns(len(fields))} where the header has {known}; "
                "a comma inside a class or comment needs quotes around it"
            )
        start, length, name, confidence, comment = (
            fields[place] if 0 <= place < len(fields) else "" for place in self.places
        )
        return Label(
            _number(start, "start"),
            _length(length),
            name,
            _number(confidence, "confidence") if confidence else 1.0,
            comment,
            source_text=row,
        )

    def write(self, label: Label, template: str = "") -> str:
        """A label as a row; columns that we don't know are those of the row ``template``."""
        values = [to_text(label.start), to_text(label.length), label.name]
        values += [to_text(label.confidence), label.comment]
        fields = split_row(template) if template else []
        needed = [place + 1 for place, value in zip(self.places, values, strict=True) if value != ""]
        fields += [""] * (max(self.columns, *needed) - len(fields))
        for place, value in zip(self.places, values, strict=True):
            if 0 <= place < len(fields):
                fields[place] = value
        return self.comma.join(map(_quoted, fields)) + self.tail


def _columns(count: int) -> str:
    return "1 column" if count == 1 else f"{count} columns"


def _number(text: str, what: str) -> float:
    try:
        value = float(text) if "_" not in text else None
    except ValueError:
        value = None
    if value is None:
        raise ValueError(f"its {what} {_shown(text)} is not a number")
    if not math.isfinite(value):
        raise ValueError(f"its {what} {_shown(text)} is not a finite number")
    return value


def _length(text: str) -> float:
    value = _number(text, "length")
    if value < 0:
        raise ValueError(f"it ends before it starts (length {_shown(text)})")
    return value


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")


def same_row(a: Label, b: Label, holds: Holds = ALL) -> bool:
    """Whether two labels say the same in a label file with these columns."""
    return (
        a.start == b.start
        and a.length == b.length
        and a.name == b.name
        and (a.confidence == b.confidence or not holds[0])
        and (a.comment == b.comment or not holds[1])
    )
