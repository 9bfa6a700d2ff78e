"""A check of the machine and of a project's files."""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from labelloop.errors import UserError, printable
from labelloop.project.project import Project
from labelloop.project.session import Session
from labelloop.services.projects.damage import Damage, damages, keep_copy, remove
from labelloop.storage.home import ProjectHome
from labelloop.storage.lock import lock_trouble
from labelloop.storage.track_files import shared_files

OK, NOTE, BAD = "ok", "note", "bad"
_LEAST_COLUMNS, _LEAST_LINES = 80, 24
_LEAST_FREE = 500 << 20  # bytes on the project's disk: a cache of signals and a model need that much
_LEARNS = "import tensorflow as t; print('graphics cards:', len(t.config.list_physical_devices('GPU')))"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    state: str
    what: str
    text: str


def check_machine() -> Iterator[Finding]:
    """Python, libraries, whether they can learn, terminal, and whether jobs outlive a login."""
    version = ".".join(map(str, sys.version_info[:3]))
    good = (3, 11) <= sys.version_info[:2] <= (3, 13)
    yield Finding(OK if good else BAD, "python", version if good else f"{version}: use 3.11 to 3.13")
    for name in ("textual", "plotext", "numpy", "pandas", "h5py", "tensorflow"):
        yield _library(name)
    yield from _learning()
    yield from _terminal()
    yield _linger()


def _library(name: str) -> Finding:
    try:
        return Finding(OK, name, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        if importlib.util.find_spec(name) is not None:
            return Finding(OK, name, "installed")
        if name == "tensorflow":
            text = "not installed: all but training works; get it with \"pip install 'labelloop[train]'\""
            return Finding(NOTE, name, text)
        return Finding(BAD, name, f"missing: install it with 'pip install {name}'")


def _learning() -> Iterator[Finding]:
    """Whether TensorFlow starts here, and whether it uses a graphics card."""
    if importlib.util.find_spec("tensorflow") is None:
        return
    driver = shutil.which("nvidia-smi") is not None
    said = _output([sys.executable, "-c", _LEARNS], patience_s=120)
    cards = said.rpartition("graphics cards:")[2].strip()
    if not cards.isdecimal():
        why = "it does not start, so nothing can be trained: run 'python -c \"import tensorflow\"' to see why"
        yield Finding(BAD, "learning", why)
    elif int(cards):
        yield Finding(OK, "gpu", f"{cards} used by TensorFlow")
    elif driver:
        text = (
            "the driver is there but TensorFlow uses none: install 'tensorflow[and-cuda]'; it trains without"
        )
        yield Finding(NOTE, "gpu", text)
    else:
        yield Finding(OK, "gpu", "none; the processor trains, which is enough")


def _terminal() -> Iterator[Finding]:
    term, size = os.environ.get("TERM", ""), _size()
    if size is None:
        yield Finding(NOTE, "terminal", f"{term or 'none'}; this is not run in one, so its size is not known")
    elif term in ("", "dumb"):
        yield Finding(NOTE, "terminal", f"TERM is {term or 'not set'}: set it, such as TERM=xterm-256color")
    elif size.columns < _LEAST_COLUMNS or size.lines < _LEAST_LINES:
        text = f"{term}, {size.columns}x{size.lines}: the screens want {_LEAST_COLUMNS}x{_LEAST_LINES}"
        yield Finding(NOTE, "terminal", text)
    else:
        yield Finding(OK, "terminal", f"{term}, {size.columns}x{size.lines}")
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    if encoding != "utf8":
        text = f"encoding {encoding or 'unknown'}: use --glyphs ascii, or set LANG=C.UTF-8"
        yield Finding(NOTE, "glyphs", text)
    else:
        yield Finding(OK, "glyphs", "UTF-8: ⠁⠃⡇⣿ should be dots, ▁▄█ bars; if not, use --glyphs ascii")
    depth = os.environ.get("COLORTERM") or "256 or 16"
    yield Finding(OK, "colours", "no colour (NO_COLOR)" if "NO_COLOR" in os.environ else depth)
    if "SSH_CONNECTION" in os.environ:
        yield Finding(OK, "ssh", "repaints are kept few; jobs go on when the connection drops")


def _size() -> os.terminal_size | None:
    """The terminal's size, also when one of its streams goes elsewhere; None without a terminal."""
    for descriptor in (1, 2, 0):
        with contextlib.suppress(OSError):
            return os.get_terminal_size(descriptor)
    return None


def _linger() -> Finding:
    """Whether systemd kills a user's processes at logout, which would end jobs."""
    loginctl = shutil.which("loginctl")
    if loginctl is None:
        return Finding(OK, "linger", "no systemd login manager: jobs outlive the login")
    user = str(os.getuid())
    shown = _output([loginctl, "show-user", user, "--property=Linger"])
    kills = _output([loginctl, "show", "--property=KillUserProcesses"])
    if "yes" in kills and "yes" not in shown:
        return Finding(NOTE, "linger", "logging out ends your jobs: run 'loginctl enable-linger' once")
    return Finding(OK, "linger", "jobs outlive the login")


def _output(command: list[str], patience_s: float = 5) -> str:
    """What a program prints; nothing when it can't be run or takes too long."""
    quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=patience_s, check=False, env=quiet
        )
        return done.stdout if done.returncode == 0 else ""
    except (OSError, subprocess.TimeoutExpired):
        return ""


