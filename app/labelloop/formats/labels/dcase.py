"""Event lists of DCASE and sed_eval: file, onset, offset and class between tabs."""

from __future__ import annotations

from collections.abc import Sequence

from labelloop.formats.labels.plain import fail, label_of, number, one_line, seconds, text_of
from labelloop.formats.labels.session_labels import SessionLabels
from labelloop.project.labels import Label

_COLUMNS = (
    ("filename", "file", "audio_filename"),
    ("onset",),
    ("offset",),
    ("event_label", "label", "class", "event"),
)
_HEADER = "filename\tonset\toffset\tevent_label"


def read(data: bytes, where: str) -> list[SessionLabels]:
    """The labels of each file that the list names; a list of three columns is of one file, its own name's.

    A file with no event has a row with its name alone.

    Raises:
        UserError: a row is no event.
    """
    found: dict[str, list[Label]] = {}
    order: list[int] | None = None
    for at, line in enumerate(text_of(data, where).split("\n"), 1):
        cells = line.rstrip("\r").split("\t")
        if at == 1 and "onset" in cells:
            order = _order(cells, where)
        elif line.strip():
            named = order is not None and len(cells) > max(order)
            _take([cells[k] for k in order] if order and named else cells, found, where, at)
    return [SessionLabels(name, tuple(labels)) for name, labels in found.items()]


def _order(header: list[str], where: str) -> list[int]:
    """Where file, onset, offset and class stand by the header; a list of one file has no column for it."""
    names = [name.strip().casefold() for name in header]
    out = []
    for known in _COLUMNS:
        at = next((names.index(name) for name in known if name in names), None)
        if at is not None:
            out.append(at)
        elif known is not _COLUMNS[0]:
            fail(where, 1, f"the header has no column {known[0]}")
    return out


def _take(cells: list[str], found: dict[str, list[Label]], where: str, line: int) -> None:
    """Put one row's event to the others of its file."""
    if len(cells) not in (1, 3, 4):
        fail(where, line, "this is no event: file, onset, offset and class between tabs are needed")
    name = "" if len(cells) == 3 else cells[0]
    labels = found.setdefault(name, [])
    rest = cells[-3:] if len(cells) > 1 else []
    if any(cell.strip() for cell in rest):
        start, end = number(rest[0], where, line, "onset"), number(rest[1], where, line, "offset")
        labels.append(label_of(start, end, rest[2], where, line))


def write(sessions: Sequence[SessionLabels]) -> bytes:
    """The list of all sessions' events, with a row for a session without any."""
    rows = [_HEADER]
    for session in sessions:
        name = one_line(session.session)
        for x in session.labels:
            rows.append("\t".join((name, seconds(x.start), seconds(x.end), one_line(x.name))))
        if not session.labels:
            rows.append(f"{name}\t\t\t")
    return ("\n".join(rows) + "\n").encode()
