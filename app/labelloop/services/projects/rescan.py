"""Noticing what changed on disk: recordings, label files, new recordings."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from labelloop.errors import UserError, printable
from labelloop.formats.improj.project_file import to_dotnet
from labelloop.project.changes import Change, Compound, count_of
from labelloop.project.class_changes import class_additions
from labelloop.project.session import ClassTotal, Session
from labelloop.services.projects.create import fresh_recordings
from labelloop.services.projects.discover import data_folder
from labelloop.services.sessions.summaries import field_edits, summed_up
from labelloop.storage.signals import SignalStore
from labelloop.storage.store import ProjectStore

_NEAR_S = 1e-3  # what dates and rounding by other programs may differ by, in seconds


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
        edits = field_edits([(session, fresh)])
        if edits:
            found.changed.append(session.path)
            changes += edits
    changes += class_additions(project, names)
    if changes:
        store.editor.apply(
            Compound(tuple(changes), f"rescan: {count_of(len(found.changed), 'session')} changed on disk")
        )
    found.new = [item.path for item in fresh_recordings(project, data_folder(project.folder))]
    return found


def _look_again(
    store: ProjectStore, signals: SignalStore, session: Session, names: dict[str, None]
) -> Session:
    """The session as the disk has it now; what only has another date counts as unchanged."""
    path = store.inside(session.data_file, "a recording")
    fresh = session
    modified = to_dotnet(_mtime(path, "recording"))
    if modified != session.data_modified or session.broken:
        signal = signals.load(path)
        seen = replace(
            session,
            data_modified=modified,
            shape=(len(signal.names),),
            rate_hz=round(signal.rate_hz, 3),
            start_s=signal.first_s,
            length_s=signal.last_s - signal.first_s,
        )
        fresh = fresh if _is_same_recording(session, seen) else seen
    label_path = store.inside(session.label_file, "a label file")
    if label_path.exists() and to_dotnet(_mtime(label_path, "label file")) != session.labels_modified:
        store.reread_track(session.id, session.label_track)
        summed = summed_up(store, fresh, session.label_track)
        names.update(dict.fromkeys(total.name for total in summed.totals))
        if not _is_same_labels(session.totals, summed.totals):
            fresh = summed
    return fresh


def _is_same_recording(known: Session, seen: Session) -> bool:
    """Whether a recording is as the project file has it; other programs round rates in their own way."""
    near = abs(known.start_s - seen.start_s) < _NEAR_S and abs(known.length_s - seen.length_s) < _NEAR_S
    return near and known.shape[-1:] == seen.shape


def _is_same_labels(known: tuple[ClassTotal, ...], seen: tuple[ClassTotal, ...]) -> bool:
    old, new = ({t.name: t for t in totals if t.count} for totals in (known, seen))
    return old.keys() == new.keys() and all(
        old[n].count == new[n].count and abs(old[n].length - new[n].length) < _NEAR_S for n in old
    )


def _mtime(path: Path, what: str) -> float:
    try:
        return path.stat().st_mtime
    except OSError as error:
        raise UserError(f"The {what} {printable(str(path))} can't be read ({error.strerror}).") from error
