"""Paths as Studio's files write them, and what they mean on this disk."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from posixpath import basename, dirname, splitext

from labelloop.errors import UserError, printable

DATA_FOLDER = "Data"
_DRIVE = re.compile(r"/?[A-Za-z]:")
_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f\\/:*?"<>|\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)")
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class ResolvedPath:
    """Where a path from a file leads, symbolic links followed, and whether that is inside the project."""

    path: Path
    inside: bool
    written: str


def clean(written: str) -> str:
    """A path from a project file with forward slashes and without the one that means the project's folder.

    >>> clean("/Data/down/down_01/data.csv")
    'Data/down/down_01/data.csv'
    """
    path = written.replace("\\", "/")
    return path if path.startswith("//") else path.removeprefix("/")


def resolve_payload(
    project_folder: Path, session_folder: Path, payload: str, strict: bool = False
) -> ResolvedPath:
    """Where ``payload`` leads: below the project's folder when it begins with a slash, else from the session.

    Paths with a drive or a server, and those that leave the project by ``..`` or a link, are not inside,
    unless its user allowed that (``strict``: even then).
    """
    written = payload.replace("\\", "/")
    try:
        root = project_folder.resolve()
        if written.startswith("//") or _DRIVE.match(written):
            return ResolvedPath(Path(written), False, payload)
        base = root if written.startswith("/") else session_folder
        path = (base / written.lstrip("/")).resolve()
    except (OSError, ValueError, RuntimeError):
        return ResolvedPath(Path("?"), False, payload)
    inside = path != root and (path.is_relative_to(root) or (root in _open_roots and not strict))
    return ResolvedPath(path, inside, payload)


_open_roots: set[Path] = set()  # project folders whose files may lie elsewhere, as their user said


def allow_outside(project_folder: Path) -> None:
    """Let files of this project lie outside its folder, for as long as the program runs."""
    _open_roots.add(project_folder.resolve())


def is_allowed_outside(project_folder: Path) -> bool:
    """Whether files of this project may lie outside its folder."""
    return project_folder.resolve() in _open_roots


def resolve_file(project_folder: Path, written: str) -> ResolvedPath:
    """Where a path of the project file (as ``Session.data_file`` has it) leads."""
    return resolve_payload(project_folder, project_folder, written)


def require_inside(found: ResolvedPath, where: str) -> Path:
    """The path, when it is inside the project.

    Raises:
        UserError: it names nothing or lies outside.
    """
    if not found.written.strip():
        raise UserError(f"{printable(where)} names no file.")
    if not found.inside:
        raise UserError(
            f"{printable(where)} names {printable(found.written)}, which is outside the project's folder; "
            "such files are not opened unless you say --allow-outside once."
        )
    return found.path


def require_writable(found: ResolvedPath, where: str) -> Path:
    """The path, when it is inside the project and may be a label file.

    Raises:
        UserError: it lies outside, or is a project or session file or one of ours.
    """
    path = require_inside(found, where)
    if path.suffix.lower() in (".improj", ".imsession") or ".labelloop" in path.parts:
        raise UserError(f"{printable(where)} names {printable(found.written)}, which can't be a label file.")
    return path


def safe_file_name(name: str) -> str:
    """A file name for ``name`` that every system takes: no separators, control or reserved characters.

    >>> safe_file_name("up / down?")
    'up-_-down_'
    """
    safe = _UNSAFE.sub("_", name.strip()).replace(" ", "-").strip(".")
    if _RESERVED.match(safe):
        safe = "_" + safe
    while len(safe.encode()) > _LONGEST:
        safe = safe[:-1]
    return safe or "track"


def track_file_name(track: str, recording: str = "", suffix: str = ".label") -> str:
    """The name of a track's file; with the recording's name before it where recordings share a folder.

    >>> track_file_name("Live Labeling")
    'Live-Labeling.label'
    >>> track_file_name("label", "walk1")
    'walk1_label.label'
    """
    name = safe_file_name(track) + suffix
    return f"{recording}_{name}" if recording else name


def data_folder_of(files: Iterable[str]) -> str:
    """The folder below which session paths are counted: Data when all recordings lie there, else none."""
    known = [name for name in files if name]
    inside = bool(known) and all(name.startswith(DATA_FOLDER + "/") for name in known)
    return DATA_FOLDER if inside else ""


def session_paths(places: Iterable[tuple[str, str, str]], data_folder: str) -> list[str]:
    """How users name each session, from its name, data file and session file.

    A recording with a folder of its own goes by the folder's path below the data folder, one that
    shares its folder by that path and its own name.
    """
    rows = list(places)
    crowd = Counter(dirname(session or data) for _, data, session in rows)
    return [_session_path(row, crowd, data_folder) for row in rows]


def _session_path(place: tuple[str, str, str], crowd: Counter[str], data_folder: str) -> str:
    name, data, session = place
    anchor = session or data
    if not anchor:
        return name
    folder = dirname(anchor)
    stem = splitext(basename(anchor))[0]
    below = folder.removeprefix(data_folder).lstrip("/") if data_folder else folder
    own, usual = splitext(basename(data))[0], stem if session else name
    flat = own == usual or own.startswith(usual + "_")
    nested = basename(folder) in (name, stem) or (crowd[folder] == 1 and not flat)
    if below and nested:
        return below
    return f"{below}/{stem}" if below else stem
