"""Making a project of recordings in place, adding to it, and noticing what changed on disk."""

from __future__ import annotations

import shutil
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from labelloop.errors import UserError, printable
from labelloop.formats.improj.project_file import new_improj, to_dotnet
from labelloop.formats.improj.session_file import TrackInfo, new_imsession, parse_imsession
from labelloop.formats.labels.label_file import EMPTY_LABELS, parse_labels
from labelloop.formats.paths import require_inside, resolve_file
from labelloop.formats.signals.dialect import TableOptions
from labelloop.project.changes import Change, Compound
from labelloop.project.class_changes import SetColumns, class_additions
from labelloop.project.classes import ClassDef
from labelloop.project.labels import Label
from labelloop.project.project import CustomColumn, Project, ProjectState
from labelloop.project.session import Session
from labelloop.project.session_changes import ChangeSessions, Placed
from labelloop.project.sets import UNASSIGNED
from labelloop.services.projects.discover import Found, data_folder, find_recordings
from labelloop.storage.atomic import read_file, replace_file
from labelloop.storage.home import ProjectHome
from labelloop.storage.making import Making
from labelloop.storage.permits import heed
from labelloop.storage.saving import totals_of
from labelloop.storage.signals import Signal, SignalStore
from labelloop.storage.store import ProjectStore
from labelloop.storage.table_options import dialect_words, keep_options

Progress = Callable[[int, int, str], None]


def _quiet(done: int, total: int, name: str) -> None:
    """No progress is shown."""


@dataclass
class Created:
    """What came of looking for recordings: the project file, sessions, and what was passed over and why."""

    project: Path
    sessions: list[Session] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    understood: Counter[str] = field(default_factory=Counter)  # how many tables of other forms, by their form


@dataclass
class _Writer:
    """Writes new files, and takes them all back when something fails."""

    made: list[Path] = field(default_factory=list)
    home: Path | None = None
    making: Making | None = None

    def write(self, path: Path, data: bytes) -> None:
        if not path.exists():
            if self.making is not None:
                self.making.note(path, data)
            self.made.append(path)
            replace_file(path, data)

    def over(self) -> None:
        """The project names what was written, or it is gone again."""
        if self.making is not None:
            self.making.over()

    def revert(self) -> None:
        """Remove what was written, and our own folder when it was not there before."""
        for path in reversed(self.made):
            path.unlink(missing_ok=True)
        self.over()
        if self.home is not None:
            shutil.rmtree(self.home, ignore_errors=True)


def new_project(
    folder: Path,
    name: str | None = None,
    progress: Progress = _quiet,
    options: TableOptions | None = None,
) -> Created:
    """Make a project of the recordings below a folder, copying and changing none of them.

    ``options`` are what a user says of tables that can't be understood alone.

    Raises:
        UserError: the folder is missing, can't be written, has a project already or holds no recordings.
    """
    folder = folder.resolve()
    _check_folder(folder)
    heed(folder)
    project_name = (name or folder.name).strip()
    odd = "/" in project_name or project_name.startswith(".") or not project_name.isprintable()
    if odd or not project_name:
        raise UserError(f"'{printable(project_name)}' is no name for a project: use letters, digits, spaces.")
    file = folder / f"{project_name}.improj"
    found = list(find_recordings(data_folder(folder)))
    if not found:
        shown = printable(str(folder))
        raise UserError(f"{shown} holds no recordings (.csv, .data, .tsv, .txt or .wav): nothing was made.")
    home = ProjectHome(folder).home
    made, writer = Created(file), _Writer(home=None if home.exists() else home)
    try:
        keep_options(home, [item.signal for item in found], options or TableOptions())
        state = _read_all(folder, found, made, writer, progress)
        writer.write(file, new_improj(state))
    except BaseException:
        writer.revert()
        raise
    return made


def _check_folder(folder: Path) -> None:
    shown = printable(str(folder))
    if not folder.is_dir():
        raise UserError(f"There is no folder {shown}.")
    existing = sorted(folder.glob("*.improj"))
    if existing:
        raise UserError(
            f"{shown} has a project already ({printable(existing[0].name)}): open that, or add recordings to "
            f"it with 'labelloop add'."
        )
    probe = folder / f".labelloop-{uuid.uuid4().hex}"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UserError(
            f"{shown} can't be written ({error.strerror}): give yourself write permission or copy it first."
        ) from error


