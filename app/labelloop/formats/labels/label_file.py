"""Label files: rows that were not touched are written back as they were read."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Protocol

import numpy as np

from labelloop.errors import UserError, printable
from labelloop.formats.labels.label_rows import (
    ALL,
    HEADER,
    LINE,
    RECORD,
    Dialect,
    Holds,
    column_places,
    same_row,
)
from labelloop.formats.labels.label_table import LabelTable, read_table
from labelloop.project.label_rows import LabelRows, LabelsNow
from labelloop.project.labels import Label

EMPTY_LABELS = HEADER.encode() + b"\n"

_BOM = b"\xef\xbb\xbf"
_INF = math.inf
_STANDARD = (0, 1, 2, 3, 4)
_FIX = "correct or remove the line"


class LabelDocument(Protocol):
    """A label file as it was read. It never changes; ``render`` gives the file for other labels."""

    labels: Sequence[Label]
    warnings: list[str]
    holds: Holds

    def render(self, labels: Iterable[Label]) -> bytes | bytearray:
        """The file with exactly these labels: rows that are there stay, new ones go to their sorted place.

        A label that has a ``source_text`` which means the same is written with it.

        Raises:
            UserError: a class or comment holds characters that a text file can't.
        """
        ...


def parse_labels(data: bytes, where: str) -> LabelDocument:
    """The label file with this content; ``where`` names it in messages.

    Raises:
        UserError: it is no label file, or a row can't be understood.
    """
    table = read_table(data)
    return _read_carefully(data, where) if table is None else _TableDocument(table, where)


def _read_carefully(data: bytes, where: str) -> _RowDocument:
    """The label file read row by row."""
    try:
        text = data.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UserError(
            f"{printable(where)}, line {line}: this is not UTF-8 text, so it is no label file."
        ) from None
    if "\x00" in text:
        raise UserError(f"{printable(where)} holds binary data, so it is no label file.")
    return _Reader(text, where).document(data.startswith(_BOM))


def _lines_of(text: str) -> tuple[list[str], list[str]]:
    """The file's rows (a quoted field may span lines) and what ends each."""
    if not text:
        return [], []
    if '"' not in text and "\r" not in text:
        rows = text.split("\n")
        ends = ["\n"] * (len(rows) - 1) + [""]
        if not rows[-1]:
            rows.pop()
            ends.pop()
        return rows, ends
    pattern = RECORD if '"' in text else LINE
    rows, ends, position = [], [], 0
    while position < len(text):
        match = pattern.match(text, position)
        if match is None or match.end() == position:  # a stray quote: take the line as it is
            match = LINE.match(text, position)
        if match is None:
            break
        rows.append(match[1])
        ends.append(match[2])
        position = match.end()
    return rows, ends


