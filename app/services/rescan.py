"""Noticing what changed on disk: recordings, label files, new recordings."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from app.errors import UserError, printable
from app.formats.improj import to_dotnet
from app.project.change_json import session_to_json
from app.project.changes import Change, Compound
from app.project.session import Session
from app.project.session_changes import EditSessions, FieldEdit
from app.services.create import class_additions
from app.services.discover import data_folder, find_recordings
from app.storage.saving import totals_of
from app.storage.signals import SignalStore
from app.storage.store import ProjectStore


@dataclass
class Rescanned:
    """What a look at the disk found."""

    changed: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    broken: list[tuple[str, str]] = field(default_factory=list)
    new: list[str] = field(default_factory=list)


def rescan(store: ProjectStore) -> Rescanned:
    """Compare the project with the disk and take in what changed: recordings, label files, new ones named."""
    project, found = store.project, Rescanned()
    signals = SignalStore(store.layout.cache)
    changes: list[Change] = []
    names: dict[str, None] = {}
    for session in list(project.sessions()):
        try:
            fresh = _look_again(store, signals, session, names)
        except UserError as error:
            if project.data_path(session).exists():
                found.broken.append((session.path, str(error)))
            else:
                found.missing.append(session.path)
            project.replace_session(replace(session, message=str(error)))
            continue
        if session.message:
            project.replace_session(session := replace(session, message=""))
        edits = _differences(session, fresh)
        if edits:
            found.changed.append(session.path)
            changes += edits
    changes += class_additions(project, names)
    if changes:
        store.editor.apply(Compound(tuple(changes), f"rescan: {len(found.changed)} sessions changed on disk"))
    known = {project.data_path(s) for s in project.sessions()}
    found.new = [i.path for i in find_recordings(data_folder(project.folder)) if i.signal not in known]
    return found


def _look_again(
    store: ProjectStore, signals: SignalStore, session: Session, names: dict[str, None]
) -> Session:
    """The session as the disk has it now."""
    path = store.inside(session.data_file, "a recording")
    fresh = session
    modified = to_dotnet(_mtime(path, "recording"))
    if modified != session.data_modified or session.broken:
        signal = signals.load(path)
        fresh = replace(
            fresh,
            data_modified=modified,
            shape=(len(signal.names),),
            rate_hz=round(signal.rate_hz, 3),
            start_s=float(signal.times[0]),
            length_s=float(signal.times[-1] - signal.times[0]),
        )
    label_path = store.inside(session.label_file, "a label file")
    if label_path.exists() and to_dotnet(_mtime(label_path, "label file")) != session.labels_modified:
        track = store.project.track(session.id)
        names.update(dict.fromkeys(label.name for label in track))
        fresh = replace(fresh, totals=totals_of(track), labels_modified=to_dotnet(label_path.stat().st_mtime))
    return fresh


def _mtime(path: Path, what: str) -> float:
    try:
        return path.stat().st_mtime
    except OSError as error:
        raise UserError(f"The {what} {printable(str(path))} can't be read ({error.strerror}).") from error


def _differences(session: Session, fresh: Session) -> list[Change]:
    before, after = session_to_json(session), session_to_json(fresh)
    return [
        EditSessions(name, (FieldEdit(session.id, getattr(session, name), getattr(fresh, name)),))
        for name in before
        if before[name] != after[name]
    ]
