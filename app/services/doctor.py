"""A check of the machine and of a project's files."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.errors import UserError, printable

OK, NOTE, BAD = "ok", "note", "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    state: str
    what: str
    text: str


def check_machine() -> Iterator[Finding]:
    """Python, libraries, terminal, and whether jobs outlive a login."""
    version = ".".join(map(str, sys.version_info[:3]))
    good = (3, 11) <= sys.version_info[:2] <= (3, 13)
    yield Finding(OK if good else BAD, "python", version if good else f"{version}: use 3.11 to 3.13")
    for name in ("textual", "plotext", "numpy", "pandas", "h5py", "tensorflow"):
        yield _library(name)
    yield _gpu()
    yield from _terminal()
    yield _linger()


def _library(name: str) -> Finding:
    try:
        return Finding(OK, name, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        if importlib.util.find_spec(name) is not None:
            return Finding(OK, name, "installed")
        return Finding(BAD, name, f"missing: install it with 'pip install {name}'")


def _gpu() -> Finding:
    found = shutil.which("nvidia-smi")
    text = "nvidia driver found" if found else "none; the processor trains, which is enough"
    return Finding(OK, "gpu", text)


def _terminal() -> Iterator[Finding]:
    term, size = os.environ.get("TERM", ""), shutil.get_terminal_size((0, 0))
    bad = term in ("", "dumb")
    yield Finding(NOTE if bad else OK, "terminal", f"{term or 'none'}, {size.columns}x{size.lines}")
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


def _output(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=5, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


def check_project(path: Path) -> Iterator[Finding]:
    """The project's files: can each be read, do the labels lie within the recordings."""
    from app.services.info import look_at_files
    from app.storage.store import open_project

    store = open_project(path, "labelloop doctor", write=False)
    try:
        yield Finding(OK, "project", f"{store.project.name}: {len(store.project)} sessions")
        look_at_files(store)
        for session in store.project.sessions():
            name = printable(session.path)
            if session.message:
                yield Finding(BAD, name, session.message)
                continue
            try:
                track = store.project.track(session.id)
                store.project.tracks_of(session.id)
            except UserError as error:
                yield Finding(BAD, name, str(error))
                continue
            outside = sum(x.start < session.start_s - 1e-6 or x.end > session.end_s + 1e-6 for x in track)
            if outside:
                yield Finding(NOTE, name, f"{outside} labels reach beyond the recording's ends")
        for warning in store.warnings:
            yield Finding(NOTE, "note", warning)
        if not os.access(store.project.folder, os.W_OK):
            yield Finding(NOTE, "permission", "the folder can't be written: it opens for reading only")
        if store.recovered:
            yield Finding(NOTE, "journal", f"{store.recovered} edits wait to be saved at the next start")
    finally:
        store.close()