def _read_all(
    folder: Path, found: list[Found], made: Created, writer: _Writer, progress: Progress
) -> ProjectState:
    signals = SignalStore(ProjectHome(folder).cache)
    state = ProjectState()
    names: dict[str, None] = {}
    depth = max(len(item.categories) for item in found)
    state.columns = _category_columns(depth)
    for number, item in enumerate(found):
        progress(number, len(found), item.path)
        session = _session_or_reason(folder, item, signals, state.columns, made, writer, names)
        if session is not None:
            if session.id in state.sessions:  # a copied folder
                session = replace(session, id=str(uuid.uuid4()))
            state.sessions[session.id] = session
            state.members[UNASSIGNED].append(session.id)
            made.sessions.append(session)
    if not made.sessions:
        path, why = made.skipped[0]
        raise UserError(f"None of the {len(found)} recordings can be used; {printable(path)}: {why}")
    state.classes = tuple(ClassDef(name, i) for i, name in enumerate(names, 1))
    return state


def _category_columns(depth: int) -> tuple[CustomColumn, ...]:
    titles = [f"Category {i + 1}" for i in range(depth)]
    return tuple(CustomColumn(str(uuid.uuid4()), title, title) for title in titles)


def _session_or_reason(
    folder: Path,
    item: Found,
    signals: SignalStore,
    columns: tuple[CustomColumn, ...],
    made: Created,
    writer: _Writer,
    names: dict[str, None],
) -> Session | None:
    """The session of one recording; None when it can't be used, with the reason noted."""
    try:
        _check_inside(folder, item)
        signal = signals.load(item.signal)
        if words := dialect_words(signals.folder.parent, item.signal):
            made.understood[words] += 1
        labels = {track: _labels_of(path) for track, path in item.labels}
        session_id = _session_id(item)
    except UserError as error:
        made.skipped.append((item.path, str(error)))
        return None
    made.warnings.extend(f"{printable(item.path)}: {text}" for text in signal.warnings)
    for rows in labels.values():
        names.update(dict.fromkeys(label.name for label in rows))
    _write_files(item, session_id, writer)
    return _session(folder, item, signal, labels.get(item.label_track, []), session_id, columns)


def _labels_of(path: Path) -> Sequence[Label]:
    return parse_labels(read_file(path, "label file"), str(path)).labels


def _check_inside(folder: Path, item: Found) -> None:
    """Refuse a recording that is, or whose files are, a link out of the project's folder."""
    for path in (item.signal, item.session_file, item.label_path(item.label_track)):
        require_inside(resolve_file(folder, path.relative_to(folder).as_posix()), path.name)


def _session_id(item: Found) -> str:
    """The id of the session file that is there, or a new one."""
    if not item.session_file.exists():
        return str(uuid.uuid4())
    known = parse_imsession(read_file(item.session_file, "session file"), str(item.session_file))
    return known.timeline_id or str(uuid.uuid4())


def _write_files(item: Found, session_id: str, writer: _Writer) -> None:
    """Write the session file, and an empty label file, where there is none."""
    active = item.label_track
    writer.write(item.label_path(active), EMPTY_LABELS)
    tracks = [TrackInfo.data(item.data_track, item.signal.name)]
    tracks += [TrackInfo.data(name, p.name) for name, p in item.more_signals if name != item.data_track]
    labels = dict(item.labels) | {active: item.label_path(active)}
    ordered = sorted(labels, key=lambda track: track != active)
    tracks += [TrackInfo.label(track, labels[track].name) for track in ordered]
    writer.write(item.session_file, new_imsession(session_id, tracks))


