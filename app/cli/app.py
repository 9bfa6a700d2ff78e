"""Opening the terminal app on a project."""

from __future__ import annotations

from pathlib import Path

import click

from app.cli.base import FILE_PATH


@click.command("open", hidden=True)
@click.argument("project", required=False, type=FILE_PATH)
@click.pass_context
def open_command(ctx: click.Context, project: Path | None = None) -> None:
    """Open the app on PROJECT; the last one when none is given.

    Example: labelloop Gestures
    """
    from app.cli.start import start_app

    start_app(project, **(ctx.obj or {}))