class _Reader:
    """Reads one label file."""

    def __init__(self, text: str, where: str) -> None:
        self.where = where
        self.rows, self.ends = _lines_of(text)
        self.found: list[Label | None] = [None] * len(self.rows)
        self.warnings: list[str] = []
        self.passed: dict[str, list[int]] = {}  # rows left as they are, by what they are
        self.header = self._find_header()
        self.dialect = self._dialect()

    def document(self, bom: bool) -> _RowDocument:
        """The document that the file's rows make."""
        self._read_rows()
        labels = [label for label in self.found if label is not None]
        for why, rows in self.passed.items():
            more = f" (and {len(rows) - 1} more)" if len(rows) > 1 else ""
            self.warnings.append(f"{self._at(rows[0])}: this row{more} {why}; it is left as it is.")
        odd = sum(1 for label in labels if not 0 <= label.confidence <= 1)
        if odd:
            self.warnings.append(_odd_confidences(self.where, odd))
        if labels:
            self.dialect = self.dialect.like(labels[0].source_text)
        return _RowDocument(self, labels, bom)

    def _line(self, index: int) -> int:
        """The line of the file on which a row begins."""
        ends = sum(1 for end in self.ends[:index] if end)
        return 1 + ends + sum(row.count("\n") for row in self.rows[:index])

    def _at(self, index: int) -> str:
        return f"{printable(self.where)}, line {self._line(index)}"

    def _find_header(self) -> int:
        """The index of the header row, -1 when the file begins with a label."""
        for index, row in enumerate(self.rows):
            plain = row.strip()
            if not plain:
                continue
            if -1 not in column_places(row)[:3]:
                return index
            if plain.startswith("#"):
                continue
            if _is_number(plain.split(",")[0]):
                self.warnings.append(f"{printable(self.where)} has no header line.")
                return -1
            raise UserError(
                f"{self._at(index)}: this is no label file, its header is not {HEADER.split(',')[0]},"
                f"{HEADER.split(',')[1]},..."
            )
        self.warnings.append(f"{printable(self.where)} is empty, without a header line.")
        return -1

    def _dialect(self) -> Dialect:
        if self.header < 0:
            return Dialect()
        row = self.rows[self.header]
        plain = Dialect(column_places(row))
        return plain.like(row)

    def _read_rows(self) -> None:
        """Understand the rows behind the header; the plain ones at once, the others with care."""
        found, rows, first = self.found, self.rows, self.header + 1
        quick = self.dialect.places == _STANDARD and self.dialect.columns == 5
        for index in range(first, len(rows)):
            row = rows[index]
            parts = row.split(",")
            if quick and len(parts) == 5 and '"' not in row:
                a, b, name, c, comment = parts
                try:
                    start, length, confidence = float(a), float(b), float(c)
                except ValueError:
                    found[index] = self._read_carefully(index)
                    continue
                name = name.strip(" \t")
                if (
                    0 <= length < _INF
                    and start > -_INF
                    and start + length < _INF
                    and -_INF < confidence < _INF
                    and name
                    and not ("_" in row and ("_" in a or "_" in b or "_" in c))
                    and not name.isspace()
                ):
                    comment = comment.strip(" \t") if comment else ""
                    found[index] = Label(start, length, name, confidence, comment, source_text=row)
                    continue
            found[index] = self._read_carefully(index)

    def _read_carefully(self, index: int) -> Label | None:
        row = self.rows[index]
        plain = row.strip()
        if not plain.strip(", \t") or plain.startswith("#"):
            return None
        if self.header >= 0 and row == self.rows[self.header]:
            self._pass(index, "repeats the header")
            return None
        try:
            label = self.dialect.read(row)
        except ValueError as error:
            raise UserError(f"{self._at(index)}: this label can't be used, {error}; {_FIX}.") from None
        if not label.end < _INF:
            raise UserError(f"{self._at(index)}: this label can't be used, its end is too far away; {_FIX}.")
        if not label.name.strip():
            self._pass(index, "has no class")
            return None
        return label

    def _pass(self, index: int, why: str) -> None:
        self.passed.setdefault(why, []).append(index)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _odd_confidences(where: str, count: int) -> str:
    return f"{printable(where)}: {count} confidences are not 0 to 1."


def _text_of(dialect: Dialect, label: Label) -> str:
    """A row for a label that is not in the file: as it was once read if that means the same."""
    raw = label.source_text
    if raw:
        try:
            if same_row(dialect.read(raw), label, dialect.holds):
                return raw
        except ValueError:
            raw = ""
    return dialect.write(label, raw)


def _encoded(text: str) -> bytes:
    if "\x00" in text:
        raise UserError("A class or comment holds a null character, which a label file can't.")
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        bad = printable(text[error.start : error.end])
        raise UserError(f"A class or comment holds {bad}, which can't be written as text.") from None


