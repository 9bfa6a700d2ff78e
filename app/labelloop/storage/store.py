"""Opening a project: lock and files; reading tracks when they are needed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from labelloop.errors import UserError, printable
from labelloop.formats.improj.project_file import ImprojDocument, parse_improj
from labelloop.formats.improj.session_file import SessionDocument, parse_imsession
from labelloop.formats.labels.label_file import EMPTY_LABELS, LabelDocument, parse_labels
from labelloop.formats.paths import require_writable, resolve_file, resolve_payload
from labelloop.project.changes import PROJECT_DOC, SIDECAR_DOC, labels_doc, session_doc
from labelloop.project.editor import ProjectEditor
from labelloop.project.labels import Label, LabelTrack
from labelloop.project.project import Project
from labelloop.project.session import Session, TrackRef
from labelloop.storage.documents import DocumentFile, names_other_file
from labelloop.storage.home import ProjectHome
from labelloop.storage.journal import JournalFile
from labelloop.storage.lock import Holder, ProjectLock
from labelloop.storage.provenance import with_records
from labelloop.storage.retrace import Retraced, Trail, retraced
from labelloop.storage.sidecar import apply_sidecar
from labelloop.storage.track_files import TrackFiles

_LARGE = 1_000_000  # bytes of a label file that are read in the background where that is possible


@dataclass
class LabelFile:
    """A label track's file as it was read, with the document that keeps untouched rows."""

    file: DocumentFile
    document: LabelDocument
    retraced: Retraced | None = None  # where no side file says where the labels came from

    def labels(self) -> Sequence[Label]:
        """The labels in it, with what we know of where they came from."""
        if self.retraced is not None:
            return self.retraced.labels
        records = self.file.version.extra.get("records", [])
        return with_records(self.document.labels, records, self.document.holds)


@dataclass(frozen=True)
class TrackRead:
    """A label track that was read apart from the project."""

    name: str
    file: LabelFile
    labels: LabelTrack


@dataclass
class SessionFile:
    """A session file as it was read."""

    file: DocumentFile | None
    document: SessionDocument | None


