"""Bringing the project's files up to date with what the editor holds, safely and in an order that lasts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from app.errors import UserError
from app.formats.improj import ImprojDocument, parse_improj, to_dotnet
from app.formats.imsession import TrackInfo, new_imsession
from app.project.changes import OURS_DOC, PROJECT_DOC, labels_doc
from app.project.labels import Label
from app.project.project import ProjectState
from app.project.session import ClassTotal, Session, TrackRef
from app.storage.atomic import replace_file
from app.storage.documents import Conflict, DocumentFile
from app.storage.ours import render_ours
from app.storage.provenance import records_of
from app.storage.store import LabelFile, ProjectStore, SessionFile


@dataclass(frozen=True)
class LabelSave:
    """A label file to write, with its labels as they were when the batch was made."""

    session: str
    track: str
    seq: int
    file: LabelFile
    labels: list[Label]
    summarised: Session | None


@dataclass(frozen=True)
class SessionSave:
    """A session file to write."""

    session: Session
    seq: int
    file: SessionFile
    refs: tuple[TrackRef, ...]


@dataclass
class SaveBatch:
    """All that is unsaved at one moment; made quickly, so that writing can go on beside the app."""

    labels: list[LabelSave] = field(default_factory=list)
    sessions: list[SessionSave] = field(default_factory=list)
    state: ProjectState | None = None
    project_seq: int = 0
    ours: bytes | None = None
    ours_seq: int = 0
    last_seq: int = 0

    def __bool__(self) -> bool:
        return bool(self.labels or self.sessions or self.state is not None or self.ours is not None)


@dataclass
class SaveReport:
    """What came of a batch: documents saved up to which change, new summaries, what went wrong."""

    saved: dict[str, int] = field(default_factory=dict)
    summaries: dict[str, Session] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


class Saver:
    """Saves one store's project: ``prepare`` and ``commit`` where the project lives, ``write`` anywhere."""

    def __init__(self, store: ProjectStore) -> None:
        self._store = store
        self._original: tuple[ImprojDocument, ProjectState, bytes] | None = None

    def save(self) -> SaveReport:
        """Save everything now."""
        batch = self.prepare()
        report = self.write(batch)
        self.commit(batch, report)
        return report

    # On the project's own thread

    def prepare(self) -> SaveBatch:
        """What is unsaved, frozen."""
        store, dirty = self._store, self._store.editor.dirty
        batch = SaveBatch(last_seq=store.journal.last_seq)
        for key, seq in sorted(dirty.items()):
            kind, _, rest = key.partition("/")
            if kind == "labels":
                session_id, _, track = rest.partition("/")
                self._prepare_labels(batch, session_id, track, seq)
            elif kind == "session" and rest in store.project:
                session = store.project.session(rest)
                refs = store.project.tracks_of(rest)
                batch.sessions.append(SessionSave(session, seq, store.session_file(session), refs))
        if OURS_DOC in dirty:
            batch.ours, batch.ours_seq = render_ours(store.project.state), dirty[OURS_DOC]
        if PROJECT_DOC in dirty or any(item.summarised for item in batch.labels):
            batch.state = store.project.state.copy()
            batch.project_seq = max(dirty.get(PROJECT_DOC, 0), store.project_file.version.seq)
        return batch

    def _prepare_labels(self, batch: SaveBatch, session_id: str, track: str, seq: int) -> None:
        project = self._store.project
        if session_id not in project or track not in {r.name for r in project.tracks_of(session_id)}:
            return
        session = project.session(session_id)
        labels = list(project.track(session_id, track))
        summarised = session if track == session.label_track else None
        file = self._store.label_files[(session_id, track)]
        batch.labels.append(LabelSave(session_id, track, seq, file, labels, summarised))

    def commit(self, batch: SaveBatch, report: SaveReport) -> None:
        """Take note of what was saved: nothing that changed meanwhile counts as saved."""
        store = self._store
        for sid, summary in report.summaries.items():
            if sid in store.project:
                store.project.replace_session(_with_summary(store.project.session(sid), summary))
        for key, seq in report.saved.items():
            if store.editor.dirty.get(key) == seq:
                del store.editor.dirty[key]
        for key in [k for k in store.editor.dirty if k.startswith(("labels/", "session/"))]:
            if not self._still_there(key):
                del store.editor.dirty[key]
        if not store.editor.dirty and store.journal.last_seq == batch.last_seq and not report.problems:
            try:
                store.journal.set_mark()
            except UserError as error:
                report.problems.append(str(error))

    def _still_there(self, key: str) -> bool:
        _, _, rest = key.partition("/")
        return rest.partition("/")[0] in self._store.project

    # On any thread

    def write(self, batch: SaveBatch) -> SaveReport:
        """Write the files. Each one that can't be written is named in the report, the rest is done."""
        report = SaveReport()
        for session_save in batch.sessions:
            self._try(report, partial(_write_session, session_save, report))
        for label_save in batch.labels:
            self._try(report, partial(_write_labels, label_save, report))
        if batch.ours is not None:
            self._try(report, lambda: self._write_ours(batch, report))
        if batch.state is not None:
            self._try(report, lambda: self._write_project(batch, report))
        return report

    def _try(self, report: SaveReport, action: Any) -> None:
        try:
            action()
        except (Conflict, UserError) as error:
            report.problems.append(str(error))
        except OSError as error:
            where = f" {error.filename}" if error.filename else ""
            report.problems.append(f"A file{where} could not be saved: {error.strerror}; edits are kept.")

    def _write_ours(self, batch: SaveBatch, report: SaveReport) -> None:
        assert batch.ours is not None
        self._store.ours_file.write(batch.ours, batch.ours_seq, {})
        report.saved[OURS_DOC] = batch.ours_seq

    def _write_project(self, batch: SaveBatch, report: SaveReport) -> None:
        assert batch.state is not None
        state, file = batch.state, self._store.project_file
        for sid, summary in report.summaries.items():
            state.sessions[sid] = _with_summary(state.sessions[sid], summary)
        document, original_state, original = self._original_version()
        as_before = _of_file(state) == original_state
        file.write(original if as_before else document.render(state), batch.project_seq, {})
        report.saved[PROJECT_DOC] = batch.project_seq

    def _original_version(self) -> tuple[ImprojDocument, ProjectState, bytes]:
        """The project file as it was before our first change; undoing everything brings it back."""
        if self._original is None:
            store = self._store
            path = store.layout.original
            if not path.exists() or store.project_file.foreign:
                replace_file(path, store.path.read_bytes())
            data = path.read_bytes()
            state = parse_improj(data, str(path)).state()
            self._original = (store.document, _of_file(state), data)
        return self._original


