"""What is damaged or left over below a project's folder, and mending what can be mended with a copy kept."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from labelloop.contract.values import parsed
from labelloop.errors import UserError, os_reason, printable
from labelloop.jobs.run import list_runs
from labelloop.jobs.scores import read_scores
from labelloop.storage.atomic import TEMP_PREFIX, TEMP_SUFFIX, replace_file
from labelloop.storage.home import ProjectHome
from labelloop.storage.own_files import make_own_folder, read_own

_YOUNG_S = 600.0  # what is younger may be in the making by another process
_ASIDE = "set-aside"


@dataclass(frozen=True, slots=True)
class Damage:
    """A file or folder of ours that is no use; of one that is ``kept`` a copy stays when it goes."""

    path: Path
    text: str
    kept: bool


def damages(layout: ProjectHome) -> Iterator[Damage]:
    """What lies damaged or left over in the project's folder."""
    yield from _leftovers(layout)
    yield from _json_files(layout)
    for path in _files(layout.cache / "scores"):
        if path.suffix == ".npz" and read_scores(path) is None:
            yield Damage(path, "kept scores that can't be read; they are made anew when needed", kept=False)


def keep_copy(layout: ProjectHome, damage: Damage) -> str:
    """Copy a damaged file to where it is in nobody's way; the copy's place below the project's folder.

    Raises:
        UserError: it can't be copied.
    """
    folder = layout.home / _ASIDE
    stamp = time.strftime("%Y%m%d-%H%M%S")
    target = folder / f"{stamp}.{damage.path.relative_to(layout.home).as_posix().replace('/', '.')}"
    try:
        make_own_folder(folder)
        replace_file(target, read_own(damage.path))
    except OSError as error:
        raise UserError(f"{printable(str(damage.path))} can't be copied: {os_reason(error)}.") from error
    return printable(target.relative_to(layout.folder).as_posix())


def remove(damage: Damage) -> None:
    """Remove what is damaged or left over. Raises UserError."""
    try:
        _remove(damage.path)
    except OSError as error:
        raise UserError(f"{printable(str(damage.path))} can't be removed: {os_reason(error)}.") from error


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        for inner in path.iterdir():
            _remove(inner)
        path.rmdir()
    else:
        path.unlink(missing_ok=True)


def _files(folder: Path) -> list[Path]:
    """The plain files of a folder; none when it can't be listed."""
    try:
        return sorted(Path(e.path) for e in os.scandir(folder) if e.is_file(follow_symlinks=False))
    except OSError:
        return []


def _is_old(path: Path) -> bool:
    try:
        return path.lstat().st_mtime < time.time() - _YOUNG_S
    except OSError:
        return False


def _leftovers(layout: ProjectHome) -> Iterator[Damage]:
    """Temporary files and half made run folders of processes that were killed."""
    for where, folders, names in os.walk(layout.folder, followlinks=False):
        folders[:] = [name for name in folders if not (Path(where) / name).is_symlink()]
        for name in names:
            path = Path(where) / name
            if name.startswith(TEMP_PREFIX) and name.endswith(TEMP_SUFFIX) and _is_old(path):
                yield Damage(path, "a temporary file that a killed process left", kept=False)
    for root in (layout.runs, layout.home / "serving"):
        with suppress(OSError):
            for entry in sorted(root.iterdir()):
                if entry.name.startswith((".new-", ".gone-")) and _is_old(entry) and not entry.is_symlink():
                    yield Damage(entry, "a run's folder that a killed process left half made", kept=False)


def _json_files(layout: ProjectHome) -> Iterator[Damage]:
    """JSON files of ours that hold no object."""
    single = {layout.view: "where the user was", layout.mark: "how far the journal is saved"}
    for path, what in single.items():
        if _is_damaged(path):
            yield Damage(path, f"it can't be read ({what}); the program goes on without it", kept=True)
    for path in (path for folder in _folders(layout.home / "state") for path in _files(folder)):
        if _is_damaged(path):
            text = "what was known of a label or session file can't be read; it is found from the journal"
            yield Damage(path, text, kept=True)
    for run in list_runs(layout.runs):
        parts = (path for name in ("results", "checkpoints") for path in _files(run.path / name))
        for path in (run.path / "result.json", *parts):
            if _is_damaged(path):
                yield Damage(path, f"a file of job {run.id} can't be read; what it held is lost", kept=True)


def _folders(folder: Path) -> list[Path]:
    try:
        return sorted(Path(e.path) for e in os.scandir(folder) if e.is_dir(follow_symlinks=False))
    except OSError:
        return []


def _is_damaged(path: Path) -> bool:
    """Whether there is a JSON file that holds no object."""
    if path.suffix != ".json" or not os.path.lexists(path):
        return False
    try:
        return not isinstance(parsed(read_own(path)), dict)
    except (OSError, ValueError):
        return True
