"""The shared project model: what the project file and its sessions say, in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from labelloop.errors import UserError, printable
from labelloop.project.classes import ClassDef, ClassLook
from labelloop.project.entries import ModelEntry
from labelloop.project.labels import LabelTrack
from labelloop.project.session import Session, TrackRef
from labelloop.project.sets import DEFAULT_SETS, UNASSIGNED, DataSet


@dataclass(frozen=True, slots=True)
class CustomColumn:
    """A column of Studio's session list; category columns are named after folder levels."""

    id: str
    name: str
    internal_name: str = ""


class TrackLoader(Protocol):
    """Reads a session's tracks when they are first needed."""

    def load_track(self, session: Session, track: str) -> LabelTrack:
        """The labels of a track. Raises UserError when the file can't be read."""
        ...

    def list_tracks(self, session: Session) -> tuple[TrackRef, ...]:
        """All tracks that the session file names, and the active ones."""
        ...


@dataclass
class ProjectState:
    """What a project holds, free of folders: sessions by id, and each set's sessions in order.

    ``looks`` and ``windows`` (context length in seconds and predictions a second, None for as suggested) are
    ours and not in the project file. ``factory`` has the Model Wizard's settings that are not the usual
    ones. ``studio_windows`` are those of the project file's preprocessor, where it only cuts windows.
    """

    sessions: dict[str, Session] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)
    sets: tuple[DataSet, ...] = DEFAULT_SETS
    classes: tuple[ClassDef, ...] = ()
    columns: tuple[CustomColumn, ...] = ()
    balance: str = "AnnotatedLength"
    scope: str = "Everything"
    looks: Mapping[str, ClassLook] = field(default_factory=dict)
    models: tuple[ModelEntry, ...] = ()
    factory: tuple[tuple[str, str], ...] = ()
    windows: tuple[float, float] | None = None
    studio_windows: tuple[float, float] | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        for data_set in self.sets:
            self.members.setdefault(data_set.id, [])

    def copy(self) -> ProjectState:
        """A state of its own with the same (immutable) values."""
        return ProjectState(
            dict(self.sessions),
            {name: list(ids) for name, ids in self.members.items()},
            self.sets,
            self.classes,
            self.columns,
            self.balance,
            self.scope,
            dict(self.looks),
            self.models,
            self.factory,
            self.windows,
            self.studio_windows,
        )