def _of_file(state: ProjectState) -> ProjectState:
    """The part of a state that the project file holds."""
    plain = state.copy()
    plain.looks = {}
    for sid, session in plain.sessions.items():
        if session.done or session.flag or session.message:
            plain.sessions[sid] = replace(session, done=frozenset(), flag="", message="")
    return plain


def _with_summary(session: Session, summary: Session) -> Session:
    if session.label_track != summary.label_track:
        return session
    return replace(session, totals=summary.totals, labels_modified=summary.labels_modified, tags=summary.tags)


def _write_labels(item: LabelSave, report: SaveReport) -> None:
    file = item.file.file
    extra: dict[str, Any] = {"records": records_of(item.labels)}
    before = file.version
    first = before.extra.get("first") or _first_summary(file, item.summarised)
    if first:
        extra["first"] = first
    file.write(item.file.document.render(item.labels), item.seq, extra)
    report.saved[labels_doc(item.session, item.track)] = item.seq
    if item.summarised is not None:
        report.summaries[item.session] = _summary(item, file, first)


def _first_summary(file: DocumentFile, session: Session | None) -> dict[str, Any] | None:
    """What the project file said of the labels before we ever wrote them."""
    if session is None:
        return None
    totals = [[t.name, t.count, t.length] for t in session.totals]
    return {
        "digest": file.version.digest,
        "modified": session.labels_modified,
        "tags": session.tags,
        "totals": totals,
    }


def _summary(item: LabelSave, file: DocumentFile, first: dict[str, Any] | None) -> Session:
    """The session with the summary that belongs to its saved labels."""
    assert item.summarised is not None
    if first and first["digest"] == file.version.digest:
        totals = tuple(ClassTotal(*t) for t in first["totals"])
        return replace(item.summarised, totals=totals, labels_modified=first["modified"], tags=first["tags"])
    modified = to_dotnet(file.path.stat().st_mtime)
    tags = item.summarised.tags
    if tags in ("None", "LabelsMissing", ""):
        tags = "None" if item.labels else "LabelsMissing"
    return replace(item.summarised, totals=totals_of(item.labels), labels_modified=modified, tags=tags)


def totals_of(labels: Iterable[Label]) -> tuple[ClassTotal, ...]:
    """How many labels each class has and the seconds they cover, in order of first appearance."""
    counts: dict[str, list[float]] = {}
    for label in labels:
        entry = counts.setdefault(label.name, [0, 0.0])
        entry[0] += 1
        entry[1] += label.length
    return tuple(ClassTotal(name, int(n), round(length, 9)) for name, (n, length) in counts.items())


def _write_session(item: SessionSave, report: SaveReport) -> None:
    known = item.file.document
    if known is None:
        infos = [_info(item.session, ref) for ref in item.refs]
        data = new_imsession(item.session.id, infos)
    else:
        wanted = {ref.name: ref for ref in item.refs}
        for info in known.tracks:
            if info.name not in wanted:
                known = known.without_track(info.name)
        present = {info.name for info in known.tracks}
        for ref in item.refs:
            if ref.name not in present:
                known = known.with_track(_info(item.session, ref))
        data = known.render()
    item.file.file.write(data, item.seq, {})
    report.saved[f"session/{item.session.id}"] = item.seq


def _info(session: Session, ref: TrackRef) -> TrackInfo:
    """A track as the session file names it: its file relative to the session file, with backslashes."""
    folder = session.session_file.rpartition("/")[0]
    path = ref.file.removeprefix(folder + "/") if folder else ref.file
    return TrackInfo(ref.name, ref.kind, path.replace("/", "\\"), is_label=ref.is_label)