class _TableDocument:
    """A large file of plain rows: what did not change is copied as it is."""

    def __init__(self, table: LabelTable, where: str) -> None:
        self._table, self._where = table, where
        self._rows = LabelRows(table.starts, table.lengths, table.names, table.classes, table.make)
        self.labels: Sequence[Label] = self._rows
        self.warnings = [_odd_confidences(where, table.odd)] if table.odd else []
        self.holds = ALL

    def render(self, labels: Iterable[Label]) -> bytes | bytearray:
        """The file with exactly these labels. Raises UserError."""
        if isinstance(labels, LabelRows):
            labels = LabelsNow(labels, frozenset(), ())
        if not isinstance(labels, LabelsNow) or labels.rows is None:
            return _read_carefully(self._table.data, self._where).render(labels)
        if labels.rows.starts is not self._table.starts:
            return _read_carefully(self._table.data, self._where).render(labels)
        gone = set(labels.gone)
        fresh = [label for label in labels.fresh if not self._stays(label, gone)]
        if not gone and not fresh:
            return self._table.data
        new = [(self._row_behind(label, gone), self._line_of(label)) for label in fresh]
        return self._table.spliced(np.array(sorted(gone), np.int64), new)

    def _stays(self, label: Label, gone: set[int]) -> bool:
        """Whether a label is written as a row that was taken out for it, which then stays."""
        row = self._rows.at(label.start)
        if row is None or row not in gone or self._table.text(row) != label.source_text:
            return False
        if not same_row(self._table.make(row), label):
            return False
        gone.remove(row)
        return True

    def _row_behind(self, label: Label, gone: set[int]) -> int:
        """Before which row a new label goes."""
        row = int(np.searchsorted(self._table.starts, label.start))
        if row < len(self.labels) and row not in gone and self._table.starts[row] == label.start:
            row += self._table.make(row).key() <= label.key()
        return row

    def _line_of(self, label: Label) -> bytes:
        return _encoded(_text_of(self._table.dialect, label)) + self._table.newline


class _RowDocument:
    """A label file that was read row by row."""

    def __init__(self, reader: _Reader, labels: list[Label], bom: bool) -> None:
        self.labels: Sequence[Label] = labels
        self.warnings = reader.warnings
        self._rows = reader.rows
        self._ends = reader.ends
        self._found = reader.found
        self._header = reader.header
        self._dialect = reader.dialect
        self.holds = reader.dialect.holds
        self._bom = bom

    @cached_property
    def _stock(self) -> tuple[Counter[str], dict[str, Label]]:
        """How often each row's text occurs, and the label that it means."""
        texts = Counter(label.source_text for label in self.labels)
        return texts, {label.source_text: label for label in self.labels}

    def render(self, labels: Iterable[Label]) -> bytes:
        """The file with exactly these labels. Raises UserError."""
        counts, meaning = self._stock
        kept: dict[str, int] = {}
        fresh: list[Label] = []
        total = 0
        for label in labels:
            raw = label.source_text
            known = meaning.get(raw)
            count = kept.get(raw, 0)
            if (
                known is not None
                and count < counts[raw]
                and (known is label or same_row(known, label, self.holds))
            ):
                kept[raw] = count + 1
                total += 1
            else:
                fresh.append(label)
        if not fresh and total == len(self.labels):
            return self._encode(zip(self._rows, self._ends, strict=True))
        fresh.sort(key=Label.key, reverse=True)
        return self._encode(self._merged(kept, fresh))

    def _merged(self, kept: dict[str, int], waiting: list[Label]) -> list[tuple[str, str]]:
        """The rows to write and their line endings; ``waiting`` has the new labels, last one first."""
        out: list[tuple[str, str]] = []
        place, labels = 0, 0  # where labels behind the last one go
        for row, end, label in zip(self._rows, self._ends, self._found, strict=True):
            if label is not None:
                if not kept.get(row):
                    continue
                kept[row] -= 1
                labels += 1
                while waiting and waiting[-1].key() < label.key():
                    out.append((_text_of(self._dialect, waiting.pop()), ""))
            out.append((row, end))
            if label is not None or (not labels and row.strip()):
                place = len(out)
        if waiting and not place:
            out.insert(0, (HEADER, ""))
            place = 1
        out[place:place] = [(_text_of(self._dialect, label), "") for label in reversed(waiting)]
        return out

    def _encode(self, rows: Iterable[tuple[str, str]]) -> bytes:
        newline = next((end for end in self._ends if end), "\n")
        parts: list[str] = []
        for row, end in rows:
            parts += [row, end or newline]
        if parts and self._ends and not self._ends[-1]:
            parts[-1] = ""
        return (_BOM if self._bom else b"") + _encoded("".join(parts))