def check_project(path: Path) -> Iterator[Finding]:
    """The project's files: can each be read, do the labels lie within the recordings."""
    from labelloop.services.projects.info import look_at_files
    from labelloop.storage.opening import open_project

    store = open_project(path, "labelloop doctor", write=False)
    try:
        yield Finding(OK, "project", f"{store.project.name}: {len(store.project)} sessions")
        look_at_files(store)
        for session in store.project.sessions():
            yield from _session(store.project, session)
        yield from _shared(store.project)
        for damage in damages(store.layout):
            yield Finding(NOTE, _place(store.layout, damage), f"{damage.text}; --repair takes it away")
        for warning in store.warnings:
            yield Finding(NOTE, "note", warning)
        if not os.access(store.project.folder, os.W_OK):
            yield Finding(NOTE, "permission", "the folder can't be written: it opens for reading only")
        elif trouble := lock_trouble(store.project.folder):
            text = f"the disk keeps no two writers apart ({trouble}): open the project in one program only"
            yield Finding(NOTE, "locks", text)
        free = shutil.disk_usage(store.project.folder).free
        if free < _LEAST_FREE:
            text = f"only {free >> 20} MB are free where the project is: make room before training"
            yield Finding(NOTE, "disk", text)
        if store.recovered:
            yield Finding(NOTE, "journal", f"{store.recovered} edits wait to be saved at the next start")
    finally:
        store.close()


def _place(layout: ProjectHome, damage: Damage) -> str:
    return printable(damage.path.relative_to(layout.folder).as_posix())


def repair_project(path: Path) -> Iterator[Finding]:
    """Save what waits in the journal, write damaged notes on files anew, and clear away what is of no use.

    Of what was damaged a copy stays below ``.labelloop/set-aside``; label, session and project files are
    written as by every save, and no recording is touched.

    Raises:
        UserError: the project can't be opened for writing.
    """
    from labelloop.storage.opening import open_project
    from labelloop.storage.saving import Saver

    store = open_project(path, "labelloop doctor --repair")
    try:
        if store.recovered:
            yield Finding(OK, "journal", f"{store.recovered} edits that waited were put into the files")
        _read_all(store.project)  # so that notes on label files that are damaged are written again
        found = list(damages(store.layout))
        copies = {damage: keep_copy(store.layout, damage) for damage in found if damage.kept}
        problems = Saver(store).save().problems
        for problem in problems:
            yield Finding(BAD, "not saved", problem)
        left = set(damages(store.layout))
        for damage in found:
            if damage in left:
                remove(damage)
            done = f"mended, the damaged one is kept as {copies[damage]}" if damage.kept else "removed"
            yield Finding(OK, _place(store.layout, damage), f"{damage.text}: {done}")
        if not found and not problems and not store.recovered:
            yield Finding(OK, "repair", "there is nothing to mend")
    finally:
        store.close()


def _read_all(project: Project) -> None:
    for session in project.sessions():
        with contextlib.suppress(UserError):
            for track in project.label_tracks_of(session.id):
                with contextlib.suppress(UserError):
                    project.track(session.id, track)


def _shared(project: Project) -> Iterator[Finding]:
    """Label tracks that are kept in one file, where each save of one loses the other."""
    for owners in shared_files(project).values():
        names = " and ".join(
            f"{printable(track)} of {printable(project.session(sid).path)}" for sid, track in owners
        )
        text = f"{names} are kept in one file: rename one of the tracks before labelling either"
        yield Finding(BAD, "one file", text)


def _session(project: Project, session: Session) -> Iterator[Finding]:
    """Whether a session's recording and label tracks can be read and fit each other."""
    name = printable(session.path)
    if session.message:
        yield Finding(BAD, name, session.message)
        return
    try:
        tracks = project.label_tracks_of(session.id)
    except UserError as error:
        yield Finding(BAD, name, str(error))
        return
    for track in tracks:
        try:
            labels = project.track(session.id, track)
        except UserError as error:
            yield Finding(BAD, name, str(error))
            continue
        outside = sum(x.start < session.start_s - 1e-6 or x.end > session.end_s + 1e-6 for x in labels)
        if outside:
            where = "" if track == session.label_track else f" of track {printable(track)}"
            yield Finding(NOTE, name, f"{outside} labels{where} reach beyond the recording's ends")
