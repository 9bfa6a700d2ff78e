"""Marks and fields of sessions: done, flag, active tracks, custom columns, whole-session labels, removal."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace

from labelloop.errors import UserError, printable
from labelloop.formats.improj.project_file import to_dotnet
from labelloop.formats.signals.probe import probe_signal
from labelloop.labeling.tracks import cut_out
from labelloop.project.changes import Change, Compound
from labelloop.project.class_changes import SetColumns, class_additions
from labelloop.project.editor import Applied, ProjectEditor
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.project.project import CustomColumn
from labelloop.project.session import Session
from labelloop.project.session_changes import ChangeSessions, EditSessions, FieldEdit, Placed
from labelloop.services.sessions.summaries import field_edits, summed_up
from labelloop.storage.store import ProjectStore
from labelloop.storage.table_options import options_for


def _many(sessions: Sequence[Session]) -> str:
    return printable(sessions[0].name) if len(sessions) == 1 else f"{len(sessions)} sessions"


def toggle_done(editor: ProjectEditor, sessions: Sequence[Session], names: Sequence[str]) -> Applied:
    """Mark sessions as done for classes, or take the marks off when all have them.

    Raises:
        UserError: there is no class.
    """
    if not names:
        raise UserError("The project has no classes yet: add one first.")
    wanted = frozenset(names)
    off = all(wanted <= s.done for s in sessions)
    edits = tuple(FieldEdit(s.id, s.done, s.done - wanted if off else s.done | wanted) for s in sessions)
    which = ", ".join(printable(n) for n in names[:3]) + (" ..." if len(names) > 3 else "")
    verb = "no longer done" if off else "done"
    return editor.apply(EditSessions("done", edits), f"{_many(sessions)} {verb} for {which}")


def set_flag(editor: ProjectEditor, sessions: Sequence[Session], text: str) -> Applied | None:
    """Flag sessions with a comment, or take the flag off with an empty one; None when nothing changes."""
    edits = tuple(FieldEdit(s.id, s.flag, text) for s in sessions if s.flag != text)
    if not edits:
        return None
    title = f"{_many(sessions)} flagged" if text else f"flag taken off {_many(sessions)}"
    return editor.apply(EditSessions("flag", edits), title)


def label_tracks(store: ProjectStore, sessions: Sequence[Session]) -> list[str]:
    """The label tracks that all the sessions have."""
    return _common([store.project.label_tracks_of(s.id) for s in sessions])


def data_tracks(store: ProjectStore, sessions: Sequence[Session]) -> list[str]:
    """The data tracks that all the sessions have."""
    return _common([[r.name for r in store.project.tracks_of(s.id) if r.is_signal] for s in sessions])


def _common(lists: Sequence[list[str]]) -> list[str]:
    first, *rest = lists or [[]]
    return [name for name in first if all(name in other for other in rest)]


def _measured(store: ProjectStore, session: Session, file: str) -> Session:
    """The session with what another recording says of shape, rate and length. Raises UserError."""
    path = store.inside(file, "a recording")
    seen = probe_signal(path, options_for(store.layout.home, path))
    return replace(
        session,
        shape=(len(seen.channels),),
        rate_hz=round(seen.rate_hz, 3),
        start_s=seen.first_s,
        length_s=seen.length_s,
        data_modified=to_dotnet(path.stat().st_mtime),
    )


def activate_track(store: ProjectStore, sessions: Sequence[Session], name: str, what: str) -> Applied | None:
    """Make a track the active ``label track`` or ``data track``; None when it is already."""
    kind = "label" if what == "label track" else "data"
    track_field, file_field = f"{kind}_track", f"{kind}_file"
    changing = [s for s in sessions if getattr(s, track_field) != name]
    if not changing:
        return None
    pairs = []
    for session in changing:
        file = next(r.file for r in store.project.tracks_of(session.id) if r.name == name)
        after = summed_up(store, session, name) if kind == "label" else _measured(store, session, file)
        pairs.append((session, replace(after, **{track_field: name, file_field: file})))  # type: ignore[arg-type]
    parts = field_edits(pairs)
    title = f"{what} {printable(name)} active in {_many(changing)}"
    return store.editor.apply(Compound(tuple(parts)), title)


def set_custom(editor: ProjectEditor, sessions: Sequence[Session], name: str, value: str) -> Applied | None:
    """Set a custom column, made when there is none of that name; None when nothing changes.

    Raises:
        UserError: the column has no name.
    """
    if not name:
        raise UserError("A column needs a name.")
    project = editor.project
    column = next((c for c in project.state.columns if c.name == name), None)
    parts: list[Change] = []
    if column is None:
        column = CustomColumn(str(uuid.uuid4()), name, name)
        parts.append(SetColumns(project.state.columns, (*project.state.columns, column)))
    edits = tuple(
        FieldEdit(s.id, dict(s.custom), {**s.custom, column.id: value})
        for s in sessions
        if s.custom.get(column.id, "") != value
    )
    if edits:
        parts.append(EditSessions("custom", edits))
    if not parts:
        return None
    title = f"{printable(name)} = {printable(value)} in {_many(sessions)}"
    return editor.apply(Compound(tuple(parts)), title)


def label_whole(store: ProjectStore, sessions: Sequence[Session], fallback: str) -> Applied:
    """Label sessions from start to end by hand, with the class that a folder names or the fallback.

    What is labelled there already is cut, as for every label made by hand.

    Raises:
        UserError: no folder of a session names a class and there is no fallback.
    """
    names = {s.id: _class_of_folders(store, s, fallback) for s in sessions}
    parts: list[Change] = list(class_additions(store.project, names.values()))
    for session in sessions:
        label = Label.spanning(session.start_s, session.end_s, names[session.id])
        cut = cut_out(store.project.track(session.id), label.segment)
        parts.append(EditLabels(session.id, session.label_track, cut.removed, (*cut.added, label)))
    return store.editor.apply(Compound(tuple(parts)), f"{_many(sessions)} labelled as a whole")


def _class_of_folders(store: ProjectStore, session: Session, fallback: str) -> str:
    for folder in reversed(session.path.split("/")[:-1]):
        if folder in store.project.class_names:
            return folder
    if fallback:
        return fallback
    raise UserError(f"No folder of {printable(session.path)} is named after a class; choose an active class.")


def remove_sessions(editor: ProjectEditor, sessions: Sequence[Session]) -> Applied:
    """Take sessions out of the project; their files stay on disk."""
    project = editor.project
    members = {name: list(ids) for name, ids in project.state.members.items()}
    removed = []
    for session in sessions:
        place = project.set_of(session.id)
        removed.append(Placed(session, place, members[place].index(session.id)))
        members[place].remove(session.id)
    return editor.apply(ChangeSessions(removed=tuple(removed)))
