"""Bringing the project's files up to date with what the editor holds, safely and in an order that lasts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from labelloop.errors import UserError, os_reason, printable
from labelloop.formats.improj.project_file import ImprojDocument, parse_improj, to_dotnet
from labelloop.formats.improj.session_file import TrackInfo, new_imsession
from labelloop.project.changes import PROJECT_DOC, SIDECAR_DOC, labels_doc
from labelloop.project.label_rows import LabelRows, LabelsNow
from labelloop.project.labels import Label, LabelTrack
from labelloop.project.project import ProjectState
from labelloop.project.session import ClassTotal, Session, TrackRef
from labelloop.storage.atomic import read_file, replace_file
from labelloop.storage.documents import MISSING, Conflict, DocumentFile, digest_of
from labelloop.storage.first_text import KEY, original_of, packed
from labelloop.storage.provenance import records_of
from labelloop.storage.sidecar import render_sidecar
from labelloop.storage.store import LabelFile, ProjectStore, SessionFile


@dataclass(frozen=True)
class LabelSave:
    """A label file to write, with its labels as they were when the batch was made.

    ``named`` says whether a session of the project names the track; ``summarised`` is the session whose
    active track it is.
    """

    session: str
    track: str
    seq: int
    file: LabelFile
    labels: LabelsNow
    summarised: Session | None
    named: bool = True


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
    sidecar: bytes | None = None
    sidecar_seq: int = 0
    last_seq: int = 0
    unchanged: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.labels or self.sessions or self.state is not None or self.sidecar is not None)


@dataclass
class SaveReport:
    """What came of a batch: documents saved up to which change, new summaries, what went wrong.

    ``conflicts`` names the documents that another program changed.
    """

    saved: dict[str, int] = field(default_factory=dict)
    summaries: dict[str, Session] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)


class Saver:
    """Saves one store's project: ``prepare`` and ``commit`` where the project lives, ``write`` anywhere."""

    def __init__(self, store: ProjectStore) -> None:
        self._store = store
        self.held: set[str] = set()  # documents in conflict: not written until a user chose
        self._original: tuple[ImprojDocument, ProjectState, bytes] | None = None

    def save(self) -> SaveReport:
        """Save everything now."""
        batch = self.prepare()
        report = self.write(batch)
        self.commit(batch, report)
        return report

    def reread(self) -> None:
        """The project file is another one now than when it was opened."""
        self._original = None

    # On the project's own thread

    def prepare(self) -> SaveBatch:
        """What is unsaved, frozen."""
        store, dirty = self._store, self._store.editor.dirty
        batch = SaveBatch(last_seq=store.journal.last_seq)
        if dirty:
            try:
                store.journal.make_sure()
            except UserError as error:
                batch.problems.append(str(error))
                return batch
        for key, seq in sorted(dirty.items()):
            if key in self.held:
                continue
            kind, _, rest = key.partition("/")
            try:
                if kind == "labels":
                    self._prepare_labels(batch, key, seq)
                elif kind == "session" and (session := store.project.known_session(rest)) is not None:
                    refs = store.project.tracks_of(rest)
                    batch.sessions.append(SessionSave(session, seq, store.session_file(session), refs))
            except UserError as error:
                batch.problems.append(str(error))
        if SIDECAR_DOC in dirty and SIDECAR_DOC not in self.held:
            batch.sidecar, batch.sidecar_seq = render_sidecar(store.project.state), dirty[SIDECAR_DOC]
        summed = any(item.summarised and item.named for item in batch.labels)
        if PROJECT_DOC not in self.held and (PROJECT_DOC in dirty or summed):
            batch.state = store.project.state.copy()
            batch.project_seq = max(dirty.get(PROJECT_DOC, 0), store.project_file.version.seq)
        return batch

    def _prepare_labels(self, batch: SaveBatch, key: str, seq: int) -> None:
        project = self._store.project
        session_id, _, track = key.partition("/")[2].partition("/")
        named = self._store.has_track(session_id, track)
        labels = project.read_track(session_id, track)
        if labels is None and (not named or self._is_as_found(session_id, track)):
            batch.unchanged[key] = seq
            return
        if labels is None:
            labels = project.track(session_id, track)
        session = project.known_session(session_id)
        summarised = session if session and track == session.label_track else None
        file = self._store.label_files[(session_id, track)]
        batch.labels.append(LabelSave(session_id, track, seq, file, labels.now(), summarised, named))

    def _is_as_found(self, session_id: str, track: str) -> bool:
        """Whether a track that was not read here was never written by us, either, and has a file."""
        session = self._store.project.session(session_id)
        path = self._store.inside(self._store.track_file(session, track), "a label file")
        return not self._store.label_side(session_id, track, path).exists() and path.exists()

    def commit(self, batch: SaveBatch, report: SaveReport) -> None:
        """Take note of what was saved: nothing that changed meanwhile counts as saved."""
        store = self._store
        for sid, summary in report.summaries.items():
            if sid in store.project:
                store.project.replace_session(_with_summary(store.project.session(sid), summary))
        if report.summaries and PROJECT_DOC not in report.saved:  # they are in no file yet
            store.editor.dirty.setdefault(PROJECT_DOC, store.project_file.version.seq)
        for key, seq in report.saved.items():
            if store.editor.dirty.get(key) == seq:
                del store.editor.dirty[key]
        if not store.editor.dirty and store.journal.last_seq == batch.last_seq and not report.problems:
            try:
                store.journal.set_mark()
            except UserError as error:
                report.problems.append(str(error))

    # On any thread

    def write(self, batch: SaveBatch) -> SaveReport:
        """Write the files. Each one that can't be written is named in the report, the rest is done.

        What names others is written behind them, and not at all when one of them that it does not name any
        more could not be written: recovery would not find its edits.
        """
        report = SaveReport(dict(batch.unchanged), problems=list(batch.problems))
        stuck: set[str] = set()
        failed: set[str] = set()
        for label_save in sorted(batch.labels, key=lambda item: not item.named):
            if label_save.session in failed and not label_save.named:  # its labels may have gone there
                stuck.add(label_save.session)
                continue
            if not self._try(report, partial(_write_labels, label_save, report)):
                (failed if label_save.named else stuck).add(label_save.session)
        for session_save in batch.sessions:
            if session_save.session.id in stuck:
                continue
            if not self._try(report, partial(_write_session, session_save, report)):
                stuck.add(session_save.session.id)
        if batch.sidecar is not None:
            self._try(report, lambda: self._write_sidecar(batch, report))
        if batch.state is not None and stuck <= batch.state.sessions.keys():
            self._try(report, lambda: self._write_project(batch, report))
        return report

    def _try(self, report: SaveReport, action: Callable[[], None]) -> bool:
        try:
            action()
        except UserError as error:
            report.problems.append(str(error))
            if isinstance(error, Conflict):
                report.conflicts.append(error.key)
        except OSError as error:
            where = f" {printable(str(error.filename))}" if error.filename else ""
            report.problems.append(f"A file{where} could not be saved: {os_reason(error)}.")
        else:
            return True
        return False

    def _write_sidecar(self, batch: SaveBatch, report: SaveReport) -> None:
        assert batch.sidecar is not None
        self._store.sidecar_file.write(batch.sidecar, batch.sidecar_seq, {})
        report.saved[SIDECAR_DOC] = batch.sidecar_seq

    def _write_project(self, batch: SaveBatch, report: SaveReport) -> None:
        assert batch.state is not None
        state, file = batch.state, self._store.project_file
        for sid, summary in report.summaries.items():
            state.sessions[sid] = _with_summary(state.sessions[sid], summary)
        _without_lost_names(state, batch.labels, report.saved)
        document, original_state, original = self._original_version()
        as_before = _of_file(state) == original_state
        file.write(original if as_before else document.render(state), batch.project_seq, {})
        report.saved[PROJECT_DOC] = batch.project_seq

    def _original_version(self) -> tuple[ImprojDocument, ProjectState, bytes]:
        """The project file as it was before our first change; undoing everything brings it back."""
        if self._original is None:
            store = self._store
            path = store.layout.original
            if not path.exists() or not store.project_file.recognised:
                replace_file(path, read_file(store.path, "project file"))
            data = read_file(path, "file")
            as_opened = digest_of(data) == store.document_digest
            state = (store.document if as_opened else parse_improj(data, str(path))).state()
            self._original = (store.document, _of_file(state), data)
        return self._original


