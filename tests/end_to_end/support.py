"""What the end-to-end tests share: the command line as a process, and what a project holds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labelloop.storage.opening import open_project
from labelloop.storage.saving import Saver
from labelloop.storage.store import ProjectStore
from tests.where import SOURCE


@dataclass(frozen=True)
class Ran:
    """What a process did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The object in the last line of stdout."""
        return json.loads(self.out.splitlines()[-1])

    @property
    def sentence(self) -> str:
        """The one line on stderr that says what went wrong."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        return lines[0]


Call = Callable[..., Ran]  # the command line, called


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a process that finds this program and nobody's settings."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if key == "LABELLOOP_SLOTS" or not key.startswith(("LABELLOOP", "_LABELLOOP"))
    }
    return {**kept, "PYTHONPATH": str(SOURCE), "PYTHONDONTWRITEBYTECODE": "1", **(more or {})}


def labelloop(*args: object, cwd: Path | None = None, more: Mapping[str, str] | None = None) -> Ran:
    """Run the command line in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "labelloop", *map(str, args)],
        cwd=cwd,
        env=environment(more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=600,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def state_of(store: ProjectStore) -> dict[str, Any]:
    """All that edits can alter in a project, as plain values."""
    project = store.project
    return {
        "classes": project.class_names,
        "sets": {name: list(ids) for name, ids in sorted(project.state.members.items()) if ids},
        "sessions": {s.id: (s.path, s.locked, sorted(s.done), s.flag) for s in project.sessions()},
        "labels": {
            f"{session.path}:{track}": [
                (x.start, x.length, x.name, x.confidence, x.comment, x.origin, x.confirmed)
                for x in project.track(session.id, track)
            ]
            for session in project.sessions()
            for track in sorted(project.label_tracks_of(session.id))
        },
    }


def reopened(project: Path) -> tuple[dict[str, Any], list[str]]:
    """What a project holds when it is opened for writing, and the warnings; it is saved on the way.

    Opening it once more must find nothing to recover and the same state.
    """
    store = open_project(project, "test")
    try:
        state, warnings = state_of(store), list(store.warnings)
        report = Saver(store).save()
        assert report.problems == []
    finally:
        store.close()
    store = open_project(project, "test")
    try:
        assert store.recovered == 0
        assert store.journal.pending == []
        assert state_of(store) == state
    finally:
        store.close()
    return state, warnings


def undo_everything(project: Path) -> None:
    """Revert every change that a project's journal holds, and save."""
    store = open_project(project, "test")
    try:
        while store.editor.history.last_done() is not None:
            store.editor.undo()
        assert Saver(store).save().problems == []
    finally:
        store.close()


def comments_in(project: Path) -> list[str]:
    """The comment of each label in a project's files, as they are on disk."""
    found = []
    for file in sorted(project.parent.rglob("*.label")):
        for row in file.read_text().splitlines()[1:]:
            comment = row.rsplit(",", 1)[1]
            if comment:
                found.append(comment)
    return found


def assert_each_once(project: Path, acknowledged: list[str], known: set[str]) -> set[str]:
    """After a kill: open the project, save it, and find each acknowledged edit exactly once in its files.

    Args:
        project: the project file.
        acknowledged: names of edits that were told, each the comment of one label.
        known: names that were there before.

    Returns:
        All names that are there now; at most one of them is new and was not acknowledged.
    """
    reopened(project)
    found = comments_in(project)
    names = set(found)
    assert len(found) == len(names), "an edit was applied twice"
    assert known | set(acknowledged) <= names, "an acknowledged edit is missing"
    assert len(names - known - set(acknowledged)) <= 1
    return names
