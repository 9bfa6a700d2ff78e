"""Which files of a project are in use, so that a new label track never gets the file of another one."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from itertools import count

from labelloop.errors import UserError
from labelloop.project.project import Project
from labelloop.project.session import Session, TrackRef

Owner = tuple[str, str]
"""A session's id and a track's name."""

_NOBODY: Owner = ("", "")  # a file on the disk that no session names


def _key(path: str) -> str:
    """What two paths have in common that are one file on some file system: case and composed characters."""
    return unicodedata.normalize("NFC", path).casefold()


def _split(path: str) -> tuple[str, str]:
    folder, _, name = path.rpartition("/")
    return folder, name


def _stem(path: str) -> str:
    return _split(path)[1].rpartition(".")[0]


class TrackFiles:
    """The files that sessions name and those that lie beside them; names are only ever added.

    Session files are read when a new name could be one of theirs, so that a project of many sessions in one
    folder stays quick.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._used: dict[str, Owner] = {}
        self._by_stem: dict[tuple[str, str], list[str]] = {}
        self._listed: set[str] = set()
        self._known = -1  # how many sessions were looked at

    def place(self, session: Session, track: str, wanted: str) -> str:
        """The path for a new track's file: ``wanted``, or with a number behind it where that is in use.

        Asked again for the same track it gives the same path, until the file is there.
        """
        self._learn(session, wanted)
        folder, name = _split(wanted)
        stem, dot, ending = name.rpartition(".")
        for number in count(1):
            numbered = name if number == 1 else f"{stem}-{number}{dot}{ending}"
            path = f"{folder}/{numbered}" if folder else numbered
            holder = self._used.get(_key(path), (session.id, track))
            if holder == (session.id, track) and not os.path.lexists(self._project.folder / path):
                self._used[_key(path)] = holder
                return path
        raise AssertionError("count never ends")

    def _learn(self, session: Session, wanted: str) -> None:
        state = self._project.state.sessions
        if self._known != len(state):
            self._known = len(state)
            for other in state.values():
                self._take(other)
        folder, name = _split(wanted)
        if folder not in self._listed:
            self._listed.add(folder)
            with suppress(OSError):
                for entry in os.listdir(self._project.folder / folder):
                    self._used.setdefault(_key(f"{folder}/{entry}" if folder else entry), _NOBODY)
        for session_id in {session.id, *self._near(folder, name)}:
            with suppress(UserError):  # a session file that can't be read names nothing that is in use
                self._take_refs(session_id, self._project.tracks_of(session_id))

    def _take(self, session: Session) -> None:
        for path, track in ((session.data_file, ""), (session.session_file, ""), (session.label_file, None)):
            if path:
                self._used[_key(path)] = (session.id, session.label_track if track is None else track)
        if session.session_file:
            folder, _ = _split(session.session_file)
            for stem in {_key(_stem(session.session_file)), _key(_stem(session.data_file))}:
                self._by_stem.setdefault((folder, stem), []).append(session.id)

    def _take_refs(self, session_id: str, refs: tuple[TrackRef, ...]) -> None:
        for ref in refs:
            self._used[_key(ref.file)] = (session_id, ref.name)

    def _near(self, folder: str, name: str) -> Iterator[str]:
        """Sessions of the folder whose tracks may have a file of this name: it begins with their own name."""
        key = _key(name)
        for length in range(1, len(key) + 1):
            yield from self._by_stem.get((folder, key[:length]), ())


def shared_files(project: Project) -> dict[str, list[Owner]]:
    """Label files that more than one track is kept in, with these tracks, as far as files can be read."""
    owners: dict[str, list[Owner]] = {}
    for session in project.sessions():
        with suppress(UserError):
            for ref in project.tracks_of(session.id):
                if ref.is_label:
                    owners.setdefault(_key(ref.file), []).append((session.id, ref.name))
    return {path: names for path, names in owners.items() if len(names) > 1}