def _without_lost_names(state: ProjectState, labels: Iterable[LabelSave], saved: dict[str, int]) -> None:
    """Renew the totals of sessions whose labels could not be written, where they name a class that is gone.

    It would be a class of the project again when the file is read.
    """
    names = {c.name for c in state.classes}
    for item in labels:
        session = state.sessions.get(item.session) if item.summarised and item.named else None
        if session is None or labels_doc(item.session, item.track) in saved:
            continue
        if any(total.name not in names for total in session.totals):
            state.sessions[session.id] = replace(session, totals=totals_of(item.labels))


def _of_file(state: ProjectState) -> ProjectState:
    """The part of a state that the project file holds."""
    plain = state.copy()
    plain.looks, plain.windows = {}, None
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
    extra: dict[str, Any] = {"records": records_of(item.labels, item.file.document.holds)}
    before = {} if file.foreign else file.version.extra
    first = before.get("first") or _first_summary(file, item.summarised)
    if first:
        extra["first"] = first
    made = before.get("made", file.version.digest == MISSING)
    if made:
        extra["made"] = True
    gone = not item.named and not len(item.labels) and (made or len(item.file.document.labels) > 0)
    if gone and not made:  # a track that was renamed; one that was undone holds nothing that is not ours
        file.keep_theirs("renamed")
    if not gone:
        file.path.parent.mkdir(
            parents=True, exist_ok=True
        )  # inside the project: the store looked at the path
    kept = before.get(KEY) if before else packed(file.content()) if not made and not file.foreign else ""
    if kept:
        extra[KEY] = kept
    file.write(None if gone else _content(item, extra), item.seq, extra)
    report.saved[labels_doc(item.session, item.track)] = item.seq
    if item.summarised is not None and item.named:
        report.summaries[item.session] = _summary(item, file, first)


