"""Verbs for generated labels: generate, revert."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from labelloop.cli.base import (
    PARTLY_FAILED,
    F,
    Progress,
    finite,
    json_option,
    opened,
    project_argument,
    report,
    show,
    show_json,
)
from labelloop.errors import UserError, printable
from labelloop.project.changes import count_of

METHODS = ("model", "track", "similar", "threshold", "session")
SETTINGS = ("threshold", "min_length", "max_length", "gap", "offset", "by", "factor", "length")


def _setting(name: str, help_text: str) -> Callable[[F], F]:
    """An option that can be given for all classes and again for single ones."""
    return click.option(name, multiple=True, metavar="[CLASS:]N", help=help_text)


@click.command("generate")
@project_argument
@click.option("--method", type=click.Choice(METHODS), required=True)
@click.option("--source", multiple=True, help="A model, best or a .h5 file; a track; SESSION@start; a rule.")
@click.option("--sessions", multiple=True, required=True, help="SESSION; can be given again.")
@click.option("--target", required=True, help="existing:TRACK or new:TRACK.")
@click.option("--existing", type=click.Choice(["keep", "replace-class", "replace-all"]), default="keep")
@_setting("--threshold", "Score from which a frame belongs to an event.")
@_setting("--min-length", "Drop shorter events (s).")
@_setting("--max-length", "Drop longer events (s).")
@_setting("--gap", "Join events of one class with smaller gaps (s).")
@click.option("--classes", help="Only these classes, comma separated.")
@_setting("--offset", "Move labels (s).")
@click.option("--resize", type=click.Choice(["start", "end", "centre"]), help="The edge that moves.")
@_setting("--by", "Make labels longer (s); negative: shorter.")
@_setting("--factor", "Multiply lengths.")
@_setting("--length", "Give labels this length (s).")
@click.option("--rename", multiple=True, metavar="A=B", help="Rename a class on the way.")
@click.option("--add-classes", is_flag=True, help="Add classes that the project lacks.")
@click.option("--resample", is_flag=True, help="Bring recordings of another rate to the model's.")
@click.option(
    "--channels-by-position", "by_position", is_flag=True, help="Match channels by order, not name."
)
@click.option("--dry-run", is_flag=True, help="Say what would change.")
@json_option
@click.pass_context
def generate_command(
    ctx: click.Context, /, project: Path, dry_run: bool, as_json: bool, **options: Any
) -> None:
    """Generate labels: the wizard without the screens.

    Example: labelloop generate Gestures --method model --source best --sessions unlabelled
    --target existing:label
    """
    from labelloop.services.generating.merging import refuse_read_only
    from labelloop.services.generating.methods import start
    from labelloop.services.sessions.signal_of import read_here

    read_here()
    with opened(project, "generate", write=not dry_run) as store:
        if not dry_run:
            refuse_read_only(store)
            _finish_orphans(store)
        request = _request(options, store.project.class_names)
        outcome = _follow(start(store, request, dry_run))
        why = _why_nothing(store, request, outcome, dry_run)
    if outcome.failed and len(outcome.failed) == len(outcome.sessions):
        first = outcome.failed[0]
        raise UserError(f"No session could be done; {printable(first.session.path)}: {first.problem}")
    if as_json:
        show_json(finite(outcome.to_json()))
    else:
        for row in outcome.sessions:
            show(f"{row.session.path}: {row.problem or row.facts}")
    made = f"{count_of(outcome.added, 'label')} {'would be ' if dry_run else ''}added"
    run = f", run {outcome.run}" if outcome.run else ""
    report(f"{made} in {count_of(len(outcome.sessions), 'session')}{run}.")
    if why:
        report(f"No label {'would be' if dry_run else 'was'} added: {why}.")
    for row in outcome.failed:
        report(f"Failed: {printable(row.session.path)}: {row.problem}")
    if outcome.failed:
        ctx.exit(PARTLY_FAILED)


def _why_nothing(store: Any, request: Any, outcome: Any, dry_run: bool) -> str:
    """What keeps a request that fits from bringing anything, such as a setting that drops all of it."""
    if outcome.added or outcome.failed or (not dry_run and any(row.removed for row in outcome.sessions)):
        return ""
    from labelloop.services.generating.tally import reason

    return reason(store, request)


def _finish_orphans(store: Any) -> None:
    from labelloop.services.generating.model import orphaned_runs

    for orphan in orphaned_runs(store):
        try:
            orphan.poll()
            if added := orphan.outcome.added:
                report(f"Run {orphan.run.id}: {added} labels were added that waited to be put into tracks.")
        except UserError as error:
            report(f"Note: {error}")


def _request(options: dict[str, Any], known: Iterable[str]) -> Any:
    from labelloop.services.generating.merging import Target
    from labelloop.services.generating.request import GenerateRequest
    from labelloop.services.sessions.names import names_in

    settings = {name: tuple(options[name]) for name in SETTINGS if options[name]}
    return GenerateRequest(
        options["method"],
        tuple(options["sessions"]),
        Target.parse(options["target"]),
        tuple(options["source"]),
        options["existing"],
        names_in(options["classes"] or "", known),
        settings,
        options["resize"] or "",
        tuple(options["rename"]),
        options["add_classes"],
        options["resample"],
        options["by_position"],
    )


def _follow(run: Any) -> Any:
    from labelloop.services.generating.request import wait_for_run

    progress = Progress("")
    try:
        return wait_for_run(run, lambda now: progress.text(now.message))
    finally:
        progress.end()


@click.command("revert")
@project_argument
@click.argument("run")
@json_option
def revert_command(project: Path, run: str, as_json: bool) -> None:
    """Revert what a generation run wrote; labels that users changed since stay.

    Example: labelloop revert Gestures g3
    """
    from labelloop.services.labels.history import revert_run

    with opened(project, "revert", write=True) as store:
        done = revert_run(store.editor, run)
    report(
        f"Run {done.run}: {done.removed} labels taken out of {done.sessions} sessions, {done.restored} put "
        f"back, {done.kept} kept because users changed them."
    )
    if as_json:
        fields = ("run", "sessions", "removed", "kept", "restored")
        show_json({name: getattr(done, name) for name in fields})
