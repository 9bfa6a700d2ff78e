"""Writing a project file: the differences between two states as edits of the text."""

from __future__ import annotations

from labelloop.formats.dotnet import to_text
from labelloop.formats.improj.reading import number, total_row, value_row, whole
from labelloop.formats.xml.patch import Entry, Patch
from labelloop.formats.xml.scanner import Element, Node, Style, scan
from labelloop.project.classes import ClassDef
from labelloop.project.project import CustomColumn
from labelloop.project.session import ClassTotal, Session
from labelloop.project.sets import UNASSIGNED, DataSet

NO_SESSION = "00000000-0000-0000-0000-000000000000"
SESSION_ORDER = ("DataFile", "SessionFile", "LabelFile", "Labels", "CustomColumnValues")


def _file(path: str) -> str:
    return path if not path or path.startswith("/") else "/" + path


def _data_attributes(session: Session) -> list[tuple[str, str]]:
    return [
        ("shape", "[" + ",".join(map(str, session.shape)) + "]"),
        ("samplerate", to_text(session.rate_hz)),
        ("modified", session.data_modified),
        ("start", to_text(session.start_s)),
        ("length", to_text(session.length_s)),
    ]


def _own_attributes(session: Session) -> list[tuple[str, str]]:
    return [
        ("name", session.name),
        ("ownerLocked", str(session.locked)),
        ("labelTrack", session.label_track),
        ("dataTrack", session.data_track),
        ("tags", session.tags),
    ]


def data_node(session: Session) -> Node:
    """The DataFile element."""
    return Node("DataFile", _data_attributes(session), _file(session.data_file))


def session_file_node(session: Session) -> Node:
    """The SessionFile element."""
    return Node("SessionFile", (), _file(session.session_file))


def label_file_node(session: Session) -> Node:
    """The LabelFile element."""
    return Node("LabelFile", [("modified", session.labels_modified)], _file(session.label_file))


def total_node(total: ClassTotal) -> Node:
    """One class's total of a session."""
    return Node("Label", [("count", str(total.count)), ("length", to_text(total.length))], total.name)


def totals_node(session: Session) -> Node:
    """The Labels element."""
    return Node("Labels", children=[total_node(total) for total in session.totals])


def value_node(column: str, value: str) -> Node:
    """A session's value in one custom column."""
    return Node("CustomColumnValue", [("columnId", column)], value)


def values_node(session: Session) -> Node:
    """The CustomColumnValues element."""
    return Node("CustomColumnValues", children=[value_node(c, v) for c, v in session.custom.items()])


def session_node(session: Session) -> Node:
    """A session as Studio writes a new one."""
    name, locked, label, data, tags = _own_attributes(session)
    own = [name, ("sessionId", session.id), ("originalSessionId", NO_SESSION), locked, label, data, tags]
    parts = [data_node(session), session_file_node(session)]
    if session.label_file:
        parts.append(label_file_node(session))
    return Node("Session", own, children=[*parts, totals_node(session), values_node(session)])


def symbol_node(value: ClassDef) -> Node:
    """A class in the SymbolMap."""
    return Node("Symbol", [("name", value.name), ("id", str(value.id)), ("weight", to_text(value.weight))])


def set_node(data_set: DataSet, sessions: list[Session]) -> Node:
    """A DataSet with its sessions."""
    labels = "Unassigned" if data_set.id == UNASSIGNED else "Complete"
    own = [("id", data_set.id), ("targetSize", to_text(data_set.target)), ("labels", labels)]
    return Node("DataSet", own, children=[session_node(session) for session in sessions])


def column_node(column: CustomColumn) -> Node:
    """A custom column's definition."""
    own = [("id", column.id), ("name", column.name), ("internalName", column.internal_name or column.name)]
    return Node("CustomColumn", own)


def session_text(text: str, style: Style, element: Element, old: Session, new: Session) -> str:
    """A Session element's text with what differs between the two values changed in it."""
    if element.quick:
        element = scan(text, element.start)
    patch = Patch(text, style)
    _change_attributes(patch, element, _own_attributes(old), _own_attributes(new))
    missing: list[Node] = []
    _change_file(patch, element, "DataFile", data_node(old), data_node(new), missing)
    _change_file(patch, element, "SessionFile", session_file_node(old), session_file_node(new), missing)
    _change_file(patch, element, "LabelFile", label_file_node(old), label_file_node(new), missing)
    if old.totals != new.totals:
        _change_totals(patch, element, new, missing)
    if old.custom != new.custom:
        _change_values(patch, element, new, missing)
    patch.insert(element, missing, SESSION_ORDER)
    return patch.apply(element.start, element.end)


def _change_attributes(
    patch: Patch, element: Element, old: list[tuple[str, str]], new: list[tuple[str, str]]
) -> None:
    for (name, before), (_, after) in zip(old, new, strict=True):
        if before != after:
            patch.attribute(element, name, after)


def _change_file(
    patch: Patch, session: Element, name: str, old: Node, new: Node, missing: list[Node]
) -> None:
    if old == new:
        return
    element = session.first(name)
    if element is None:
        missing.append(new)
    elif name == "LabelFile" and not new.text:
        patch.remove(element)
    else:
        _change_attributes(patch, element, list(old.attributes), list(new.attributes))
        if old.text != new.text:
            patch.value(element, new.text or "")


def _change_totals(patch: Patch, session: Element, new: Session, missing: list[Node]) -> None:
    element = session.first("Labels")
    if element is None:
        missing.append(totals_node(new))
        return
    known = element.all("Label")
    rows = {id(row): total_row(patch.text, row) for row in known}
    left = list(known)
    wanted = []
    for total in new.totals:
        row = next((r for r in left if rows[id(r)][2] == total.name), None)
        if row is None:
            wanted.append(Entry(None, patch.node(element, total_node(total))))
            continue
        left.remove(row)
        change = Patch(patch.text, patch.style)
        old = total_node(total_of(rows[id(row)]))
        _change_attributes(change, row, list(old.attributes), list(total_node(total).attributes))
        wanted.append(Entry(row, change.apply(row.start, row.end)))
    patch.entries(element, known, wanted)


def total_of(row: tuple[str, str, str]) -> ClassTotal:
    """The total that a row of texts gives."""
    return ClassTotal(row[2], whole(row[0]), number(row[1]))


def _change_values(patch: Patch, session: Element, new: Session, missing: list[Node]) -> None:
    element = session.first("CustomColumnValues")
    if element is None:
        missing.append(values_node(new))
        return
    known = element.all("CustomColumnValue")
    wanted: list[Entry] = []
    written: set[str] = set()
    for row in known:
        column, value = value_row(patch.text, row)
        if column not in new.custom:
            continue
        change = Patch(patch.text, patch.style)
        if column not in written and value != new.custom[column]:
            change.value(row, new.custom[column])
        written.add(column)
        wanted.append(Entry(row, change.apply(row.start, row.end)))
    for column, value in new.custom.items():
        if column not in written:
            wanted.append(Entry(None, patch.node(element, value_node(column, value))))
    patch.entries(element, known, wanted)
