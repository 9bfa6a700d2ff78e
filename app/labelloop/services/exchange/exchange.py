"""Label tracks to and from other programs' files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from labelloop.errors import UserError, os_reason, printable
from labelloop.formats.labels.session_labels import SessionLabels
from labelloop.formats.paths import require_inside, resolve_payload, safe_file_name
from labelloop.formats.registry import LabelFormat, by_name
from labelloop.labeling.tracks import KEEP
from labelloop.project.changes import Change, Compound, count_of
from labelloop.project.class_changes import class_additions
from labelloop.project.label import Label
from labelloop.project.session import Session
from labelloop.services.exchange.names import SessionNames
from labelloop.services.generating.merging import NEW, Outcome, Rules, SessionOutcome, Target, session_change
from labelloop.storage.atomic import read_file, replace_file
from labelloop.storage.store import ProjectStore

MOST_BYTES = 1 << 28  # of one file of labels
_LEAST_PART_S = 1e-6  # what is left of a label cut at confirmed edges and is shorter is rounding


@dataclass
class Exported:
    """What was written where, and the sessions that were passed over with the reason."""

    folder: Path
    files: list[Path] = field(default_factory=list)
    sessions: int = 0
    labels: int = 0
    skipped: list[tuple[str, str]] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)


def export_labels(
    store: ProjectStore,
    format_name: str,
    sessions: Sequence[Session],
    folder: Path | None = None,
    track: str = "",
    confirmed_only: bool = False,
    overwrite: bool = False,
) -> Exported:
    """Write sessions' labels into files below ``folder`` (by default NAME-labels where one is).

    Args:
        store: the project.
        format_name: one of the registry's.
        sessions: whose labels.
        folder: where the files go.
        track: the label track; each session's active one by default.
        confirmed_only: leave out what nobody confirmed.
        overwrite: replace files that are there.

    Raises:
        UserError: the format is unknown, no session has the track, or a file is there or can't be written.
    """
    label_format = by_name(format_name)
    done = Exported(folder or Path(f"{safe_file_name(store.project.name)}-labels"))
    whole = [part for s in sessions if (part := _to_export(store, s, track, confirmed_only, done))]
    if not whole:
        why = (done.failed or done.skipped or [("", "no session was named")])[0][1]
        raise UserError(f"There is nothing to export: {why}.")
    files = _files(store, label_format, whole, done.folder)
    if not overwrite and (there := next((path for path, _ in files if path.exists()), None)):
        shown = printable(str(there))
        raise UserError(
            f"A file is there already ({shown}): choose another folder, or --force on the command line."
        )
    for path, parts in files:
        _write(path, label_format.write(parts))
        done.files.append(path)
    done.sessions, done.labels = len(whole), sum(len(part.labels) for part in whole)
    return done


def _to_export(
    store: ProjectStore, session: Session, track: str, confirmed_only: bool, done: Exported
) -> SessionLabels | None:
    """One session's labels, or a note why there are none to export."""
    name = track or session.label_track
    try:
        if name not in store.project.label_tracks_of(session.id):
            done.skipped.append((session.path, f"it has no label track {printable(name)}"))
            return None
        labels = store.project.track(session.id, name)
    except UserError as error:
        done.failed.append((session.path, str(error).rstrip(".")))
        return None
    chosen = tuple(x for x in labels if x.confirmed or not confirmed_only)
    return SessionLabels(session.path, chosen, name, session.start_s, session.end_s)


def _files(
    store: ProjectStore, label_format: LabelFormat, whole: Sequence[SessionLabels], folder: Path
) -> list[tuple[Path, Sequence[SessionLabels]]]:
    """Each file with what it holds; none of them lies outside the folder."""
    if label_format.together:
        return [(folder / f"{safe_file_name(store.project.name)}-labels{label_format.ending}", whole)]
    out: list[tuple[Path, Sequence[SessionLabels]]] = []
    for part in whole:
        found = resolve_payload(folder, folder, part.session + label_format.ending)
        out.append((require_inside(found, "A session's path"), [part]))
    return out


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        shown = printable(str(path.parent))
        raise UserError(f"The folder {shown} can't be made: {os_reason(error)}.") from error
    replace_file(path, data)


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """Which files bring labels, and how these meet what is there.

    ``track`` is each session's active one when empty, ``session`` names the one that a single file is of.
    ``shift_s`` is added to all times, ``relative`` says that they count from a recording's first sample.
    """

    format: str
    files: tuple[Path, ...]
    track: str = ""
    session: str = ""
    existing: str = KEEP
    confirmed: bool = False
    add_classes: bool = False
    shift_s: float = 0.0
    relative: bool = False
    tier: str = ""


@dataclass
class Imported(Outcome):
    """What came of an import, and which files or sessions of files the project does not know.

    ``notes`` say what became of labels that are not as the files have them, by session.
    """

    skipped: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def import_labels(store: ProjectStore, request: ImportRequest, dry: bool = False) -> Imported:
    """Put labels of other programs' files into tracks, one undoable change a session.

    All files are read first: when one of them can't be used, nothing is changed. A session without the
    track gets it.

    Raises:
        UserError: a file can't be read, no session is meant, or a class is unknown and not to be added.
    """
    label_format, done = by_name(request.format), Imported("")
    found = _by_session(store, request, label_format, done)
    if not found:
        why = (
            "; ".join(f"{printable(path)}: {reason}" for path, reason in done.skipped[:3])
            or "no labels in it"
        )
        raise UserError(f"Nothing can be imported ({why}).")
    _check_classes(store, found.values(), request.add_classes)
    for (session_id, track), given in found.items():
        session = store.project.session(session_id)
        shift = request.shift_s + (session.start_s if request.relative else 0.0)
        labels = [replace(x, start=x.start + shift, source_text="") for x in given] if shift else given
        outcome = _import_one(store, session, labels, replace(request, track=track), dry)
        done.sessions.append(outcome)
        done.notes += _notes(session, labels, outcome)
    return done


