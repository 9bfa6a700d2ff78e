"""A note of files that are made for sessions not in the project yet: a killed process leaves none."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from labelloop.contract.values import parsed
from labelloop.project.project import Project
from labelloop.storage.atomic import sweep_temps
from labelloop.storage.documents import digest_of
from labelloop.storage.home import ProjectHome
from labelloop.storage.own_files import make_own_folder, open_own, read_own


class Making:
    """The note of one process: each file is named in it before it is made."""

    def __init__(self, layout: ProjectHome) -> None:
        self._path = layout.making
        self._folder = layout.folder

    def note(self, path: Path, data: bytes) -> None:
        """Say that this file, which is not there yet, comes next. Raises OSError."""
        make_own_folder(self._path.parent)
        row = {"path": path.relative_to(self._folder).as_posix(), "digest": digest_of(data)}
        fd = open_own(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        try:
            os.write(fd, json.dumps(row).encode() + b"\n")
        finally:
            os.close(fd)

    def over(self) -> None:
        """All files are named by the project, or gone again."""
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)


def clear_made(layout: ProjectHome, project: Project) -> None:
    """Remove files that a killed process made for sessions that the project does not have.

    For whoever holds the project's lock. Files that somebody wrote to since stay.
    """
    rows = list(_rows(layout.making))
    if not rows:
        return
    known = {path for s in project.sessions() for path in (s.session_file, s.label_file, s.data_file)}
    for name, digest in rows:
        path = layout.folder / name
        with contextlib.suppress(OSError):
            sweep_temps(path.parent, older_than_s=0)
            inside = path.resolve().is_relative_to(layout.folder.resolve()) and not path.is_symlink()
            if name not in known and inside and path.is_file() and digest_of(path.read_bytes()) == digest:
                path.unlink()
    Making(layout).over()


def _rows(path: Path) -> Iterator[tuple[str, str]]:
    try:
        lines = read_own(path).splitlines()
    except OSError:
        return
    for line in lines:
        with contextlib.suppress(ValueError, KeyError, TypeError):  # the last one may be cut
            row = parsed(line)
            yield str(row["path"]), str(row["digest"])
