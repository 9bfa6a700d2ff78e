"""What is going on when a process is killed: a project, a command, and what must hold afterwards."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from labelloop.services.labels.classes import rename
from labelloop.services.projects.demo import copy_demo
from labelloop.services.sessions.assign import assign
from labelloop.storage.opening import open_project
from labelloop.storage.saving import Saver
from labelloop.storage.store import ProjectStore
from tests.made_project import make_project, write_recording
from tests.where import ROOT

SESSIONS = 12
GOLDEN = ROOT / "tests" / "golden" / "labelloop"  # a side folder that version 0.1.0 left


@dataclass(frozen=True)
class Scene:
    """One command on a project.

    make: lays the project out below a folder, and returns its file.
    words: the command line for it, without the program's name.
    whole: whether all of it is one change, so that a killed one is there wholly or not at all; else each
        session is.
    again: whether the same command, given once more, ends where the first would have ended.
    undone: whether undoing everything leads back to the files of before.
    """

    name: str
    make: Callable[[Path], Path]
    words: Callable[[Path], Sequence[str]]
    whole: bool = True
    again: bool = True
    undone: bool = True


def _made(folder: Path) -> Path:
    return make_project(folder / "made", SESSIONS)


def _empty(folder: Path) -> Path:
    return make_project(folder / "made", SESSIONS, rows=())


def _changed(folder: Path, change: Callable[[ProjectStore], object]) -> Path:
    """A project in whose journal a saved change stands."""
    project = _made(folder)
    store = open_project(project, "a test")
    try:
        change(store)
        assert Saver(store).save().problems == []
    finally:
        store.close()
    return project


def _renamed(folder: Path) -> Path:
    return _changed(folder, lambda store: rename(store, "up", "raise"))


def _moved(folder: Path) -> Path:
    return _changed(folder, lambda store: assign(store.editor, list(store.project.sessions()), "train"))


def _with_new_recordings(folder: Path) -> Path:
    project = _made(folder)
    for number in range(6):
        write_recording(project.parent / "Data" / "side" / f"side_{number}" / "data.csv")
    return project


def _with_lost_recordings(folder: Path) -> Path:
    project = _made(folder)
    for file in sorted(project.parent.rglob("data.csv"))[::2]:
        write_recording(file, samples=300)
    return project


def _of_0_1_0(folder: Path) -> Path:
    """The demo project with what version 0.1.0 left beside it, all of which is to be recovered."""
    project = copy_demo(folder / "made")
    shutil.copytree(GOLDEN, project.parent / ".labelloop")
    (project.parent / ".labelloop" / "mark.json").unlink()
    shutil.rmtree(project.parent / ".labelloop" / "state")
    return project


def _exchange(folder: Path) -> Path:
    project = _empty(folder)
    rows = [
        {"session": f"{group}/{group}_{n:02d}", "start": 1.0, "end": 2.0, "class": group}
        for n in range(SESSIONS)
        for group in [("up", "down")[n % 2]]
    ]
    lines = ["session,start,end,class"]
    lines += [",".join(str(row[key]) for key in ("session", "start", "end", "class")) for row in rows]
    (folder / "labels.csv").write_text("\n".join(lines) + "\n")
    return project


def _threshold(project: Path) -> list[str]:
    words = ["generate", str(project), "--method", "threshold", "--source", "x > 0.1", "--classes", "up"]
    return [*words, "--sessions", "all", "--target", "existing:label", "--existing", "replace-all"]


SCENES = (
    Scene("assign", _made, lambda p: ["assign", str(p), "train", "*"]),
    Scene("redistribute", _made, lambda p: ["redistribute", str(p)], again=False),
    Scene("undo a rename", _renamed, lambda p: ["undo", str(p)], again=False, undone=False),
    Scene("undo a move", _moved, lambda p: ["undo", str(p)], again=False, undone=False),
    Scene("generate", _empty, _threshold, whole=False),
    Scene("generate over labels", _made, _threshold, whole=False),
    Scene(
        "import",
        _exchange,
        lambda p: ["import", str(p), "--format", "csv", str(p.parent.parent / "labels.csv"), "--confirmed"],
        whole=False,
    ),
    Scene(
        "add",
        _with_new_recordings,
        lambda p: ["add", str(p), str(p.parent / "Data" / "side")],
        undone=False,
    ),
    Scene("rescan", _with_lost_recordings, lambda p: ["rescan", str(p)], undone=False),
    Scene("open what 0.1.0 left", _of_0_1_0, lambda p: ["assign", str(p), "test", "*"], undone=False),
)


def tracks(project: Path) -> dict[str, list[str]]:
    """The rows of each label file of a project, by its path."""
    below = project.parent
    files = sorted(below.rglob("*.label"))
    return {f.relative_to(below).as_posix(): f.read_text(encoding="utf-8").splitlines() for f in files}


def strays(project: Path) -> list[str]:
    """Files that only a process that is at work may have: half written ones, parts of new folders."""
    marks = (".new-", ".tmp", "~part")
    return [
        path.relative_to(project.parent).as_posix()
        for path in sorted(project.parent.rglob("*"))
        if any(mark in path.name for mark in marks)
    ]


def readable(project: Path) -> list[str]:
    """The files of JSON beside the project that are not whole."""
    broken = []
    for path in sorted((project.parent / ".labelloop").rglob("*.json")):
        try:
            json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            broken.append(path.name)
    return broken
