"""Changes to and from JSON, for the journal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from labelloop.errors import UserError, printable
from labelloop.project.changes import Change, Compound
from labelloop.project.class_changes import SetClasses, SetColumns, SetLooks, SetTargets
from labelloop.project.classes import ClassDef, ClassLook
from labelloop.project.fitting import field_fits, fits
from labelloop.project.label_changes import AttachTrack, EditLabels
from labelloop.project.labels import Label
from labelloop.project.models import ModelEntry, SetFactory, SetModels, SetWindows
from labelloop.project.project import CustomColumn
from labelloop.project.session import ClassTotal, Session, TrackRef
from labelloop.project.session_changes import (
    ChangeSessions,
    EditSessions,
    FieldEdit,
    MoveSessions,
    Placed,
    SetMove,
)
from labelloop.project.sets import DataSet

Json = dict[str, Any]


def label_to_json(label: Label) -> list[Any]:
    """A label as a short list; what is as usual is left out at the end."""
    full = [label.start, label.length, label.name, label.confidence, label.comment, label.origin,
            label.confirmed, label.source_text]  # fmt: skip
    usual: list[Any] = [None, None, None, 1.0, "", "", True, ""]
    while full[-1] == usual[len(full) - 1]:
        full.pop()
    return full


def label_from_json(data: list[Any]) -> Label:
    """The label that ``label_to_json`` wrote."""
    return Label(*data)


def _value_to_json(field: str, value: object) -> object:
    if field == "done":
        return sorted(cast("frozenset[str]", value))
    if field == "custom":
        return dict(cast("Mapping[str, str]", value))
    if field == "totals":
        return [[t.name, t.count, t.length] for t in cast("tuple[ClassTotal, ...]", value)]
    return list(value) if isinstance(value, tuple) else value


def _value_from_json(field: str, value: Any) -> object:
    if field == "done":
        return frozenset(value)
    if field == "totals":
        return tuple(ClassTotal(*item) for item in value)
    return tuple(value) if field == "shape" else value


_SESSION_KEYS = [name for name in Session.__dataclass_fields__ if name != "message"]


def session_to_json(session: Session) -> Json:
    """All lasting fields of a session."""
    return {name: _value_to_json(name, getattr(session, name)) for name in _SESSION_KEYS}


def session_from_json(data: Json) -> Session:
    """The session that ``session_to_json`` wrote."""
    return Session(**{name: _value_from_json(name, value) for name, value in data.items()})  # type: ignore[arg-type]


def _classes(items: tuple[ClassDef, ...]) -> list[Any]:
    return [[c.name, c.id, c.weight] for c in items]


def _looks(looks: Mapping[str, ClassLook]) -> Json:
    return {name: [look.key, look.color] for name, look in looks.items()}


def _models(items: tuple[ModelEntry, ...]) -> list[Any]:
    return [[m.name, m.id, m.xml] for m in items]


def _columns(items: tuple[CustomColumn, ...]) -> list[Any]:
    return [[c.id, c.name, c.internal_name] for c in items]


def _sets(items: tuple[DataSet, ...]) -> list[Any]:
    return [[s.id, s.target] for s in items]


def _placed(items: tuple[Placed, ...]) -> list[Any]:
    return [[session_to_json(p.session), p.set, p.index] for p in items]


def _placed_back(items: list[Any]) -> tuple[Placed, ...]:
    return tuple(Placed(session_from_json(s), set_name, index) for s, set_name, index in items)


_WRITERS: dict[str, Callable[[Any], Json]] = {
    "labels": lambda c: {
        "session": c.session,
        "track": c.track,
        "removed": [label_to_json(x) for x in c.removed],
        "added": [label_to_json(x) for x in c.added],
    },
    "move": lambda c: {
        "moves": [[m.session, m.from_set, m.from_index, m.to_set, m.to_index] for m in c.moves]
    },
    "sessions": lambda c: {
        "field": c.field,
        "edits": [
            [e.session, _value_to_json(c.field, e.before), _value_to_json(c.field, e.after)] for e in c.edits
        ],
    },
    "classes": lambda c: {"before": _classes(c.before), "after": _classes(c.after)},
    "looks": lambda c: {"before": _looks(c.before), "after": _looks(c.after)},
    "models": lambda c: {"before": _models(c.before), "after": _models(c.after)},
    "factory": lambda c: {"before": list(c.before), "after": list(c.after)},
    "windows": lambda c: {"before": c.before, "after": c.after},
    "columns": lambda c: {"before": _columns(c.before), "after": _columns(c.after)},
    "targets": lambda c: {"before": _sets(c.before), "after": _sets(c.after)},
    "membership": lambda c: {"removed": _placed(c.removed), "added": _placed(c.added)},
    "track": lambda c: {
        "session": c.session,
        "ref": [c.ref.name, c.ref.file, c.ref.kind],
        "attached": c.attached,
    },
    "compound": lambda c: {"title": c.title, "changes": [change_to_json(x) for x in c.changes]},
}

_READERS: dict[str, Callable[[Json], Change]] = {
    "labels": lambda d: EditLabels(
        d["session"],
        d["track"],
        tuple(map(label_from_json, d["removed"])),
        tuple(map(label_from_json, d["added"])),
    ),
    "move": lambda d: MoveSessions(tuple(SetMove(*m) for m in d["moves"])),
    "sessions": lambda d: EditSessions(
        d["field"],
        tuple(
            FieldEdit(sid, _value_from_json(d["field"], before), _value_from_json(d["field"], after))
            for sid, before, after in d["edits"]
        ),
    ),
    "classes": lambda d: SetClasses(
        tuple(ClassDef(*c) for c in d["before"]), tuple(ClassDef(*c) for c in d["after"])
    ),
    "looks": lambda d: SetLooks(
        {k: ClassLook(*v) for k, v in d["before"].items()}, {k: ClassLook(*v) for k, v in d["after"].items()}
    ),
    "models": lambda d: SetModels(
        tuple(ModelEntry(*m) for m in d["before"]), tuple(ModelEntry(*m) for m in d["after"])
    ),
    "factory": lambda d: SetFactory(tuple(map(tuple, d["before"])), tuple(map(tuple, d["after"]))),
    "windows": lambda d: SetWindows(
        tuple(d["before"]) if d["before"] else None, tuple(d["after"]) if d["after"] else None
    ),
    "columns": lambda d: SetColumns(
        tuple(CustomColumn(*c) for c in d["before"]), tuple(CustomColumn(*c) for c in d["after"])
    ),
    "targets": lambda d: SetTargets(
        tuple(DataSet(*s) for s in d["before"]), tuple(DataSet(*s) for s in d["after"])
    ),
    "membership": lambda d: ChangeSessions(_placed_back(d["removed"]), _placed_back(d["added"])),
    "track": lambda d: AttachTrack(d["session"], TrackRef(*d["ref"]), d["attached"]),
    "compound": lambda d: Compound(tuple(change_from_json(c) for c in d["changes"]), d["title"]),
}


def change_to_json(change: Change) -> Json:
    """A change as a JSON object that names its kind."""
    return {"kind": change.kind, **_WRITERS[change.kind](change)}


def change_from_json(data: Json) -> Change:
    """The change that ``change_to_json`` wrote.

    Raises:
        UserError: the object is none that this version writes.
    """
    try:
        change = _READERS[data["kind"]](data)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, OverflowError) as error:
        why = "it may be of a newer version"
        raise UserError(f"A journal entry can't be read ({printable(repr(error))[:200]}): {why}.") from error
    if not isinstance(change, Compound) and not _is_sound(change):
        raise UserError("A journal entry can't be read: its values are of other kinds than they should be.")
    return change


def _is_sound(change: Change) -> bool:
    """Whether all values in a change, at any depth, are of the types they should be."""
    if isinstance(change, EditSessions):
        return all(
            fits(str)(edit.session)
            and field_fits(Session, change.field, edit.before)
            and field_fits(Session, change.field, edit.after)
            for edit in change.edits
        )
    return fits(type(change))(change)