@dataclass
class ProjectStore:
    """One open project with its files. Made by ``open_project``; making it changes nothing on disk."""

    path: Path
    layout: ProjectHome
    lock: ProjectLock | None
    journal: JournalFile
    holder: Holder | None = None
    warnings: list[str] = field(default_factory=list)
    recovered: int = 0
    label_files: dict[tuple[str, str], LabelFile] = field(default_factory=dict)
    _waiting: dict[tuple[str, str], int] = field(default_factory=dict)  # unconfirmed labels of unread tracks
    session_files: dict[str, SessionFile] = field(default_factory=dict)
    project: Project = field(init=False)
    editor: ProjectEditor = field(init=False)
    project_file: DocumentFile = field(init=False)
    sidecar_file: DocumentFile = field(init=False)
    document: ImprojDocument = field(init=False)
    document_digest: str = field(init=False)
    sidecar_lost: bool = field(init=False, default=False)  # its file can't be read: the journal has it all
    trail: Trail = field(init=False)
    track_files: TrackFiles = field(init=False)

    def __post_init__(self) -> None:
        self.project_file = self._file(PROJECT_DOC, self.path)
        self.sidecar_file = self._file(SIDECAR_DOC, self.layout.sidecar)
        data = self.project_file.load()
        if data is None:
            raise UserError(f"There is no project file {self.path}.")
        self.take_document(parse_improj(data, str(self.path)))
        state = self.document.state()
        try:
            apply_sidecar(self.sidecar_file.load(), state, str(self.layout.sidecar))
        except UserError:
            self.sidecar_lost = True
            state = self.document.state()
        self.project = Project(self.path, state, self)
        self.editor = ProjectEditor(self.project, self.journal)
        self.track_files = TrackFiles(self.project)
        self.trail = Trail(self.layout.journal, self.journal.entries, lambda: self.journal.last_seq)
        self.warnings.extend(self.journal.warnings)
        if self.lock is not None:
            self.journal.guard = self.lock.check
        self.journal.made_anew = self._home_made_anew

    def _home_made_anew(self) -> None:
        """Our folder was removed while the project was open: write again what we know of its files."""
        for (session_id, track), loaded in self.label_files.items():
            self.editor.dirty.setdefault(labels_doc(session_id, track), loaded.file.version.seq)
        self.editor.dirty.setdefault(PROJECT_DOC, self.project_file.version.seq)
        self.editor.dirty.setdefault(SIDECAR_DOC, self.sidecar_file.version.seq)
        self.warnings.append(
            f"{printable(str(self.layout.home))} was removed while the project was open: the journal of all "
            "edits was written again; trained models and jobs in it are gone."
        )

    def take_document(self, document: ImprojDocument) -> None:
        """Go on from a project file that was just read."""
        self.document, self.document_digest = document, self.project_file.version.digest

    @property
    def read_only(self) -> bool:
        """Whether this process may not change the project."""
        return self.lock is None

    def _file(self, key: str, path: Path, side: Path | None = None) -> DocumentFile:
        return DocumentFile(key, path, side or self.layout.side_file(key), self.layout.conflicts)

    def label_side(self, session_id: str, track: str, path: Path) -> Path:
        """The side file of a label track's file.

        A track that was taken out may have left one for another file; a second track of its name has its own.
        """
        key = labels_doc(session_id, track)
        own = self.layout.side_file(f"{key}/{path.name}")
        usual = self.layout.side_file(key)
        return own if own.exists() or names_other_file(usual, path) else usual

    def inside(self, relative: str, what: str, strict: bool = False) -> Path:
        """The real path of a file below the project's folder.

        Raises:
            UserError: the path leads out of the project; such a file is neither read nor written.
        """
        resolved = resolve_payload(self.path.parent, self.path.parent, "/" + relative, strict)
        if not resolved.inside:
            shown = printable(relative)
            raise UserError(
                f"{self.path.name} names {shown} as {what}, which lies outside the project's folder: it is "
                f"not opened; copy it into the project, mend the path, or say --allow-outside once."
            )
        return resolved.path

    # Reading tracks (the project's TrackLoader)

    def load_track(self, session: Session, track: str) -> LabelTrack:
        """The labels of a track; an empty one when its file does not exist yet."""
        return self._taken(session.id, self.read_apart(session, track))

    def _taken(self, session_id: str, read: TrackRead) -> LabelTrack:
        self.label_files[(session_id, read.name)] = read.file
        self.warnings.extend(read.file.document.warnings)
        if read.file.retraced is not None and read.file.retraced.sentence:
            self.warnings.append(read.file.retraced.sentence)
            if not self.read_only:  # so that the next save writes the side file again
                self.editor.dirty.setdefault(labels_doc(session_id, read.name), self.journal.last_seq)
        return read.labels

    def is_large(self, session: Session, track: str) -> bool:
        """Whether a track that was not read yet takes a while to read."""
        if self.project.loaded_track(session.id, track) is not None:
            return False
        try:
            path = self.inside(self.track_file(session, track), "a label file")
            return path.stat().st_size > _LARGE
        except (OSError, UserError):
            return False

    def read_apart(self, session: Session, track: str) -> TrackRead:
        """Read a track without taking it into the project; any thread may call. Raises UserError."""
        file = self._read_labels(session, track, self.track_file(session, track))
        return TrackRead(track, file, LabelTrack(file.labels()))

    def take_in(self, session_id: str, read: TrackRead) -> None:
        """Take a track into the project that was read apart, unless it was read meanwhile."""
        if session_id in self.project and self.project.loaded_track(session_id, read.name) is None:
            self.project.take_track(session_id, read.name, self._taken(session_id, read))

    def _read_labels(self, session: Session, track: str, relative: str) -> LabelFile:
        path = self.inside(relative, "a label file")
        require_writable(resolve_file(self.path.parent, "/" + relative), self.path.name)
        file = self._file(labels_doc(session.id, track), path, self.label_side(session.id, track, path))
        data = file.load()
        document = parse_labels(EMPTY_LABELS if data is None else data, relative)
        if file.recognised or file.foreign:
            return LabelFile(file, document)
        key = (session.id, track)
        return LabelFile(file, document, retraced(document, self.trail, key, relative, file.damaged))

    def left_behind(self, session: Session, ref: TrackRef) -> list[Label]:
        """The labels that a new track would find in its file: those of a track that was taken out."""
        known = self.project.read_track(session.id, ref.name)
        return list(known if known is not None else self._read_labels(session, ref.name, ref.file).labels())

    def reread_track(self, session_id: str, track: str) -> bool:
        """Forget a track that another program changed, unless there are edits for it; whether it was."""
        loaded = self.label_files.get((session_id, track))
        if loaded is None or labels_doc(session_id, track) in self.editor.dirty:
            return False
        if not loaded.file.changed_outside():
            return False
        self.project.forget_track(session_id, track)
        return True

    def track_file(self, session: Session, track: str) -> str:
        """A label track's file as a path below the project's folder."""
        if track == session.label_track and session.label_file:
            return session.label_file
        for ref in self.project.tracks_of(session.id):
            if ref.name == track:
                if not ref.is_label:
                    where = printable(session.path)
                    raise UserError(f"The track {printable(track)} of {where} has no labels.")
                return ref.file
        raise UserError(f"{printable(session.path)} has no track {printable(track)}.")

    def list_tracks(self, session: Session) -> tuple[TrackRef, ...]:
        """The tracks that the session file names; the active ones when there is no session file."""
        loaded = self.session_file(session)
        if loaded.document is None:
            refs = [TrackRef(session.data_track, session.data_file, "datacsv")] if session.data_file else []
            labels = [TrackRef(session.label_track, session.label_file)] if session.label_file else []
            return tuple(refs + labels)
        base = PurePosixPath(session.session_file).parent
        return tuple(
            TrackRef(info.name, self._payload(base, info.payload), info.type)
            for info in loaded.document.tracks
        )

    def session_file(self, session: Session) -> SessionFile:
        """A session's file, read once."""
        if not session.session_file:
            return SessionFile(None, None)
        if session.id not in self.session_files:
            file = self._file(session_doc(session.id), self.inside(session.session_file, "a session file"))
            data = file.load()
            document = None if data is None else parse_imsession(data, str(file.path))
            self.session_files[session.id] = SessionFile(file, document)
        return self.session_files[session.id]

    def _payload(self, base: PurePosixPath, payload: str) -> str:
        """A session file's payload as a path below the project's folder, or as it is when it leads out."""
        folder = self.path.parent
        resolved = resolve_payload(folder, folder / base, payload)
        if resolved.inside:
            return Path(os.path.relpath(resolved.path, folder)).as_posix()
        return str(resolved.path)

    def unconfirmed(self, session: Session) -> int:
        """How many labels of the active track nobody has confirmed."""
        key = (session.id, session.label_track)
        track = self.project.loaded_track(*key)
        if track is not None:
            self._waiting.pop(key, None)
            return track.unconfirmed
        if key not in self._waiting:
            side = self.label_side(*key, self.path.parent / session.label_file)
            file = self._file(labels_doc(*key), self.path, side)
            records = file.saved_records()
            if records is None and (file.damaged or self.trail.names(session.id)):
                return self._unconfirmed_by_reading(session)
            self._waiting[key] = sum(not confirmed for *_, confirmed in records or ())
        return self._waiting[key]

    def _unconfirmed_by_reading(self, session: Session) -> int:
        try:
            return self.project.track(session.id).unconfirmed
        except UserError:
            return 0  # whoever reads the track is told why it can't be read

    # Names

    def has_track(self, session_id: str, track: str) -> bool:
        """Whether a session of the project names this track."""
        session = self.project.state.sessions.get(session_id)
        if session is None:
            return False
        active = track == session.label_track and bool(session.label_file)
        return active or track in {ref.name for ref in self.project.tracks_of(session_id)}

    def close(self) -> None:
        """Close the journal and give the lock back; saves nothing."""
        self.journal.close()
        if self.lock is not None:
            self.lock.release()
