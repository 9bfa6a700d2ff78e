"""Label tracks of one session: new, rename, duplicate, delete; each is one change."""

from __future__ import annotations

from labelloop.errors import UserError, printable
from labelloop.formats.paths import track_file_name
from labelloop.project.changes import Change, Compound
from labelloop.project.label_changes import AttachTrack, EditLabels
from labelloop.project.session import Session, TrackRef
from labelloop.project.session_changes import EditSessions, FieldEdit
from labelloop.storage.store import ProjectStore


def change(store: ProjectStore, session: Session, word: str, rest: str) -> str:
    """Carry out ``new NAME``, ``rename A=B``, ``duplicate A=B`` or ``delete NAME``; what was done.

    Raises:
        UserError: the words mean nothing, or a track is missing or there already.
    """
    if word == "new":
        return new(store, session, rest)
    if word == "delete":
        return delete(store, session, rest)
    if word in ("rename", "duplicate", "copy"):
        old, equals, new_name = rest.partition("=")
        if not equals:
            old, new_name = session.label_track, rest
        verb = rename if word == "rename" else duplicate
        return verb(store, session, old.strip(), new_name.strip())
    raise UserError(f"'{printable(word)}' is no track: write its name, or new, rename, duplicate, delete.")


def _require(store: ProjectStore, session: Session, name: str) -> TrackRef:
    refs = {ref.name: ref for ref in store.project.tracks_of(session.id) if ref.is_label}
    if name not in refs:
        known = ", ".join(map(printable, refs))
        raise UserError(f"There is no label track '{printable(name)}' (tracks: {known}).")
    return refs[name]


def _fresh(store: ProjectStore, session: Session, name: str) -> list[Change]:
    """The changes that bring an empty new track, also when its file holds labels from earlier."""
    if not name or not name.isprintable() or any(char in name for char in "/\\"):
        raise UserError("A track needs a name of letters, digits, spaces.")
    ref = new_track_ref(store, session, name)
    parts: list[Change] = [AttachTrack(session.id, ref)]
    if name not in {r.name for r in store.project.tracks_of(session.id)}:
        left = tuple(store.left_behind(session, ref))
        if left:
            parts.append(EditLabels(session.id, name, left))
    return parts


def _activate(session: Session, ref: TrackRef) -> list[Change]:
    return [
        EditSessions("label_track", (FieldEdit(session.id, session.label_track, ref.name),)),
        EditSessions("label_file", (FieldEdit(session.id, session.label_file, ref.file),)),
    ]


def new(store: ProjectStore, session: Session, name: str) -> str:
    """An empty track, the active one from now on. Raises UserError."""
    parts = [*_fresh(store, session, name), *_activate(session, new_track_ref(store, session, name))]
    store.editor.apply(Compound(tuple(parts)), f"track {name} added to {session.name}")
    return f"Track {printable(name)} made; it is the active one."


def duplicate(store: ProjectStore, session: Session, old: str, name: str) -> str:
    """A copy of a track, the active one from now on. Raises UserError."""
    parts = _copied(store, session, old, name)
    store.editor.apply(Compound(tuple(parts)), f"track {old} copied to {name} in {session.name}")
    return f"Track {printable(name)} made from {printable(old)}; it is the active one."


def _copied(store: ProjectStore, session: Session, old: str, name: str) -> list[Change]:
    _require(store, session, old)
    parts = _fresh(store, session, name)
    labels = tuple(store.project.track(session.id, old))
    if labels:
        parts.append(EditLabels(session.id, name, (), labels))
    return [*parts, *_activate(session, new_track_ref(store, session, name))]


def rename(store: ProjectStore, session: Session, old: str, name: str) -> str:
    """Another name, and a file named after it; the old file goes when the new one is saved. Raises UserError.

    What the old file holds besides labels, such as comments, is kept in the conflicts folder.
    """
    ref = _require(store, session, old)
    parts = _copied(store, session, old, name)
    if old != session.label_track:
        parts = [part for part in parts if not isinstance(part, EditSessions)]
    labels = tuple(store.project.track(session.id, old))
    if labels:
        parts.append(EditLabels(session.id, old, labels))
    parts.append(AttachTrack(session.id, ref, attached=False))
    store.editor.apply(Compound(tuple(parts)), f"track {old} renamed to {name} in {session.name}")
    return f"Track {printable(old)} is now {printable(name)}."


def delete(store: ProjectStore, session: Session, name: str) -> str:
    """Take a track out of its session; its file stays on disk.

    Raises:
        UserError: there is no such track, or it is the only one.
    """
    ref = _require(store, session, name)
    others = [r for r in store.project.tracks_of(session.id) if r.is_label and r.name != name]
    if not others:
        raise UserError(f"{printable(name)} is the only label track of {printable(session.name)}: it stays.")
    parts: list[Change] = _activate(session, others[0]) if name == session.label_track else []
    parts.append(AttachTrack(session.id, ref, attached=False))
    store.editor.apply(Compound(tuple(parts)), f"track {name} taken out of {session.name}")
    return f"Track {printable(name)} taken out; its file stays on disk."


def new_track_ref(store: ProjectStore, session: Session, track: str) -> TrackRef:
    """Where a new label track of a session is kept: beside its recording, by Studio's rule for names.

    One that was taken out of the session a moment ago gets its file back; a file that is there already, or
    that another track has, is left alone: the new one gets a number.
    """
    if away := store.project.file_of_track_away(session.id, track):
        return TrackRef(track, away)
    folder, _, file = session.data_file.rpartition("/")
    session_file = session.session_file.rpartition("/")[2]
    stem = file.rpartition(".")[0]
    flat = session_file.rpartition(".")[0] == stem and stem not in ("data", folder.rpartition("/")[2])
    name = track_file_name(track, stem if flat else "")
    return TrackRef(track, store.track_files.place(session, track, f"{folder}/{name}" if folder else name))
