"""Which session another program's file means."""

from __future__ import annotations

from pathlib import Path
from posixpath import splitext

from labelloop.errors import UserError, printable
from labelloop.formats.paths import DATA_FOLDER
from labelloop.project.project import Project
from labelloop.project.session import Session


class SessionNames:
    """A project's sessions by what files call them: their path, their recording's file, their name."""

    def __init__(self, project: Project) -> None:
        self._places: dict[str, Session] = {}
        self._names: dict[str, list[Session]] = {}
        for session in project.sessions():
            recording = splitext(session.data_file)[0]
            for place in (recording, recording.removeprefix(f"{DATA_FOLDER}/"), session.path):
                self._places[place] = session
            self._names.setdefault(session.name, []).append(session)

    def named(self, word: str) -> Session | None:
        """The session of this name, with or without a recording's ending; None when there is none.

        Raises:
            UserError: several are named so.
        """
        place = word.strip().replace("\\", "/").strip("/")
        for name in (place, splitext(place)[0]):
            parts = name.split("/")
            for first in range(len(parts)):  # by as much of the path as fits
                rest = "/".join(parts[first:])
                if session := self._places.get(rest) or (self._only(rest) if rest else None):
                    return session
        return None

    def of_file(self, path: Path, ending: str) -> Session | None:
        """The session that a file is named after, by as much of its path as fits.

        Raises:
            UserError: only the name fits, and several are named so.
        """
        stem = path.name[: -len(ending)] if path.name.lower().endswith(ending.lower()) else path.stem
        parts = [*path.absolute().parts[1:-1], stem]
        for first in range(len(parts)):
            if session := self._places.get("/".join(parts[first:])):
                return session
        return self._only(stem)

    def _only(self, name: str) -> Session | None:
        found = self._names.get(name, [])
        if len(found) > 1:
            paths = ", ".join(printable(session.path) for session in found[:3])
            raise UserError(
                f"{len(found)} sessions are named {printable(name)} ({paths}): name the file by the path, "
                f"or its session with --session."
            )
        return found[0] if found else None
