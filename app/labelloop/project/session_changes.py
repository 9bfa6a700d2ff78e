"""Changes of sessions: their sets, their fields, which of them the project has."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from labelloop.errors import Refused, printable
from labelloop.project.changes import PROJECT_DOC, SIDECAR_DOC, Touched, count_of, labels_doc, session_name
from labelloop.project.project import Project
from labelloop.project.session import Session
from labelloop.project.sets import TITLES

OUR_FIELDS = frozenset({"done", "flag"})
FOLLOWING_FIELDS = frozenset({"totals", "labels_modified", "tags"})  # they follow the labels at each save
SESSION_FIELDS = OUR_FIELDS | FOLLOWING_FIELDS | {
    "locked", "data_track", "data_file", "label_track", "label_file", "custom", "shape", "rate_hz",
    "start_s", "length_s", "data_modified", "name",
}  # fmt: skip


def _stands(ids: list[str], index: int, session_id: str) -> bool:
    return 0 <= index < len(ids) and ids[index] == session_id


def _moved_since(project: Project, session_id: str) -> str:
    return f"The sets were changed since: {session_name(project, session_id)} is not where it was;"


@dataclass(frozen=True, slots=True)
class SetMove:
    """One session's way from a place in one set to a place in another."""

    session: str
    from_set: str
    from_index: int
    to_set: str
    to_index: int


@dataclass(frozen=True, slots=True)
class MoveSessions:
    """Put sessions into sets. The moves are made in order, each index counted when its move is made."""

    kind: ClassVar[str] = "move"
    moves: tuple[SetMove, ...]

    def check(self, project: Project) -> None:
        """Each session stands where the change expects it."""
        members = {name: list(ids) for name, ids in project.state.members.items()}
        for move in self.moves:
            ids = members.get(move.from_set, [])
            if not _stands(ids, move.from_index, move.session):
                raise Refused(f"{_moved_since(project, move.session)} nothing was moved.")
            del ids[move.from_index]
            goal = members.setdefault(move.to_set, [])
            if not 0 <= move.to_index <= len(goal):
                raise Refused(f"{_moved_since(project, move.session)} nothing was moved.")
            goal.insert(move.to_index, move.session)

    def apply(self, project: Project) -> None:
        """Make the moves."""
        for move in self.moves:
            project.place(move.session, move.to_set, move.to_index, move.from_index)

    def inverse(self) -> MoveSessions:
        """The moves backwards, last first."""
        back = (SetMove(m.session, m.to_set, m.to_index, m.from_set, m.from_index) for m in self.moves[::-1])
        return MoveSessions(tuple(back))

    def touched(self) -> Touched:
        """The project file and the moved sessions."""
        return Touched(frozenset({PROJECT_DOC}), frozenset(m.session for m in self.moves))

    def describe(self, project: Project) -> str:
        """Which sessions went where."""
        targets = {TITLES.get(m.to_set, m.to_set) for m in self.moves}
        where = targets.pop() if len(targets) == 1 else "other sets"
        if len(self.moves) == 1:
            return f"{session_name(project, self.moves[0].session)} moved to {where}"
        return f"{count_of(len(self.moves), 'session')} moved to {where}"


@dataclass(frozen=True, slots=True)
class FieldEdit:
    """One session's field, before and after."""

    session: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class EditSessions:
    """Change one field of some sessions."""

    kind: ClassVar[str] = "sessions"
    field: str
    edits: tuple[FieldEdit, ...]

    def check(self, project: Project) -> None:
        """Each session is there and has the value that the change expects."""
        if self.field not in SESSION_FIELDS:
            raise Refused(f"Sessions have no field '{printable(self.field)}' that can be changed.")
        for edit in self.edits:
            now = getattr(project.session(edit.session), self.field)
            if now != edit.before and self.field not in FOLLOWING_FIELDS:
                name = session_name(project, edit.session)
                raise Refused(f"The {self.field} of {name} was changed since; nothing was altered.")

    def apply(self, project: Project) -> None:
        """Set the field."""
        for edit in self.edits:
            changed = replace(project.session(edit.session), **{self.field: edit.after})  # type: ignore[arg-type]
            project.replace_session(changed)

    def inverse(self) -> EditSessions:
        """Before and after change places."""
        return EditSessions(self.field, tuple(FieldEdit(e.session, e.after, e.before) for e in self.edits))

    def touched(self) -> Touched:
        """The file that holds the field, and the sessions."""
        doc = SIDECAR_DOC if self.field in OUR_FIELDS else PROJECT_DOC
        return Touched(frozenset({doc}), frozenset(e.session for e in self.edits))

    def describe(self, project: Project) -> str:
        """Which field of which sessions."""
        what = self.field.replace("_", " ")
        if self.field == "locked":
            what = "locked" if all(e.after for e in self.edits) else "lock"
        if len(self.edits) == 1:
            return f"{what} of {session_name(project, self.edits[0].session)}"
        return f"{what} of {count_of(len(self.edits), 'session')}"


@dataclass(frozen=True, slots=True)
class Placed:
    """A session with its place in a set."""

    session: Session
    set: str
    index: int


@dataclass(frozen=True, slots=True)
class ChangeSessions:
    """Bring sessions into the project, or take them out (their files stay on disk)."""

    kind: ClassVar[str] = "membership"
    removed: tuple[Placed, ...] = ()
    added: tuple[Placed, ...] = ()

    def check(self, project: Project) -> None:
        """Those to remove stand where the change expects them, those to add are not there."""
        members = {name: list(ids) for name, ids in project.state.members.items()}
        for placed in self.removed:
            ids = members.get(placed.set, [])
            if not _stands(ids, placed.index, placed.session.id):
                raise Refused(f"{_moved_since(project, placed.session.id)} nothing was removed.")
            del ids[placed.index]
        gone = {placed.session.id for placed in self.removed}
        left = [s for s in project.sessions() if s.id not in gone]
        known, paths = {s.id for s in left}, {s.path for s in left}
        for placed in self.added:
            if placed.session.id in known or placed.session.path in paths:
                raise Refused(f"The project has a session {printable(placed.session.path)} already.")
            goal = members.setdefault(placed.set, [])
            if not 0 <= placed.index <= len(goal):
                raise Refused(f"{_moved_since(project, placed.session.id)} nothing was added.")
            goal.insert(placed.index, placed.session.id)
            known.add(placed.session.id)
            paths.add(placed.session.path)

    def apply(self, project: Project) -> None:
        """Remove, then add."""
        for placed in self.removed:
            project.take_out(placed.session.id)
        for placed in self.added:
            project.bring_in(placed.session, placed.set, placed.index)

    def inverse(self) -> ChangeSessions:
        """Removed ones come back in the reverse order of their going."""
        return ChangeSessions(self.added[::-1], self.removed[::-1])

    def touched(self) -> Touched:
        """The project file, the sessions, the labels of those that come (their summary may be an old one)."""
        ids = frozenset(p.session.id for p in self.removed + self.added)
        labels = {labels_doc(p.session.id, p.session.label_track) for p in self.added}
        return Touched(frozenset({PROJECT_DOC, *labels}), ids)

    def describe(self, project: Project) -> str:
        """How many came or went."""
        if self.added:
            return f"{count_of(len(self.added), 'session')} added to the project"
        return f"{count_of(len(self.removed), 'session')} taken out of the project"
