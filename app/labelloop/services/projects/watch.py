"""Noticing, while the app runs, that other programs changed a project's files."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field

from labelloop.project.changes import Touched, labels_doc
from labelloop.project.session import Session
from labelloop.services.projects.info import look_at_files
from labelloop.services.sessions.summaries import summed_up
from labelloop.storage.store import ProjectStore

Stamp = tuple[int, int] | None  # time of change and size; None for no file
Paths = dict[str, tuple[str, str]]  # label file and recording by session


def paths_of(store: ProjectStore) -> Paths:
    """The files to look at."""
    folder = store.project.folder
    return {
        s.id: (f"{folder}/{s.label_file}", f"{folder}/{s.data_file}")
        for s in store.project.sessions()
        if s.label_file and s.data_file
    }


def _stamp(path: str) -> Stamp:
    try:
        stat = os.stat(path)
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size


@dataclass
class Watch:
    """Remembers each file's time and size; ``look`` says whose changed since the look before."""

    _known: dict[str, tuple[Stamp, Stamp]] = field(default_factory=dict)

    def look(self, paths: Paths) -> tuple[list[str], list[str]]:
        """The sessions whose label files, and those whose recordings, are others now; any thread may call."""
        labels, recordings = [], []
        for session_id, (label_file, recording) in paths.items():
            now = (_stamp(label_file), _stamp(recording))
            before = self._known.get(session_id)
            self._known[session_id] = now
            if before is None:
                continue
            if before[0] != now[0]:
                labels.append(session_id)
            if before[1] != now[1]:
                recordings.append(session_id)
        return labels, recordings


@dataclass
class Noticed:
    """Files that others changed: read again, in conflict with edits, and recordings."""

    reread: list[Session] = field(default_factory=list)
    conflicts: list[Session] = field(default_factory=list)
    recordings: list[Session] = field(default_factory=list)

    @property
    def touched(self) -> Touched:
        """What to show anew."""
        ids = frozenset(s.id for s in self.reread + self.recordings)
        return Touched(sessions=ids)


def take_in(store: ProjectStore, labels: Iterable[str], recordings: Iterable[str]) -> Noticed:
    """Read again what others changed, where no edit of ours waits for the file."""
    noticed, project = Noticed(), store.project
    for session_id in labels:
        session = project.state.sessions.get(session_id)
        if session is None:
            continue
        loaded = store.label_files.get((session_id, session.label_track))
        if loaded is not None and not loaded.file.changed_outside():
            continue  # it was us
        if labels_doc(session_id, session.label_track) in store.editor.dirty:
            noticed.conflicts.append(session)
            continue
        store.reread_track(session_id, session.label_track)
        project.replace_session(summed_up(store, session, session.label_track))
        noticed.reread.append(session)
    noticed.recordings = [project.session(sid) for sid in recordings if sid in project]
    if noticed.recordings:
        look_at_files(store)
    return noticed