def _session(
    folder: Path,
    item: Found,
    signal: Signal,
    labels: Sequence[Label],
    session_id: str,
    columns: tuple[CustomColumn, ...],
) -> Session:
    def below(path: Path) -> str:
        return path.relative_to(folder).as_posix()

    label_path = item.label_path(item.label_track)
    return Session(
        session_id,
        item.name,
        item.path,
        below(item.signal),
        below(item.session_file),
        below(label_path),
        shape=(len(signal.names),),
        rate_hz=round(signal.rate_hz, 3),
        start_s=float(signal.times[0]),
        length_s=float(signal.times[-1] - signal.times[0]),
        data_modified=to_dotnet(item.signal.stat().st_mtime),
        labels_modified=to_dotnet(label_path.stat().st_mtime),
        tags="None" if labels else "LabelsMissing",
        totals=totals_of(labels),
        data_track=item.data_track,
        label_track=item.label_track,
        custom={column.id: value for column, value in zip(columns, item.categories, strict=False)},
    )


def add_recordings(
    store: ProjectStore,
    folder: Path,
    progress: Progress = _quiet,
    options: TableOptions | None = None,
) -> Created:
    """Add the recordings below a folder inside the project that it does not have yet, as one change.

    ``options`` are what a user says of tables that can't be understood alone.

    Raises:
        UserError: the folder lies outside the project, or holds nothing new.
    """
    project, root = store.project, data_folder(store.project.folder)
    below, home = folder.resolve(), project.folder.resolve()
    if not below.is_relative_to(home):
        raise UserError(
            f"{printable(str(folder))} lies outside the project: copy it below {printable(str(root))} first."
        )
    if not below.is_dir():
        raise UserError(f"There is no folder {printable(str(folder))}.")
    fresh = fresh_recordings(project, root if below.is_relative_to(root) else home, below)
    made, writer = Created(project.file), _Writer(making=Making(store.layout))
    if not fresh:
        raise UserError(f"{printable(str(folder))} holds no recordings that the project does not have.")
    keep_options(store.layout.home, [item.signal for item in fresh], options or TableOptions())
    try:
        _add(store, fresh, made, writer, progress)
    except BaseException:
        writer.revert()
        raise
    writer.over()
    return made


def fresh_recordings(project: Project, root: Path, below: Path | None = None) -> list[Found]:
    """The recordings on disk that the project does not have."""
    known = {s.data_file for s in project.sessions()} | {s.session_file for s in project.sessions()}
    folders: dict[str, list[str]] = {}
    for session in project.sessions():
        folders.setdefault(session.data_file.rpartition("/")[0], []).append(session.id)
    fresh = []
    for item in find_recordings(root, below):
        signal, file = (p.relative_to(project.folder).as_posix() for p in (item.signal, item.session_file))
        beside = folders.get(signal.rpartition("/")[0], [])
        if not known & {signal, file} and not any(_has_track(project, sid, signal) for sid in beside):
            fresh.append(item)
    return fresh


def _has_track(project: Project, session_id: str, file: str) -> bool:
    """Whether a session names a file as one of its tracks."""
    try:
        return any(ref.file == file for ref in project.tracks_of(session_id))
    except UserError:
        return False


def _add(store: ProjectStore, fresh: list[Found], made: Created, writer: _Writer, progress: Progress) -> None:
    project = store.project
    signals = SignalStore(store.layout.cache)
    names: dict[str, None] = {}
    depth = max(len(item.categories) for item in fresh)
    categories = tuple(c for c in project.state.columns if c.internal_name.startswith("Category"))
    more = _category_columns(depth)[len(categories) :]
    for number, item in enumerate(fresh):
        progress(number, len(fresh), item.path)
        session = _session_or_reason(project.folder, item, signals, (*categories, *more), made, writer, names)
        if session is not None:
            if session.id in project or any(session.id == s.id for s in made.sessions):
                session = replace(session, id=str(uuid.uuid4()))
            made.sessions.append(session)
    if not made.sessions:
        path, why = made.skipped[0]
        raise UserError(f"None of the {len(fresh)} new recordings can be used; {printable(path)}: {why}")
    changes: list[Change] = []
    if more:
        changes.append(SetColumns(project.state.columns, project.state.columns + more))
    start = len(project.state.members[UNASSIGNED])
    placed = tuple(Placed(s, UNASSIGNED, start + i) for i, s in enumerate(made.sessions))
    changes.append(ChangeSessions(added=placed))
    changes += class_additions(project, names)
    count = len(placed)
    store.editor.apply(Compound(tuple(changes), f"{count} session{'s' if count > 1 else ''} added"))
