"""Verbs for sets and for the history: assign, redistribute, undo."""

from __future__ import annotations

from pathlib import Path

import click

from labelloop.cli.base import json_option, opened, project_argument, report, show, show_json
from labelloop.errors import Stuck, UserError
from labelloop.project.sets import TITLES, set_named


@click.command("assign")
@project_argument
@click.argument("set_name", metavar="SET")
@click.argument("sessions", metavar="SESSION...", nargs=-1, required=True)
@json_option
def assign_command(project: Path, set_name: str, sessions: tuple[str, ...], as_json: bool) -> None:
    """Move sessions to a set: train, validation, test or unassigned. Locked ones are refused.

    Example: labelloop assign Gestures train 'down/down_0[1-6]'
    """
    from labelloop.services.sessions.assign import assign
    from labelloop.services.sessions.select import select

    target = set_named(set_name)
    with opened(project, "assign", write=True) as store:
        chosen = select(store.project, sessions)
        applied = assign(store.editor, chosen, target)
    moved = len(applied.touched.sessions) if applied else 0
    report(applied.title if applied else f"All {len(chosen)} are in {TITLES[target]} already.")
    if as_json:
        show_json({"set": target, "moved": moved, "sessions": [s.path for s in chosen]})


@click.command("undo")
@project_argument
@click.option("--skip", is_flag=True, help="Pass over the last change, if it can't be undone any more.")
@json_option
def undo_command(project: Path, skip: bool, as_json: bool) -> None:
    """Take the last change back and say which it was.

    Example: labelloop undo Gestures
    """
    from labelloop.services.labels.history import undo, undo_or_skip

    with opened(project, "undo", write=True) as store:
        if skip:
            skipped = undo_or_skip(store.editor)
            if isinstance(skipped, str):
                if as_json:
                    show_json({"skipped": skipped})
                else:
                    show(f"Skipped, and left as it is: {skipped}")
                return
            done = skipped
        else:
            try:
                done = undo(store.editor)
            except Stuck as error:
                raise UserError(f"{error} ('labelloop undo --skip' passes over it.)") from error
    if as_json:
        show_json({"undone": done.title, "changes": done.count})
    else:
        show(f"Undone: {done.title}")


@click.command("redistribute")
@project_argument
@click.option("--train", type=float, default=60, show_default=True, help="Share of Train.")
@click.option("--validation", type=float, default=20, show_default=True, help="Share of Validation.")
@click.option("--test", type=float, default=20, show_default=True, help="Share of Test.")
@click.option("--by", type=click.Choice(["labels", "time"]), default="labels", show_default=True)
@click.option("--only-unassigned", is_flag=True, help="Leave sessions that are in a set where they are.")
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--dry-run", is_flag=True, help="Show what would move.")
@json_option
def redistribute_command(
    project: Path,
    train: float,
    validation: float,
    test: float,
    by: str,
    only_unassigned: bool,
    seed: int,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Share labelled sessions out to the sets, stratified by class; locked ones stay.

    Example: labelloop redistribute Gestures --train 70 --validation 30 --test 0
    """
    from labelloop.services.sessions.assign import Shares, plan_redistribution, redistribute

    with opened(project, "redistribute", write=not dry_run) as store:
        shares = Shares(train, validation, test)
        plan = plan_redistribution(store.project, shares, by, only_unassigned, seed)
        moving = {s: t for s, t in plan.items() if store.project.set_of(s) != t}
        paths = {store.project.session(s).path: t for s, t in moving.items()}
        applied = None if dry_run else redistribute(store.editor, plan)
    if as_json:
        show_json({"moved": paths, "dry_run": dry_run})
        return
    for path, target in paths.items():
        show(f"{target:11} {path}")
    report(applied.title if applied else f"{len(paths)} sessions would move." if paths else "Nothing moves.")
