"""Plain label files of any length, read by columns; rows become labels when they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labelloop.formats.labels.label_rows import Dialect, column_places, split_row
from labelloop.project.labels import Label

I64 = NDArray[np.int64]

SMALLEST = 1 << 16  # bytes; below, reading row by row is as quick
_CHUNK = 8192  # rows; each step of the reading is short, so that it can go on beside the app
_BLOCK = 1 << 20  # bytes that are copied at once, for the same reason
_COMMA, _LF = ord(","), ord("\n")
_BOM = b"\xef\xbb\xbf"
_STANDARD = (0, 1, 2, 3, 4)


class _NotPlain(Exception):
    """The file has something that only the careful reader understands."""


@dataclass(frozen=True, eq=False)
class LabelTable:
    """A label file's rows as byte ranges; ``edges`` has where each begins, and the end of the last."""

    data: bytes
    edges: I64
    newline: bytes
    starts: NDArray[np.float64]
    lengths: NDArray[np.float64]
    names: list[str]
    classes: NDArray[np.intp]
    odd: int  # confidences beyond 0 to 1
    dialect: Dialect

    def text(self, row: int) -> str:
        """A row without its line ending."""
        begin, end = int(self.edges[row]), int(self.edges[row + 1]) - len(self.newline)
        return self.data[begin:end].decode()

    def make(self, row: int) -> Label:
        """The label of a row."""
        text = self.text(row)
        _, _, _, confidence, comment = text.split(",")
        return Label(
            float(self.starts[row]),
            float(self.lengths[row]),
            self.names[int(self.classes[row])],
            float(confidence),
            comment.strip(" \t"),
            source_text=text,
        )

    def spliced(self, gone: I64, new: Sequence[tuple[int, bytes]]) -> bytearray:
        """The file without some rows (sorted) and with new ones, each before a row; both in order."""
        pieces: list[memoryview] = []
        view, at = memoryview(self.data), 0
        cuts: list[tuple[int, int, bytes]] = [(int(self.edges[row]), 0, line) for row, line in new]
        cuts += [(int(self.edges[row]), int(self.edges[row + 1]), b"") for row in gone.tolist()]
        for begin, past, line in sorted(cuts, key=lambda cut: (cut[0], cut[1] > 0)):
            pieces += [view[at:begin], memoryview(line)]
            at = max(at, begin, past)
        return _joined([*pieces, view[at:]])


def _joined(pieces: list[memoryview]) -> bytearray:
    """The pieces one after the other, copied in blocks."""
    out = bytearray(sum(map(len, pieces)))
    at = 0
    for piece in pieces:
        for i in range(0, len(piece), _BLOCK):
            block = piece[i : i + _BLOCK]
            out[at : at + len(block)] = block
            at += len(block)
    return out


def read_table(data: bytes) -> LabelTable | None:
    """The table of a large file of plain rows that are sorted by their starts, else None."""
    if len(data) < SMALLEST or not data.endswith(b"\n") or b'"' in data or b"\x00" in data:
        return None
    newline = b"\n"
    if returns := data.count(b"\r"):
        newline = b"\r\n"
        if returns != data.count(b"\r\n") or returns != data.count(b"\n"):
            return None
    head = data[: data.index(b"\n") + 1]
    try:
        header = head.removeprefix(_BOM).rstrip(b"\r\n").decode()
        if column_places(header) != _STANDARD or len(split_row(header)) != len(_STANDARD):
            return None
        return _Columns(data, header, len(head), newline).table()
    except (_NotPlain, ValueError):  # a UnicodeDecodeError is a ValueError
        return None


class _Columns:
    """Reads one file's columns in chunks of rows."""

    def __init__(self, data: bytes, header: str, first: int, newline: bytes) -> None:
        self.data, self.newline = data, newline
        self.dialect = Dialect().like(header)
        self.edges = _row_edges(data, first)
        count = len(self.edges) - 1
        self.starts, self.lengths = np.empty(count), np.empty(count)
        self.classes = np.empty(count, np.intp)
        self.known: dict[str, int] = {}
        self.names: dict[str, int] = {}
        self.odd = 0

    def table(self) -> LabelTable:
        """All chunks read. Raises _NotPlain."""
        for first in range(0, len(self.starts), _CHUNK):
            self._chunk(first, min(first + _CHUNK, len(self.starts)))
        if not len(self.starts) or not (np.diff(self.starts) > 0).all():
            raise _NotPlain
        sample = self.data[self.edges[0] : self.edges[1] - len(self.newline)].decode()
        parts = (self.edges, self.newline, self.starts, self.lengths, list(self.names), self.classes)
        return LabelTable(self.data, *parts, self.odd, self.dialect.like(sample))

    def _chunk(self, first: int, past: int) -> None:
        part = self.data[self.edges[first] : self.edges[past]]
        marks = np.frombuffer(part, np.uint8)
        marks = marks[(marks == _COMMA) | (marks == _LF)]
        if len(marks) != 5 * (past - first):
            raise _NotPlain
        by_row = marks.reshape(-1, 5)
        if not ((by_row[:, :4] == _COMMA).all() and (by_row[:, 4] == _LF).all()):
            raise _NotPlain
        fields = part.decode().replace("\n", ",").split(",")
        self.starts[first:past] = self._numbers(fields[0:-1:5])
        self.lengths[first:past] = lengths = self._numbers(fields[1::5])
        ends = self.starts[first:past] + lengths
        if not (np.isfinite(ends).all() and (lengths >= 0).all()):
            raise _NotPlain
        confidences = self._numbers(fields[3::5])
        self.odd += int(((confidences < 0) | (confidences > 1)).sum())
        self._take_names(fields[2::5], first, past)

    def _numbers(self, texts: list[str]) -> NDArray[np.float64]:
        numbers = np.fromiter(map(float, texts), np.float64, len(texts))
        if not np.isfinite(numbers).all() or "_" in "".join(texts):
            raise _NotPlain
        return numbers

    def _take_names(self, texts: list[str], first: int, past: int) -> None:
        """Number the classes; a text is looked at once."""
        for text in dict.fromkeys(texts):
            if text not in self.known:
                if not text.strip():
                    raise _NotPlain
                self.known[text] = self.names.setdefault(text.strip(" \t"), len(self.names))
        self.classes[first:past] = np.fromiter(map(self.known.__getitem__, texts), np.intp, len(texts))


def _row_edges(data: bytes, first: int) -> I64:
    """Where each row begins, and the end of the last one."""
    raw = np.frombuffer(data, np.uint8)
    found = [np.array([first], np.int64)]
    for at in range(first, len(raw), _BLOCK):
        found.append(np.flatnonzero(raw[at : at + _BLOCK] == _LF) + (at + 1))
    return np.concatenate(found)