def _content(item: LabelSave, extra: dict[str, Any]) -> bytes | bytearray:
    """The file for the labels as they are; its first version when it held just these."""
    original = original_of(extra, item.labels, len(item.labels)) if extra.get(KEY) else None
    return item.file.document.render(item.labels) if original is None else original


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
        tags = "None" if len(item.labels) else "LabelsMissing"
    return replace(item.summarised, totals=totals_of(item.labels), labels_modified=modified, tags=tags)


def totals_of(labels: Iterable[Label]) -> tuple[ClassTotal, ...]:
    """How many labels each class has and the seconds they cover, in order of first appearance."""
    now = labels.now() if isinstance(labels, LabelTrack) else labels
    if isinstance(now, LabelRows):
        now = LabelsNow(now, frozenset(), ())
    elif not isinstance(now, LabelsNow):
        now = LabelsNow(None, frozenset(), tuple(now))
    return tuple(ClassTotal(name, n, round(length, 9)) for name, (n, length) in now.totals().items())


def _write_session(item: SessionSave, report: SaveReport) -> None:
    known, file = item.file.document, item.file.file
    if file is None:
        raise UserError(f"{printable(item.session.path)} has no session file to name its tracks in.")
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
    file.write(data, item.seq, {})
    report.saved[f"session/{item.session.id}"] = item.seq


def _info(session: Session, ref: TrackRef) -> TrackInfo:
    """A track as the session file names it: its file relative to the session file, with backslashes."""
    folder = session.session_file.rpartition("/")[0]
    path = ref.file.removeprefix(folder + "/") if folder else ref.file
    return TrackInfo(ref.name, ref.kind, path.replace("/", "\\"), is_label=ref.is_label)
