"""Audacity's label files: a line a label, start, end and text between tabs."""

from __future__ import annotations

from collections.abc import Sequence

from labelloop.formats.labels.plain import fail, label_of, number, one_line, seconds, text_of
from labelloop.formats.labels.session_labels import SessionLabels
from labelloop.project.labels import Label


def read(data: bytes, where: str) -> list[SessionLabels]:
    """The labels of a file; lines of frequencies (they begin with a backslash) are passed over.

    Raises:
        UserError: a line is no label.
    """
    lines = enumerate(text_of(data, where).split("\n"), 1)
    rows = ((at, line.rstrip("\r")) for at, line in lines)
    labels = [_label(row, where, at) for at, row in rows if row.strip() and not row.startswith("\\")]
    return [SessionLabels("", tuple(labels))]


def _label(row: str, where: str, line: int) -> Label:
    cells = row.split("\t", 2)
    if len(cells) != 3:
        fail(where, line, "this is no Audacity label: start, end and class between tabs are needed")
    start, end = number(cells[0], where, line, "start"), number(cells[1], where, line, "end")
    return label_of(start, end, cells[2], where, line)


def write(sessions: Sequence[SessionLabels]) -> bytes:
    """One session's file. Confidence and comment have no place in it."""
    labels = (label for session in sessions for label in session.labels)
    rows = (f"{seconds(x.start)}\t{seconds(x.end)}\t{one_line(x.name)}\n" for x in labels)
    return "".join(rows).encode()
