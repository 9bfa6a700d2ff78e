"""The unassigned sessions whose recordings, not labels, a training may learn from."""

from __future__ import annotations

import random
from collections.abc import Iterator

from labelloop.contract.training import UnlabelledSession
from labelloop.errors import UserError
from labelloop.project.session import Session
from labelloop.project.sets import UNASSIGNED
from labelloop.storage.store import ProjectStore

MOST = 64  # sessions
BYTES = 256_000_000  # of their files in all: those that were never opened are read for it


def unlabelled_sessions(store: ProjectStore, seed: int = 0) -> list[UnlabelledSession]:
    """Name and file of unassigned sessions in an order of chance, as many as are quickly read."""
    sessions = [s for s in store.project.in_set(UNASSIGNED) if not s.broken]
    random.Random(seed).shuffle(sessions)
    return [row for row, _ in zip(_readable(store, sessions), range(MOST), strict=False)]


def _readable(store: ProjectStore, sessions: list[Session]) -> Iterator[UnlabelledSession]:
    left = BYTES
    for session in sessions:
        try:
            path = store.inside(session.data_file, "a recording")
            size = path.stat().st_size
        except (UserError, OSError):
            continue
        if size <= left:
            left -= size
            yield UnlabelledSession(session.path, str(path))
