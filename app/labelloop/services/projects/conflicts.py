"""A file that another program changed while edits of ours waited for it: both versions are kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from labelloop.errors import UserError, printable
from labelloop.formats.improj.project_file import parse_improj
from labelloop.project.changes import PROJECT_DOC, SIDECAR_DOC, count_of, primitives
from labelloop.project.labels import Label
from labelloop.project.project import Project, ProjectState
from labelloop.services.projects.info import look_at_files
from labelloop.services.sessions.summaries import summed_up
from labelloop.storage.documents import DocumentFile
from labelloop.storage.recovery import primary_document
from labelloop.storage.saving import Saver
from labelloop.storage.store import ProjectStore


def _parts(key: str) -> tuple[str, str, str]:
    kind, _, rest = key.partition("/")
    session_id, _, track = rest.partition("/")
    return kind, session_id, track


def file_of(store: ProjectStore, key: str) -> DocumentFile | None:
    """The file that is in conflict; None when it was not read here."""
    kind, session_id, track = _parts(key)
    if kind == "labels":
        loaded = store.label_files.get((session_id, track))
        return loaded.file if loaded else None
    if kind == "session":
        read = store.session_files.get(session_id)
        return read.file if read else None
    return {PROJECT_DOC: store.project_file, SIDECAR_DOC: store.sidecar_file}.get(key)


def difference(store: ProjectStore, key: str) -> str:
    """What is in conflict and how the two versions differ, in few words."""
    kind, session_id, track = _parts(key)
    file = file_of(store, key)
    name = printable(file.path.name) if file else "a file"
    if kind != "labels" or session_id not in store.project:
        return f"{name} was changed outside"
    session = store.project.session(session_id)
    try:
        theirs = store.read_apart(session, track).labels
    except UserError:
        return f"labels of {printable(session.name)}: theirs can't be read"
    mine, other = _plain(store.project.track(session_id, track)), _plain(theirs)
    only_mine, only_theirs = (mine - other).total(), (other - mine).total()
    return f"{printable(session.name)}: {count_of(only_mine, 'label')} only in mine, {only_theirs} in theirs"


def _plain(labels: Iterable[Label]) -> Counter[tuple[float, float, str]]:
    return Counter((x.start, x.length, x.name) for x in labels)


def settle(store: ProjectStore, saver: Saver, key: str, ours: bool) -> list[str]:
    """Go on with ours, of which a copy of theirs is kept, or with theirs, of which a copy of ours is.

    In theirs of the project file our edits that fit are made again; the titles of those that don't are
    returned. In a label file theirs takes the place of ours, whose edits stay in the history.
    """
    kind, session_id, track = _parts(key)
    file = file_of(store, key)
    clashes: list[str] = []
    if file is None:
        pass
    elif ours or key == SIDECAR_DOC:
        file.keep_theirs()
        file.load()
        saver.reread()
    elif key == PROJECT_DOC:
        clashes = merge_project(store, saver)
    elif kind == "labels":
        _take_labels(store, session_id, track)
    else:
        store.editor.dirty.pop(key, None)
        store.session_files.pop(session_id, None)
        store.project.forget_refs(session_id)
    saver.held.discard(key)
    return clashes


def _take_labels(store: ProjectStore, session_id: str, track: str) -> None:
    loaded = store.label_files[(session_id, track)]
    labels = store.project.track(session_id, track).now()
    loaded.file.keep_aside(loaded.document.render(labels), "ours")
    store.editor.dirty.pop(loaded.file.key, None)
    store.project.forget_track(session_id, track)
    session = store.project.session(session_id)
    if track == session.label_track:
        store.project.replace_session(summed_up(store, session, track))


def merge_project(store: ProjectStore, saver: Saver) -> list[str]:
    """Take in the project file as another program wrote it, and make our unsaved edits in it again.

    Returns:
        the titles of the edits that don't fit into it any more.

    Raises:
        UserError: it can't be read; nothing was taken in.
    """
    file = store.project_file
    unsaved = [entry for entry in store.journal.unsaved() if entry.seq > file.version.seq]
    data = file.load()
    if data is None:
        raise UserError(f"{printable(str(store.path))} is gone: choose mine to write it again.")
    document = parse_improj(data, str(store.path))
    file.keep_aside(data, "theirs")
    merged = Project(store.path, _with_ours(document.state(), store.project.state), store)
    clashes: dict[str, None] = {}
    for entry in unsaved:
        for part in primitives(entry.change):
            if primary_document(part) != PROJECT_DOC:
                continue
            try:
                part.check(merged)
                part.apply(merged)
            except UserError:
                clashes[entry.title] = None
    store.take_document(document)
    store.project.take_state(merged.state)
    saver.reread()
    look_at_files(store)
    return list(clashes)


def _with_ours(state: ProjectState, mine: ProjectState) -> ProjectState:
    """A state of the project file with what only we know: marks, flags, looks, windows."""
    state.looks, state.windows = mine.looks, mine.windows
    for sid, session in state.sessions.items():
        if (known := mine.sessions.get(sid)) is not None:
            state.sessions[sid] = replace(session, done=known.done, flag=known.flag)
    return state
