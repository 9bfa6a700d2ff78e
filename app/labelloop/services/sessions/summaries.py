"""What the project file says of a session's labels, taken anew from its track."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from labelloop.formats.improj.project_file import to_dotnet
from labelloop.project.changes import Change
from labelloop.project.session import Session
from labelloop.project.session_changes import SESSION_FIELDS, EditSessions, FieldEdit
from labelloop.storage.saving import totals_of
from labelloop.storage.store import ProjectStore

_STANDING = ("None", "LabelsMissing", "")


def summed_up(store: ProjectStore, session: Session, track: str) -> Session:
    """The session with the counts, date and tags that belong to one of its label tracks."""
    totals = totals_of(store.project.track(session.id, track))
    path = store.label_files[(session.id, track)].file.path
    modified = to_dotnet(path.stat().st_mtime) if path.exists() else "0"
    tags = session.tags if session.tags not in _STANDING else "None" if totals else "LabelsMissing"
    return replace(session, totals=totals, labels_modified=modified, tags=tags)


def field_edits(pairs: Iterable[tuple[Session, Session]]) -> list[Change]:
    """The changes that make sessions what they are now: (before, after) each."""
    by_field: dict[str, list[FieldEdit]] = {}
    for before, after in pairs:
        for name in sorted(SESSION_FIELDS):
            old, new = getattr(before, name), getattr(after, name)
            if old != new:
                by_field.setdefault(name, []).append(FieldEdit(before.id, old, new))
    return [EditSessions(name, tuple(edits)) for name, edits in by_field.items()]