class Project:
    """One open project. Only the editor changes it; everybody else reads. ``file`` is the .improj file."""

    def __init__(self, file: Path, state: ProjectState, loader: TrackLoader) -> None:
        self.file = file
        self.state = state
        self._loader = loader
        self._tracks: dict[tuple[str, str], LabelTrack] = {}
        self._away: dict[tuple[str, str], tuple[LabelTrack, str]] = {}
        self._gone: dict[str, Session] = {}
        self._refs: dict[str, tuple[TrackRef, ...]] = {}
        self._set_of = {sid: name for name, ids in state.members.items() for sid in ids}

    @property
    def folder(self) -> Path:
        """The folder that holds the project file."""
        return self.file.parent

    @property
    def name(self) -> str:
        """The project's name: that of its file."""
        return self.file.stem

    @property
    def classes(self) -> tuple[ClassDef, ...]:
        """All classes in their order."""
        return self.state.classes

    @property
    def class_names(self) -> list[str]:
        """The classes' names in their order."""
        return [c.name for c in self.state.classes]

    def __len__(self) -> int:
        return len(self.state.sessions)

    def __contains__(self, session_id: object) -> bool:
        return session_id in self.state.sessions

    def sessions(self) -> Iterator[Session]:
        """All sessions in the order in which the project file has them."""
        return iter(self.state.sessions.values())

    def session(self, session_id: str) -> Session:
        """The session with this id. Raises UserError when it is gone."""
        try:
            return self.state.sessions[session_id]
        except KeyError:
            raise UserError(f"The project has no session {printable(session_id)} any more.") from None

    def set_of(self, session_id: str) -> str:
        """The set a session is in."""
        return self._set_of.get(session_id, UNASSIGNED)

    def in_set(self, set_name: str) -> list[Session]:
        """The sessions of one set, in the file's order."""
        return [self.state.sessions[sid] for sid in self.state.members.get(set_name, ())]

    def data_path(self, session: Session) -> Path:
        """Where a session's recording lies."""
        return self.folder / session.data_file

    def track(self, session_id: str, track: str | None = None) -> LabelTrack:
        """A label track of a session, the active one by default; read from disk when first asked for."""
        session = self.session(session_id)
        name = track or session.label_track
        key = (session_id, name)
        if key not in self._tracks:
            self._tracks[key] = self._loader.load_track(session, name)
        return self._tracks[key]

    def tracks_of(self, session_id: str) -> tuple[TrackRef, ...]:
        """All tracks of a session; its session file is read when first asked for."""
        if session_id not in self._refs:
            self._refs[session_id] = self._loader.list_tracks(self.session(session_id))
        return self._refs[session_id]

    def label_tracks_of(self, session_id: str) -> list[str]:
        """The names of a session's label tracks, the active one first."""
        active = self.session(session_id).label_track
        names = [ref.name for ref in self.tracks_of(session_id) if ref.is_label]
        return sorted(names, key=lambda name: name != active)

    def loaded_track(self, session_id: str, track: str) -> LabelTrack | None:
        """The track if it was read already."""
        return self._tracks.get((session_id, track))

    def read_track(self, session_id: str, track: str) -> LabelTrack | None:
        """The track if it was read, be it in the project or put away with what was taken out of it."""
        key = (session_id, track)
        return self._away[key][0] if key in self._away else self._tracks.get(key)

    def file_of_track_away(self, session_id: str, track: str) -> str:
        """The file of a track that was taken out of its session and may hold less than we know, or none."""
        return self._away.get((session_id, track), (None, ""))[1]

    def known_session(self, session_id: str) -> Session | None:
        """A session of the project, or one that was taken out of it since it was opened."""
        return self.state.sessions.get(session_id) or self._gone.get(session_id)

    def forget_refs(self, session_id: str) -> None:
        """Drop what was read of a session's list of tracks, so that it is read anew."""
        self._refs.pop(session_id, None)

    def take_track(self, session_id: str, track: str, labels: LabelTrack) -> None:
        """Take in a track that was read elsewhere."""
        self._tracks[(session_id, track)] = labels

    def forget_track(self, session_id: str, track: str) -> None:
        """Drop what was read of a track, so that it is read anew."""
        self._tracks.pop((session_id, track), None)

    # What follows is for changes (project/changes.py) and for the store that opened the project.

    def replace_session(self, session: Session) -> None:
        """Put a session's new value in the place of its old one."""
        self.state.sessions[session.id] = session

    def place(self, session_id: str, set_name: str, index: int, at: int = -1) -> None:
        """Move a session into a set at an index of its order; ``at`` is where it stands, if that is known."""
        old = self._set_of.get(session_id)
        if old is not None:
            members = self.state.members[old]
            del members[
                at if 0 <= at < len(members) and members[at] == session_id else members.index(session_id)
            ]
        members = self.state.members.setdefault(set_name, [])
        members.insert(index, session_id)
        self._set_of[session_id] = set_name

    def take_state(self, state: ProjectState) -> None:
        """Hold another state; labels of sessions that it lacks are put away, with edits that are unsaved."""
        before, self.state = self.state, state
        self._set_of = {sid: name for name, ids in state.members.items() for sid in ids}
        gone = before.sessions.keys() - state.sessions.keys()
        self._gone |= {sid: before.sessions[sid] for sid in gone}
        for sid, track in [key for key in self._tracks if key[0] in gone]:
            self.put_track_away(sid, track, "")
        came = state.sessions.keys() - before.sessions.keys()
        for sid, track in [key for key in self._away if key[0] in came]:
            self._gone.pop(sid, None)
            self.bring_back_track(sid, track, "")

    def bring_in(self, session: Session, set_name: str, index: int) -> None:
        """Add a session to a set."""
        self.state.sessions[session.id] = session
        self.place(session.id, set_name, index)
        self._gone.pop(session.id, None)
        for (session_id, track), (_, file) in list(self._away.items()):
            if session_id == session.id and not file:
                self.bring_back_track(session_id, track, file)

    def take_out(self, session_id: str) -> None:
        """Remove a session from the project."""
        self.state.members[self._set_of.pop(session_id)].remove(session_id)
        self._gone[session_id] = self.state.sessions.pop(session_id)
        for _, track in [key for key in self._tracks if key[0] == session_id]:
            self.put_track_away(session_id, track, "")

    def put_track_away(self, session_id: str, track: str, file: str) -> None:
        """Take a track's labels out of the project; edits that are in no file yet stay with them."""
        key = (session_id, track)
        if key in self._tracks:
            self._away[key] = (self._tracks.pop(key), file)

    def bring_back_track(self, session_id: str, track: str, file: str) -> None:
        """Bring labels back that were put away, when they are those of this file."""
        labels, away_file = self._away.pop((session_id, track), (None, ""))
        if labels is not None and away_file == file:
            self._tracks[(session_id, track)] = labels

    def set_refs(self, session_id: str, refs: tuple[TrackRef, ...]) -> None:
        """Say which tracks a session has."""
        self._refs[session_id] = refs
