"""One table of all sessions' labels: session, start, end, class, confidence, comment."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from labelloop.errors import UserError
from labelloop.formats.labels.plain import fail, label_of, number, seconds, text_of
from labelloop.formats.labels.session_labels import SessionLabels
from labelloop.project.labels import Label

COLUMNS = ("session", "start", "end", "class", "confidence", "comment")
_NEEDED = ("start", "end", "class")
_OTHER_NAMES = {"label": "class", "onset": "start", "offset": "end", "file": "session", "filename": "session"}


def read(data: bytes, where: str) -> list[SessionLabels]:
    """The labels by session; without a session column all are of the one that the file is named after.

    Raises:
        UserError: a column is missing or a row is no label.
    """
    found: dict[str, list[Label]] = {}
    for line, row in _rows(text_of(data, where), where):
        labels = found.setdefault(row.get("session", ""), [])
        if any(row.get(name, "").strip() for name in _NEEDED):
            labels.append(_label(row, where, line))
    return [SessionLabels(name, tuple(labels)) for name, labels in found.items()]


def _rows(text: str, where: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row with the line it begins in, its cells by column."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    columns: list[str] = []
    try:
        for cells in reader:
            if not columns:
                columns = _columns(cells, where)
            elif cells:
                if len(cells) < len(columns):
                    fail(where, line, f"the row has {len(cells)} cells, not {len(columns)}")
                yield line, dict(zip(columns, cells, strict=False))
            line = reader.line_num + 1
    except csv.Error as error:
        fail(where, reader.line_num, f"this can't be read as a table ({error})")
    if not columns:
        raise UserError(f"{where} is empty: a table needs the columns {', '.join(COLUMNS)}.")


def _columns(cells: list[str], where: str) -> list[str]:
    lower = (cell.strip().lower() for cell in cells)
    names = [_OTHER_NAMES.get(name, name) for name in lower]
    if missing := [name for name in _NEEDED if name not in names]:
        fail(where, 1, f"the header lacks the column {missing[0]} (columns: {', '.join(COLUMNS)})")
    return names


def _label(row: Mapping[str, str], where: str, line: int) -> Label:
    start, end = (number(row[name], where, line, name) for name in ("start", "end"))
    sure = row.get("confidence", "").strip()
    confidence = number(sure, where, line, "confidence") if sure else 1.0
    more = {"confidence": confidence, "comment": row.get("comment", "")}
    return label_of(start, end, row["class"], where, line, **more)


def write(sessions: Sequence[SessionLabels]) -> bytes:
    """The table of all sessions, with a row for a session without labels."""
    out = io.StringIO(newline="")
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for session in sessions:
        for x in session.labels:
            times = (seconds(x.start), seconds(x.end))
            table.writerow((session.session, *times, x.name, f"{x.confidence:.10g}", x.comment))
        if not session.labels:
            table.writerow((session.session, "", "", "", "", ""))
    return out.getvalue().encode("utf-8", "replace")