def _notes(session: Session, labels: Sequence[Label], outcome: SessionOutcome) -> list[str]:
    """What became of labels that were left out or cut. Nothing for a session that got none for a reason."""
    if outcome.problem:
        return []
    low, high, name = session.start_s, session.end_s, printable(session.path)
    outside = [x for x in labels if x.end <= low or x.start >= high]
    cut = sum((x.start < low - 1e-6 or x.end > high + 1e-6) for x in labels) - len(outside)
    under = len(labels) - len(outside) - outcome.added
    out = []
    if outside:
        first = min(outside, key=lambda x: x.start)
        out.append(
            f"{name}: {count_of(len(outside), 'label')} outside the recording ({low:.10g} to {high:.10g} s) "
            f"left out, the first at {first.start:.10g} s; --shift S or --relative moves them."
        )
    if cut > 0:
        out.append(f"{name}: {count_of(cut, 'label')} cut at the recording's ends.")
    if under > 0:
        out.append(f"{name}: {count_of(under, 'label')} not added, as confirmed ones lie there.")
    return out


def _by_session(
    store: ProjectStore, request: ImportRequest, label_format: LabelFormat, done: Imported
) -> dict[tuple[str, str], list[Label]]:
    """The labels that the files hold, by the session and track that are meant.

    Where a file has several tiers with labels each of them becomes a track of its name.
    """
    names = SessionNames(store.project)
    found: dict[tuple[str, str], list[Label]] = {}
    for path in _files_below(request.files, label_format):
        where = printable(str(path))
        parts = label_format.read(read_file(path, "The label file", MOST_BYTES), where)
        for part, track in _chosen(parts, request, where):
            name = request.session or part.session
            session = names.named(name) if name else names.of_file(path, label_format.ending)
            if session is None:
                done.skipped.append((name or where, "the project has no such session"))
                continue
            origin = f"import:{path.name}"
            labels = (replace(x, origin=origin, confirmed=request.confirmed) for x in part.labels)
            found.setdefault((session.id, track), []).extend(labels)
    return found


def _chosen(
    parts: Sequence[SessionLabels], request: ImportRequest, where: str
) -> list[tuple[SessionLabels, str]]:
    """The parts of a file that are wanted, each with its track; "" for the session's active one.

    Raises:
        UserError: the file has no tier of the name that is asked for.
    """
    if request.tier:
        own = [part for part in parts if part.track == request.tier]
        if not own:
            names = ", ".join(sorted({printable(p.track) for p in parts if p.track})) or "none"
            raise UserError(f"{where} has no tier '{printable(request.tier)}' (tiers: {names}).")
        return [(part, request.track) for part in own]
    filled: dict[str, set[str]] = {}
    for part in parts:
        if part.labels and part.track:
            filled.setdefault(part.session, set()).add(part.track)
    return [
        (part, request.track or (part.track if len(filled.get(part.session, ())) > 1 else ""))
        for part in parts
        if part.labels or not filled.get(part.session)
    ]


def _files_below(paths: Iterable[Path], label_format: LabelFormat) -> Iterator[Path]:
    """The files themselves, and those of the format's ending in folders. Raises UserError for none."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        ending = label_format.ending.lower()
        below = [p for p in sorted(path.rglob("*")) if p.name.lower().endswith(ending) and p.is_file()]
        if not below:
            raise UserError(f"There is no {label_format.ending} file below {printable(str(path))}.")
        yield from below


def _check_classes(store: ProjectStore, labels: Iterable[Sequence[Label]], add: bool) -> None:
    known = set(store.project.class_names)
    unknown = sorted({x.name for part in labels for x in part} - known)
    if unknown and not add:
        names = ", ".join(f"'{printable(name)}'" for name in unknown[:5])
        more = f" and {len(unknown) - 5} more" if len(unknown) > 5 else ""
        raise UserError(
            f"{printable(store.project.name)} lacks {names}{more}: add such classes with --add-classes; "
            f"nothing was imported."
        )


def _import_one(
    store: ProjectStore, session: Session, labels: Sequence[Label], request: ImportRequest, dry: bool
) -> SessionOutcome:
    """Put one session's labels into its track, with the classes that they need, as one change."""
    classes = sorted({x.name for x in labels})
    try:
        target = Target.parse(f"{NEW}:{request.track or session.label_track}")
        rules = Rules(target, request.existing, least_part=dict.fromkeys(classes, _LEAST_PART_S))
        change, outcome = session_change(store, session, labels, rules, classes)
        if change is not None and not dry:
            parts: list[Change] = [*class_additions(store.project, classes), change]
            title = f"{count_of(outcome.added, 'label')} imported into {printable(session.name)}"
            store.editor.apply(parts[0] if len(parts) == 1 else Compound(tuple(parts)), title, "import")
        return outcome
    except UserError as error:
        return SessionOutcome(session, problem=str(error))
