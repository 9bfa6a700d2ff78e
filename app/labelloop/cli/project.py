"""Verbs for projects as a whole: new, add, rescan, info."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from labelloop.cli.base import (
    FILE_PATH,
    Progress,
    finite,
    json_option,
    opened,
    project_argument,
    report,
    show,
    show_json,
)
from labelloop.cli.tables import given_options, table_options
from labelloop.errors import printable
from labelloop.project.changes import count_of


@click.command("new")
@click.argument("folder", type=FILE_PATH)
@click.option("--name", help="The project's name; the folder's name by default.")
@table_options
@json_option
def new_command(folder: Path, name: str | None, as_json: bool, **tables: Any) -> None:
    """Make a project of the recordings below FOLDER, in place; none is copied or changed.

    Example: labelloop new recordings --name Gestures
    """
    from labelloop.services.projects.create import new_project

    progress = Progress("reading")
    try:
        made = new_project(folder, name, progress, given_options(tables))
    finally:
        progress.end()
    _report_made(made, "made", as_json)
    if not as_json:
        show(str(made.project))


def _report_made(made: Any, verb: str, as_json: bool) -> None:
    """Say what became of the recordings that were found."""
    for path, reason in made.skipped:
        report(f"Skipped {printable(path)}: {reason}")
    for warning in made.warnings:
        report(f"Note: {warning}")
    for words, tables in made.understood.most_common():
        report(f"Understood {count_of(tables, 'table')}: {words}.")
    count = len(made.sessions)
    report(f"{count_of(count, 'session')} {verb}, {len(made.skipped)} skipped.")
    if as_json:
        skipped = [{"path": path, "reason": reason} for path, reason in made.skipped]
        data = {"project": str(made.project), "sessions": count, "skipped": skipped}
        show_json(data | ({"understood": dict(made.understood)} if made.understood else {}))


@click.command("add")
@project_argument
@click.argument("folder", type=FILE_PATH)
@table_options
@json_option
def add_command(project: Path, folder: Path, as_json: bool, **tables: Any) -> None:
    """Add recordings found below FOLDER that the project does not have yet.

    Example: labelloop add Gestures Gestures/Data/up
    """
    from labelloop.services.projects.create import add_recordings

    progress = Progress("reading")
    with opened(project, "add", write=True) as store:
        try:
            made = add_recordings(store, folder, progress, given_options(tables))
        finally:
            progress.end()
    _report_made(made, "added", as_json)


@click.command("rescan")
@project_argument
@json_option
def rescan_command(project: Path, as_json: bool) -> None:
    """Pick up what changed on disk: recordings, label files; new recordings are named.

    Example: labelloop rescan Gestures
    """
    from labelloop.services.projects.rescan import rescan

    with opened(project, "rescan", write=True) as store:
        found = rescan(store)
    broken = [{"path": path, "reason": reason} for path, reason in found.broken]
    if as_json:
        data = {"changed": found.changed, "missing": found.missing, "broken": broken, "new": found.new}
        show_json(data)
        return
    for title, paths in (("changed", found.changed), ("missing", found.missing), ("new", found.new)):
        for path in paths:
            show(f"{title:8} {path}")
    for path, reason in found.broken:
        show(f"broken   {path}: {reason}")
    if found.new:
        report("Add the new ones with 'labelloop add'.")
    if not (found.changed or found.missing or found.new or broken):
        report("Nothing changed on disk.")


@click.command("info")
@project_argument
@json_option
def info_command(project: Path, as_json: bool) -> None:
    """Show a project's classes, sets, sessions and what to mind.

    Example: labelloop info Gestures --json
    """
    from labelloop.services.projects.info import project_json

    with opened(project, "info") as store:
        data = project_json(store)
    if as_json:
        show_json(finite(data))
        return
    show(f"{data['name']}   classes: {', '.join(data['classes']) or 'none yet'}")
    for name, row in data["sets"].items():
        show(
            f"  {name:11} {row['sessions']:5} sessions {row['events']:7} events "
            f"{row['labelled_s']:10.1f} s of {row['length_s']:.1f} s labelled"
        )
    width = max((len(printable(s["path"])) for s in data["sessions"]), default=0)
    for s in data["sessions"]:
        labels = ", ".join(f"{name} {count}" for name, count in s["labels"].items())
        lock = "L" if s["locked"] else " "
        facts = f"{s['channels']:3} ch {s['rate_hz']:9.6g} Hz {s['length_s']:10.1f} s"
        line = f"  {printable(s['path']):{width}} {s['set']:10} {lock} {s['status']:10} {facts}  {labels}"
        show(line.rstrip() + (f"  {s['message']}" if s["message"] else ""))
    for warning in data["warnings"]:
        report(f"Note: {warning}")
