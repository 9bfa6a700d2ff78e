"""From a path to the running app: find or make the project, choose glyphs, open, run, close."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from labelloop.cli.base import Progress, report
from labelloop.errors import UserError, printable
from labelloop.rendering.glyphs import Glyphs
from labelloop.services.projects.settings import Settings, load_settings, save_settings
from labelloop.storage.opening import find_project, open_project
from labelloop.storage.store import ProjectStore


def start_app(
    project: Path | None,
    glyphs: str | None = None,
    mouse: bool = False,
    first: str = "",
    words: Sequence[str] = (),
) -> None:
    """Open the app on a project.

    Args:
        project: a project file or a folder; the last project by default.
        glyphs: how to draw; as it was chosen last by default.
        mouse: take the mouse.
        first: open ``review`` or the ``wizard`` alone.
        words: the sessions that it is about.

    Raises:
        UserError: there is no terminal, no project to open, or nothing to do.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UserError("The app needs a terminal; see 'labelloop --help' for what runs without one.")
    settings = load_settings()
    file = _project_file(project, settings)
    store = open_project(file, "the labelloop app", or_read_only=True)
    try:
        settings = settings.opened(file)
        drawn = Glyphs(glyphs) if glyphs else _glyphs(settings.glyphs)
        known = bool(glyphs or settings.glyphs or drawn is Glyphs.ASCII)
        if known:
            settings.glyphs = glyphs or settings.glyphs or drawn.value
        save_settings(settings)
        chosen = _session_ids(store, first, words) if first else []
        code = _run(store, drawn, mouse, first, chosen, not (known or first))
    finally:
        store.close()
    if code:
        sys.exit(code)


def _run(store: ProjectStore, glyphs: Glyphs, mouse: bool, first: str, chosen: list[str], ask: bool) -> int:
    from labelloop.app import run_app

    return run_app(store, glyphs, mouse, first, chosen, ask)


def _session_ids(store: ProjectStore, first: str, words: Sequence[str]) -> list[str]:
    from labelloop.services.sessions.select import select

    sessions = [s for s in select(store.project, words or ["all"]) if not s.broken]
    if first == "wizard":
        return [s.id for s in sessions] if words else []
    waiting = [s.id for s in sessions if store.unconfirmed(s)]
    if not waiting:
        raise UserError("Every label of these sessions is confirmed: there is nothing to review.")
    return waiting


def _glyphs(remembered: str) -> Glyphs:
    """What this terminal can show, of what was chosen in another one."""
    encoding = (sys.stderr.encoding or "").lower().replace("-", "")
    if encoding != "utf8":
        return Glyphs.ASCII
    if remembered in {g.value for g in Glyphs}:
        return Glyphs(remembered)
    return Glyphs.BLOCK if os.environ.get("TERM", "") in ("linux", "vt100", "dumb") else Glyphs.BRAILLE


def _project_file(project: Path | None, settings: Settings) -> Path:
    if project is None:
        return _last_project(settings)
    if project.is_dir() and not list(project.glob("*.improj")):
        return _offer_new(project)
    return find_project(project)


def _last_project(settings: Settings) -> Path:
    """The project of this folder, else the last one; a picker when there are several."""
    here = sorted(Path().glob("*.improj"))
    if len(here) == 1:
        return here[0].resolve()
    recent = [Path(p) for p in settings.recent if Path(p).exists()]
    if not recent:
        raise UserError("No project was opened yet: try 'labelloop demo', or 'labelloop new FOLDER'.")
    if len(recent) == 1:
        return recent[0]
    report("Projects opened lately:")
    for number, path in enumerate(recent, 1):
        report(f"  {number}  {printable(str(path))}")
    chosen = click.prompt("Open which", type=click.IntRange(1, len(recent)), default=1, err=True)
    return recent[chosen - 1]


def _offer_new(folder: Path) -> Path:
    from labelloop.services.projects.create import new_project
    from labelloop.services.projects.discover import data_folder, find_recordings

    found = sum(1 for _ in find_recordings(data_folder(folder.resolve())))
    shown = printable(str(folder))
    if not found:
        raise UserError(f"{shown} holds no project and no recordings (.csv, .data or .wav).")
    if not click.confirm(
        f"{shown} has no project yet. Make one of its {found} recordings?", default=True, err=True
    ):
        raise UserError("Nothing was made.")
    progress = Progress("reading")
    try:
        made = new_project(folder, None, progress)
    finally:
        progress.end()
    for path, reason in made.skipped:
        report(f"Skipped {printable(path)}: {reason}")
    return made.project
