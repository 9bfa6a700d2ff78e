"""Which sessions a user means, and what state a session is in."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable
from weakref import WeakKeyDictionary

from labelloop.errors import UserError, printable
from labelloop.project.labels import LabelTrack
from labelloop.project.project import Project
from labelloop.project.session import ClassTotal, Session
from labelloop.project.sets import SETS, UNASSIGNED
from labelloop.storage.saving import totals_of
from labelloop.storage.store import ProjectStore

_counted: WeakKeyDictionary[LabelTrack, tuple[int, tuple[ClassTotal, ...]]] = WeakKeyDictionary()
UNLABELLED, PARTIAL, DONE, REVIEW, BROKEN = "unlabelled", "partial", "done", "review", "broken"
COVERED = 0.995  # share of a session's time from which labels leave nothing to label


def totals(project: Project, session: Session) -> tuple[ClassTotal, ...]:
    """Labels per class of a session's active track: from the track when it was read, else as last saved."""
    track = project.loaded_track(session.id, session.label_track)
    if track is None:
        return session.totals
    version, known = _counted.get(track, (-1, ()))
    if version != track.version:
        known = totals_of(track)
        _counted[track] = (track.version, known)
    return known


def counts(project: Project, session: Session) -> dict[str, int]:
    """How many labels of each class a session has."""
    return {total.name: total.count for total in totals(project, session)}


def labelled_seconds(project: Project, session: Session) -> float:
    """The seconds that a session's labels cover."""
    return sum(total.length for total in totals(project, session))


def status_of(store: ProjectStore, session: Session) -> str:
    """One of UNLABELLED, PARTIAL, DONE, REVIEW, BROKEN."""
    if session.broken:
        return BROKEN
    if store.unconfirmed(session):
        return REVIEW
    if session.done:
        return DONE
    return PARTIAL if totals(store.project, session) else UNLABELLED


def needs_labels(store: ProjectStore, session: Session) -> bool:
    """Whether a user still has to label it: not marked done, nothing to review, not covered by labels."""
    if status_of(store, session) not in (UNLABELLED, PARTIAL):
        return False
    return labelled_seconds(store.project, session) < COVERED * session.length_s or session.length_s <= 0


def to_generate(store: ProjectStore) -> list[Session]:
    """The Unassigned sessions that wait for labels: the unlabelled, or else those nobody reviewed."""
    waiting = [s for s in select(store.project, [UNLABELLED]) if not s.broken]
    return waiting or [s for s in store.project.in_set(UNASSIGNED) if status_of(store, s) == REVIEW]


def select(project: Project, specs: Iterable[str]) -> list[Session]:
    """The sessions that a list of SESSION words names, each once, in the order of the words.

    A word is a path below the data folder, a name that only one session has, a glob, a set, ``all``,
    ``unlabelled`` (Unassigned, no labels, not done) or ``done``.

    Raises:
        UserError: a word names nothing, or a name several sessions.
    """
    chosen: dict[str, Session] = {}
    by_path = {session.path: session for session in project.sessions()}
    for spec in specs:
        for session in _named(project, by_path, spec.strip().rstrip("/")):
            chosen[session.id] = session
    return list(chosen.values())


def _named(project: Project, by_path: dict[str, Session], spec: str) -> list[Session]:
    if spec in by_path:
        return [by_path[spec]]
    if spec.removeprefix("Data/") in by_path:
        return [by_path[spec.removeprefix("Data/")]]
    same_name = [s for s in by_path.values() if s.name == spec]
    if len(same_name) == 1:
        return same_name
    if len(same_name) > 1:
        paths = ", ".join(printable(s.path) for s in same_name[:3])
        raise UserError(f"{len(same_name)} sessions are named {printable(spec)} ({paths}): give the path.")
    if (group := _group(project, spec)) is not None:
        return group
    if any(char in spec for char in "*?["):
        found = [s for s in by_path.values() if fnmatch.fnmatchcase(s.path, spec)]
        found = found or [s for s in by_path.values() if fnmatch.fnmatchcase(s.name, spec)]
        if found:
            return found
        raise UserError(f"No session's path matches '{printable(spec)}'.")
    raise UserError(
        f"{project.name} has no session '{printable(spec)}': give its path below the data folder, a glob, a "
        f"set (train, validation, test, unassigned), all, unlabelled or done."
    )


def _group(project: Project, spec: str) -> list[Session] | None:
    word = spec.lower()
    if word == "all":
        return list(project.sessions())
    if word in SETS:
        return project.in_set(word)
    if word == DONE:
        return [s for s in project.sessions() if s.done]
    if word == UNLABELLED:
        return [s for s in project.in_set(UNASSIGNED) if not s.done and not totals(project, s)]
    return None


def require_class(project: Project, name: str) -> str:
    """The name of a class that the project has.

    Raises:
        UserError: it has none of that name; the message lists those it has.
    """
    if name in project.class_names:
        return name
    known = ", ".join(printable(n) for n in project.class_names) or "none yet"
    raise UserError(f"{project.name} has no class '{printable(name)}' (classes: {known}).")
