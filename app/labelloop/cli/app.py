"""Opening the terminal app on a project."""

from __future__ import annotations

from pathlib import Path

import click

from labelloop.cli.base import FILE_PATH, project_argument


@click.command("open", hidden=True)
@click.argument("project", required=False, type=FILE_PATH)
@click.pass_context
def open_command(ctx: click.Context, project: Path | None = None) -> None:
    """Open the app on PROJECT; the last one when none is given.

    Example: labelloop Gestures
    """
    from labelloop.cli.start import start_app

    start_app(project, **(ctx.obj or {}))


_sessions = click.argument("sessions", metavar="[SESSION...]", nargs=-1)


@click.command("wizard")
@project_argument
@_sessions
@click.pass_context
def wizard_command(ctx: click.Context, /, project: Path, sessions: tuple[str, ...]) -> None:
    """Open only the Generate Labels wizard, on the unlabelled sessions by default; it ends with it.

    Example: labelloop wizard Gestures 'up/*'
    """
    _start(ctx, project, "wizard", sessions)


@click.command("review")
@project_argument
@_sessions
@click.pass_context
def review_command(ctx: click.Context, /, project: Path, sessions: tuple[str, ...]) -> None:
    """Open the review queue over all sessions with unconfirmed labels, or over those named.

    Example: labelloop review Gestures unassigned
    """
    _start(ctx, project, "review", sessions)


def _start(ctx: click.Context, project: Path, first: str, sessions: tuple[str, ...]) -> None:
    from labelloop.cli.start import start_app

    start_app(project, **(ctx.obj or {}), first=first, words=sessions)
