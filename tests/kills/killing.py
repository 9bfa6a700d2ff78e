"""Kill a command at a random moment, and look whether all that must hold does."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.end_to_end.support import environment, labelloop, reopened, undo_everything
from tests.kills.scenes import Scene, readable, strays
from tests.made_project import tree

SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


@dataclass(frozen=True)
class Known:
    """A scene as it is without a kill: files and state before and after, and when the writing was."""

    scene: Scene
    folder: Path  # laid out anew for each kill by copying it
    project: str  # the project file's place below the folder
    before: dict[str, Any]
    after: dict[str, Any]
    files: dict[str, bytes]
    first_s: float
    last_s: float

    @classmethod
    def of(cls, scene: Scene, folder: Path) -> Known:
        """Run the scene's command undisturbed on a copy."""
        fresh = scene.make(folder / "fresh")
        below = fresh.relative_to(folder / "fresh").as_posix()
        looked = shutil.copytree(folder / "fresh", folder / "looked") / below
        before = state(looked)
        whole = shutil.copytree(folder / "fresh", folder / "whole") / below
        first_s, last_s = _undisturbed(scene, whole)
        return cls(scene, folder / "fresh", below, before, state(whole), tree(fresh.parent), first_s, last_s)


def state(project: Path) -> dict[str, Any]:
    """What a project holds; sessions by their path, since ids are drawn at random."""
    found, _ = reopened(project)
    paths = {sid: values[0] for sid, values in found["sessions"].items()}
    found["sets"] = {name: sorted(paths[sid] for sid in ids) for name, ids in found["sets"].items()}
    found["sessions"] = {values[0]: values[1:] for values in found["sessions"].values()}
    found["labels"] = {at: [_of_any_run(row) for row in rows] for at, rows in found["labels"].items()}
    return found


def _of_any_run(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A label without the number of its run, of which a command that is given again draws another."""
    return tuple("run" if str(value).startswith("run:") else value for value in row)


def _start(scene: Scene, project: Path) -> subprocess.Popen[bytes]:
    quiet = subprocess.DEVNULL
    command = [sys.executable, "-m", "labelloop", *scene.words(project)]
    return subprocess.Popen(command, env=environment(), stdin=quiet, stdout=quiet, stderr=subprocess.PIPE)


def _stamp(folder: Path) -> float:
    """The newest moment at which something below a folder changed."""
    newest = 0
    for path in (folder, folder / ".labelloop"):
        for entry in os.scandir(path) if path.is_dir() else ():
            newest = max(newest, entry.stat(follow_symlinks=False).st_mtime_ns)
    return newest


def _undisturbed(scene: Scene, project: Path) -> tuple[float, float]:
    """When the command first wrote something, and when it ended, in seconds since its start."""
    before, began, first_s = _stamp(project.parent), time.monotonic(), 0.0
    process = _start(scene, project)
    while process.poll() is None:
        if not first_s and _stamp(project.parent) != before:
            first_s = time.monotonic() - began
        time.sleep(0.002)
    assert process.stderr is not None
    said = process.stderr.read().decode()
    process.stderr.close()
    assert process.returncode == 0, f"{scene.name}: {said}"
    return first_s, time.monotonic() - began


def kill_once(known: Known, folder: Path, rng: random.Random) -> str:
    """Kill one run of a scene's command; what does not hold afterwards, or nothing."""
    project = shutil.copytree(known.folder, folder) / known.project
    number = rng.choice(SIGNALS)
    after_s = rng.uniform(0.9 * known.first_s, 1.05 * known.last_s)
    process = _start(known.scene, project)
    try:
        process.wait(after_s)
    except subprocess.TimeoutExpired:
        process.send_signal(number)
    _, said = process.communicate(timeout=120)
    where = f"{known.scene.name}, {signal.Signals(number).name} after {after_s:.3f} s: "
    try:
        wrong = _wrong(known, project, process.returncode, said.decode())
    except AssertionError as error:
        wrong = f"{error}"
    return where + wrong if wrong else ""


def _wrong(known: Known, project: Path, code: int, said: str) -> str:
    """What must hold after a kill and does not, or nothing."""
    scene = known.scene
    if "Traceback" in said:
        return said
    now = state(project)
    if code == 0 and now != known.after:
        return "it ended well, but not all of it is there"
    if now not in (known.before, known.after) and (scene.whole or not _each(known, now)):
        return f"neither before nor after: {_difference(known, now)}"
    if now == known.before and (more := sorted(tree(project.parent).keys() - known.files.keys())):
        return f"nothing was done, but there are {', '.join(more)}"
    if left := strays(project):
        return f"left behind: {', '.join(left)}"
    if broken := readable(project):
        return f"half written: {', '.join(broken)}"
    if scene.again:
        ran = labelloop(*scene.words(project))
        if ran.code not in (0, 1) or "Traceback" in ran.err or state(project) != known.after:
            return f"given once more it did not do the rest: {ran.err}"
    if scene.undone:
        undo_everything(project)
        if (files := tree(project.parent)) != known.files:
            names = sorted(
                {k for k in known.files.keys() | files.keys() if known.files.get(k) != files.get(k)}
            )
            return f"undo does not lead back: {', '.join(names)}"
    return ""


def _each(known: Known, now: dict[str, Any]) -> bool:
    """Whether each session's labels are as before or as after, and all else is."""
    rest = {key for key in now if key != "labels" and now[key] not in (known.before[key], known.after[key])}
    ends = (known.before["labels"], known.after["labels"])
    return not rest and all(labels in [end.get(at) for end in ends] for at, labels in now["labels"].items())


def _difference(known: Known, now: dict[str, Any]) -> str:
    return ", ".join(key for key in now if now[key] not in (known.before.get(key), known.after.get(key)))
