"""Recovery at the start: journaled changes that are not in the project's files yet are applied."""

from __future__ import annotations

from contextlib import suppress

from labelloop.errors import Refused, UserError, printable
from labelloop.project.changes import PROJECT_DOC, SIDECAR_DOC, Change, primitives, session_doc
from labelloop.project.history import Entry
from labelloop.project.label_changes import AttachTrack, EditLabels
from labelloop.storage.atomic import sweep_temps
from labelloop.storage.documents import DocumentFile
from labelloop.storage.making import clear_made
from labelloop.storage.store import ProjectStore


def recover(store: ProjectStore) -> int:
    """Apply what waits in the journal of a project that was just opened; how many edits that were."""
    return Recovery(store).run()


class Recovery:
    """Recovers the project of one store that was just opened."""

    def __init__(self, store: ProjectStore) -> None:
        self._store = store

    def run(self) -> int:
        """Apply what waits in the journal; how many edits that were."""
        store, recovered = self._store, 0
        if store.sidecar_lost:
            self._remake_sidecar()
        for entry in store.journal.pending:
            replayed = [self._replay(entry, part) for part in primitives(entry.change)]
            recovered += any(replayed)
        store.journal.pending.clear()
        if not store.read_only:
            self._sweep()
            clear_made(store.layout, store.project)
        return recovered

    def _remake_sidecar(self) -> None:
        """Put together from the journal what a damaged ``project.json`` held, and keep that file aside."""
        store = self._store
        for entry in store.journal.entries():
            for part in primitives(entry.change):
                if primary_document(part) == SIDECAR_DOC:
                    with suppress(UserError):  # of a session that is gone, or of a part that was lost
                        part.check(store.project)
                        part.apply(store.project)
        text = (
            f"{printable(str(store.layout.sidecar))} can't be read: marks, keys and colours of classes were"
        )
        text += " put together anew from the journal"
        if not store.read_only:
            store.editor.dirty[SIDECAR_DOC] = store.journal.last_seq
            kept = store.sidecar_file.keep_theirs("damaged")
            text += f", the damaged file is kept as {printable(str(kept))}" if kept else ""
        store.warnings.append(f"{text}.")

    def _sweep(self) -> None:
        """Remove what a killed writer left half written; nobody else writes while we hold the lock.

        What it was writing has entries behind the mark, and was read for them.
        """
        store = self._store
        labels = [loaded.file for loaded in store.label_files.values()]
        sessions = [loaded.file for loaded in store.session_files.values() if loaded.file is not None]
        files = [store.project_file, store.sidecar_file, *labels, *sessions]
        for folder in {folder for file in files for folder in (file.path.parent, file.side.parent)}:
            sweep_temps(folder, older_than_s=0)

    def _replay(self, entry: Entry, part: Change) -> bool:
        """Apply a part of an entry when its document does not hold it yet; whether that was so."""
        store = self._store
        try:
            document = primary_document(part)
            if document == SIDECAR_DOC and store.sidecar_lost:
                return True
            file = self._document(document)
            if file is None or entry.seq <= file.version.seq or (not file.recognised and self._holds(part)):
                self._save_again(part)
                return False
            part.check(store.project)
        except Refused as error:
            store.warnings.append(f"An edit could not be recovered ({entry.title}): {error}")
            return False
        except UserError as error:
            store.warnings.append(f"An edit waits for its file ({entry.title}): {error}")
            store.editor.dirty.setdefault("unreadable", entry.seq)
            return False
        if file.foreign and not store.read_only:
            self._report_foreign(file)
        part.apply(store.project)
        for name in part.touched().documents:
            store.editor.dirty[name] = entry.seq
        return True

    def _holds(self, part: Change) -> bool:
        """Whether a label file whose state is not known holds an edit already, to the last label."""
        if not isinstance(part, EditLabels):
            return False
        there = {(x.start, x.length, x.name) for x in self._store.project.track(part.session, part.track)}
        added = {(x.start, x.length, x.name) for x in part.added}
        removed = {(x.start, x.length, x.name) for x in part.removed}
        return added <= there and not removed & there

    def _save_again(self, part: Change) -> None:
        """Have label files saved again that hold an edit whose summary may not be in the project file."""
        for name in part.touched().documents:
            file = self._document(name) if name.startswith("labels/") else None
            if file is not None:
                self._store.editor.dirty.setdefault(name, file.version.seq)

    def _report_foreign(self, file: DocumentFile) -> None:
        kept = file.keep_theirs()
        text = (
            f"{printable(file.path.name)} in {printable(file.path.parent.name)} was changed by another "
            f"program while edits waited for it here: they were put into its version"
        )
        text += f", which is kept as {printable(str(kept))}." if kept else "."
        if text not in self._store.warnings:
            self._store.warnings.append(text)

    def _document(self, document: str) -> DocumentFile | None:
        """A document's file. None when what it belongs to is not in the project.

        The saver writes labels before the session file, and both before the project file: what a session or
        track held when it was taken out is in its file.
        """
        store = self._store
        if document == PROJECT_DOC:
            return store.project_file
        if document == SIDECAR_DOC:
            return store.sidecar_file
        kind, _, rest = document.partition("/")
        session_id, _, track = rest.partition("/")
        if session_id not in store.project:
            return None
        if kind == "session":
            return store.session_file(store.project.session(session_id)).file
        if not store.has_track(session_id, track):
            return None
        store.project.track(session_id, track)
        return store.label_files[(session_id, track)].file


def primary_document(part: Change) -> str:
    """The one document that says whether a primitive change is saved."""
    if isinstance(part, AttachTrack):
        return session_doc(part.session)
    documents = part.touched().documents
    return PROJECT_DOC if PROJECT_DOC in documents else next(iter(documents))
