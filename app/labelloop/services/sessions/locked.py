"""Label tracks that are not to be written: of a locked session, or in a file or folder that is read-only."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from labelloop.errors import UserError, printable
from labelloop.project.session import Session
from labelloop.storage.store import ProjectStore


def read_only_file(store: ProjectStore, session: Session, track: str) -> str:
    """Why the file of a label track can't be written, as a sentence; empty when it can be.

    Raises:
        UserError: the session file can't be read.
    """
    path = store.path.parent / _file_of(store, session, track)
    if path.is_file() and not os.access(path, os.W_OK):
        return f"{printable(path.name)} of {printable(session.path)} is read-only: allow writing to it first."
    if path.parent.is_dir() and not os.access(path.parent, os.W_OK | os.X_OK):
        return f"The folder of {printable(session.path)} is read-only: allow writing to it first."
    return ""


def _file_of(store: ProjectStore, session: Session, track: str) -> str:
    """The track's file; where there is none, one that would lie beside it."""
    if track == session.label_track and session.label_file:
        return session.label_file
    refs = (ref.file for ref in store.project.tracks_of(session.id) if ref.name == track and ref.is_label)
    return next(refs, "") or session.session_file


def refuse_read_only_files(store: ProjectStore, tracks: Iterable[tuple[str, str]]) -> None:
    """Refuse to change tracks (session id, name) whose file can't be written. Raises UserError."""
    for session_id, track in tracks:
        if why := read_only_file(store, store.project.session(session_id), track):
            raise UserError(f"{why} Nothing was changed.")


def refuse_locked(store: ProjectStore, sessions: Sequence[Session], track: str, new: bool) -> None:
    """Refuse to generate into a track that is there in a locked session, or whose file is read-only.

    A lock keeps what a session has; a new track takes nothing from it.

    Raises:
        UserError: naming the sessions and what to do.
    """
    locked = [] if new else [s for s in sessions if s.locked]
    if locked:
        raise UserError(
            f"Locked: {named(locked)}. Unlock them (L in the list of sessions), leave them out, or use "
            f"--target new:TRACK; nothing was changed."
        )
    closed = [(s, why) for s in sessions if not s.broken and (why := _why(store, s, track))]
    if closed:
        more = f" So are those of {named([s for s, _ in closed[1:]])}." if closed[1:] else ""
        raise UserError(f"{closed[0][1]}{more} Or leave them out; nothing was changed.")


def _why(store: ProjectStore, session: Session, track: str) -> str:
    """Why a track is closed; what can't be read at all is told when its turn comes."""
    try:
        return read_only_file(store, session, track)
    except UserError:
        return ""


def named(sessions: Sequence[Session], most: int = 3) -> str:
    """The sessions' paths, the first few of them."""
    more = f" and {len(sessions) - most} more" if len(sessions) > most else ""
    return ", ".join(printable(s.path) for s in sessions[:most]) + more
