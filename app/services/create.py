"""Making a project of recordings in place, adding to it, and noticing what changed on disk."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.errors import UserError, printable
from app.formats.improj import new_improj, to_dotnet
from app.formats.imsession import TrackInfo, new_imsession, parse_imsession
from app.formats.label import EMPTY_LABELS, parse_labels
from app.project.changes import Change, Compound
from app.project.class_changes import SetClasses, SetColumns
from app.project.classes import ClassDef, next_class_id
from app.project.labels import Label
from app.project.project import CustomColumn, Project, ProjectState
from app.project.session import Session
from app.project.session_changes import ChangeSessions, Placed
from app.project.sets import UNASSIGNED
from app.services.discover import DEFAULT_TRACK, Found, data_folder, find_recordings
from app.storage.atomic import read_file, replace_file
from app.storage.home import ProjectHome
from app.storage.saving import totals_of
from app.storage.signals import Signal, SignalStore
from app.storage.store import ProjectStore

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


@dataclass
class _Writer:
    """Writes new files, and takes them all back when something fails."""

    made: list[Path] = field(default_factory=list)

    def write(self, path: Path, data: bytes) -> None:
        if not path.exists():
            replace_file(path, data)
            self.made.append(path)

    def take_back(self) -> None:
        for path in reversed(self.made):
            path.unlink(missing_ok=True)


def new_project(folder: Path, name: str | None = None, progress: Progress = _quiet) -> Created:
    """Make a project of the recordings below a folder, copying and changing none of them.

    Raises:
        UserError: the folder is missing, can't be written, has a project already or holds no recordings.
    """
    folder = folder.resolve()
    _check_folder(folder)
    project_name = (name or folder.name).strip()
    odd = "/" in project_name or project_name.startswith(".") or not project_name.isprintable()
    if odd or not project_name:
        raise UserError(f"'{printable(project_name)}' is no name for a project: use letters, digits, spaces.")
    file = folder / f"{project_name}.improj"
    found = list(find_recordings(data_folder(folder)))
    if not found:
        shown = printable(str(folder))
        raise UserError(f"{shown} holds no recordings (.csv, .data or .wav): nothing was made.")
    made, writer = Created(file), _Writer()
    try:
        state = _read_all(folder, found, made, writer, progress)
        replace_file(file, new_improj(state))
    except BaseException:
        writer.take_back()
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
            state.sessions[session.id] = session
            state.members[UNASSIGNED].append(session.id)
            made.sessions.append(session)
    if not made.sessions:
        path, why = made.skipped[0]
        raise UserError(f"None of the {len(found)} recordings can be used; the first, {path}: {why}")
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
        signal = signals.load(item.signal)
        labels = {track: _labels_of(path) for track, path in item.labels}
    except UserError as error:
        made.skipped.append((item.path, str(error)))
        return None
    made.warnings.extend(f"{printable(item.path)}: {text}" for text in signal.warnings)
    for rows in labels.values():
        names.update(dict.fromkeys(label.name for label in rows))
    session_id = _write_files(folder, item, writer)
    return _session(folder, item, signal, labels.get(DEFAULT_TRACK, []), session_id, columns)


def _labels_of(path: Path) -> list[Label]:
    return parse_labels(read_file(path, "label file"), str(path)).labels


def _write_files(folder: Path, item: Found, writer: _Writer) -> str:
    """Write the session file and an empty label file where there is none; the session's id."""
    writer.write(item.label_path(DEFAULT_TRACK), EMPTY_LABELS)
    session_id = str(uuid.uuid4())
    if item.session_file.exists():
        known = parse_imsession(read_file(item.session_file, "session file"), str(item.session_file))
        return known.timeline_id or session_id
    tracks = [TrackInfo.data("data", item.signal.name)]
    tracks += [TrackInfo.data(p.stem, p.name) for p in item.more_signals if p.stem != "data"]
    labels = dict(item.labels) | {DEFAULT_TRACK: item.label_path(DEFAULT_TRACK)}
    ordered = sorted(labels, key=lambda track: track != DEFAULT_TRACK)
    tracks += [TrackInfo.label(track, labels[track].name) for track in ordered]
    writer.write(item.session_file, new_imsession(session_id, tracks))
    return session_id


def _session(
    folder: Path,
    item: Found,
    signal: Signal,
    labels: list[Label],
    session_id: str,
    columns: tuple[CustomColumn, ...],
) -> Session:
    def below(path: Path) -> str:
        return path.relative_to(folder).as_posix()

    label_path = item.label_path(DEFAULT_TRACK)
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
        custom={column.id: value for column, value in zip(columns, item.categories, strict=False)},
    )


def add_recordings(store: ProjectStore, folder: Path, progress: Progress = _quiet) -> Created:
    """Add the recordings below a folder inside the project that it does not have yet, as one change.

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
    known = {s.data_file for s in project.sessions()} | {s.session_file for s in project.sessions()}
    root = root if below.is_relative_to(root) else home
    fresh = [
        item
        for item in find_recordings(root, below)
        if item.signal.relative_to(home).as_posix() not in known
        and item.session_file.relative_to(home).as_posix() not in known
    ]
    made, writer = Created(project.file), _Writer()
    if not fresh:
        raise UserError(f"{printable(str(folder))} holds no recordings that the project does not have.")
    try:
        _add(store, fresh, made, writer, progress)
    except BaseException:
        writer.take_back()
        raise
    return made


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
        raise UserError(f"None of the {len(fresh)} new recordings can be used; the first, {path}: {why}")
    changes: list[Change] = []
    if more:
        changes.append(SetColumns(project.state.columns, project.state.columns + more))
    start = len(project.state.members[UNASSIGNED])
    placed = tuple(Placed(s, UNASSIGNED, start + i) for i, s in enumerate(made.sessions))
    changes.append(ChangeSessions(added=placed))
    changes += class_additions(project, names)
    count = len(placed)
    store.editor.apply(Compound(tuple(changes), f"{count} session{'s' if count > 1 else ''} added"))


def class_additions(project: Project, names: Iterable[str]) -> list[Change]:
    """The change that adds those of the named classes that the project lacks, if any."""
    fresh = [name for name in dict.fromkeys(names) if name not in project.class_names]
    if not fresh:
        return []
    classes = project.state.classes
    for name in fresh:
        classes = (*classes, ClassDef(name, next_class_id(classes)))
    return [SetClasses(project.state.classes, classes)]
