"""Deleting sessions from the disk: their recordings, session files and label files, nothing else."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from labelloop.errors import UserError, os_reason, printable
from labelloop.project.editor import Applied
from labelloop.project.session import Session
from labelloop.services.sessions.marks import remove_sessions
from labelloop.storage.store import ProjectStore


def files_of(store: ProjectStore, sessions: Sequence[Session]) -> list[Path]:
    """The files on disk that belong to these sessions alone; what another session uses stays.

    Raises:
        UserError: a session names a file outside the project.
    """
    gone = {s.id for s in sessions}
    kept = {p for s in store.project.sessions() if s.id not in gone for p in (s.data_file, s.session_file)}
    names = dict.fromkeys(name for s in sessions for name in _named(store, s) if name and name not in kept)
    return [
        path
        for path in (store.inside(name, "a file to delete", strict=True) for name in names)
        if path.is_file()
    ]


def _named(store: ProjectStore, session: Session) -> Iterable[str]:
    yield from (session.data_file, session.session_file, session.label_file)
    with contextlib.suppress(UserError):  # a broken session file names no further tracks
        yield from (ref.file for ref in store.project.tracks_of(session.id))


def erase_sessions(store: ProjectStore, sessions: Sequence[Session]) -> tuple[Applied, int]:
    """Take sessions out of the project and delete their files; how many files went.

    Undo brings the rows back, the files stay gone.

    Raises:
        UserError: a file can't be deleted; the sessions are out of the project by then.
    """
    files = files_of(store, sessions)
    applied = remove_sessions(store.editor, sessions)
    for number, path in enumerate(files):
        try:
            path.unlink()
        except OSError as error:
            raise UserError(
                f"{printable(str(path))} can't be deleted ({os_reason(error)}); {number} of {len(files)} "
                f"files are gone, and the sessions are out of the project."
            ) from error
    for folder in {path.parent for path in files}:
        with contextlib.suppress(OSError):  # something else is in it
            if folder != store.project.folder:
                folder.rmdir()
    return applied, len(files)
