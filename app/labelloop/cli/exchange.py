"""Verbs for other programs' files: export, import."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from labelloop.cli.base import (
    FILE_PATH,
    PARTLY_FAILED,
    json_option,
    opened,
    project_argument,
    report,
    show,
    show_json,
)
from labelloop.errors import UserError, printable
from labelloop.formats.registry import as_list
from labelloop.labeling.tracks import KEEP, POLICIES
from labelloop.project.changes import count_of

_NAMES = [label_format.name for label_format in as_list()]
_KINDS = "; ".join(f"{f.name}: {f.title} ({f.ending})" for f in as_list())
format_option = click.option(
    "--format", "format_name", type=click.Choice(_NAMES), required=True, help=f"{_KINDS}."
)


@click.command("export")
@project_argument
@click.argument("sessions", metavar="[SESSION...]", nargs=-1)
@format_option
@click.option("--track", default="", help="The label track; each session's active one by default.")
@click.option(
    "--output", type=FILE_PATH, metavar="DIR", help="The folder for the files; NAME-labels by default."
)
@click.option("--confirmed-only", is_flag=True, help="Leave out labels that nobody confirmed.")
@click.option("--force", is_flag=True, help="Replace files that are there.")
@json_option
@click.pass_context
def export_command(
    ctx: click.Context, /, project: Path, sessions: tuple[str, ...], output: Path | None, **options: Any
) -> None:
    """Write label tracks into files for other programs; of all sessions unless some are named.

    Audacity, Praat and Studio get a file a session, named by its path; csv, json and dcase get one file for
    all. Times are seconds of the session's own clock.

    Example: labelloop export Gestures --format audacity 'down/*' --output for-audacity
    """
    from labelloop.services.exchange.exchange import export_labels
    from labelloop.services.sessions.select import select

    as_json, overwrite = options.pop("as_json"), options.pop("force")
    with opened(project, "export") as store:
        chosen = select(store.project, sessions or ("all",))
        done = export_labels(store, sessions=chosen, folder=output, overwrite=overwrite, **options)
    for path, reason in (*done.skipped, *done.failed):
        report(f"Skipped {printable(path)}: {reason}.")
    report(f"{count_of(done.labels, 'label')} of {count_of(done.sessions, 'session')} exported.")
    if as_json:
        skipped = [{"path": path, "reason": reason} for path, reason in (*done.skipped, *done.failed)]
        counts = {"sessions": done.sessions, "labels": done.labels, "skipped": skipped}
        show_json({"format": options["format_name"], "files": [str(file) for file in done.files], **counts})
    else:
        for file in done.files:
            show(str(file))
    if done.failed:
        ctx.exit(PARTLY_FAILED)


@click.command("import")
@project_argument
@click.argument("files", metavar="FILE...|DIR", nargs=-1, required=True, type=FILE_PATH)
@format_option
@click.option(
    "--track", default="", help="The track to put them in, made where it is missing; the active one."
)
@click.option("--session", default="", help="The session that the labels are of, whatever the file says.")
@click.option("--existing", type=click.Choice(POLICIES), default=KEEP, show_default=True, help="See below.")
@click.option("--confirmed", is_flag=True, help="A user made or checked them: they train, none is reviewed.")
@click.option("--add-classes", is_flag=True, help="Add classes that the project lacks.")
@click.option("--tier", default="", help="Only this tier of a TextGrid.")
@click.option("--shift", "shift_s", type=float, default=0.0, metavar="S", help="Seconds added to all times.")
@click.option("--relative", is_flag=True, help="Times count from the recording's first sample.")
@click.option("--dry-run", is_flag=True, help="Say what would change.")
@json_option
@click.pass_context
def import_command(
    ctx: click.Context, /, project: Path, dry_run: bool, as_json: bool, format_name: str, **options: Any
) -> None:
    """Put labels from other programs' files into label tracks, one undoable change a session.

    A file belongs to the session that it is named after (down/down_01.txt, or down_01.txt when only one
    session has that name), or to those that it names in its rows.

    Imported labels are unconfirmed: they wait for review and don't train, as nobody can tell whether a user
    or a model made them. Say --confirmed when a user did.

    --existing keep leaves confirmed labels as they are, cuts new ones at their edges, and replaces
    unconfirmed ones of the imported classes; replace-class replaces all labels of these classes; replace-all
    replaces every label of the track. Only sessions that the files name are touched.

    Example: labelloop import Gestures --format audacity for-audacity --confirmed
    """
    from labelloop.services.exchange.exchange import ImportRequest, import_labels

    with opened(project, "import", write=not dry_run) as store:
        done = import_labels(store, ImportRequest(format_name, **options), dry_run)
    if done.failed and len(done.failed) == len(done.sessions):
        first = done.failed[0]
        raise UserError(f"Nothing was imported; {printable(first.session.path)}: {first.problem}")
    for row in done.sessions if not as_json else ():
        facts = row.problem or f"{row.added} added, {row.kept} kept, {row.removed} removed"
        show(f"{row.session.path}: {facts}")
    for path, reason in done.skipped:
        report(f"Skipped {printable(path)}: {reason}.")
    for note in done.notes:
        report(f"Note: {note}")
    would = "would be " if dry_run else ""
    report(f"{count_of(done.added, 'label')} {would}imported into {count_of(len(done.sessions), 'session')}.")
    if as_json:
        data = done.to_json() | {"dry_run": dry_run, "format": format_name}
        del data["run"]
        data |= {"notes": done.notes} if done.notes else {}
        show_json(data | {"skipped": [{"path": path, "reason": reason} for path, reason in done.skipped]})
    if done.failed:
        ctx.exit(PARTLY_FAILED)
