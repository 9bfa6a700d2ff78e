"""The verb demo: a project to try things on."""

from __future__ import annotations

from pathlib import Path

import click

from labelloop.cli.base import FILE_PATH, json_option, report, show, show_json


@click.command("demo")
@click.argument("folder", metavar="[DIR]", required=False, type=FILE_PATH)
@click.option("--no-open", is_flag=True, help="Copy it, but don't open the app.")
@json_option
@click.pass_context
def demo_command(ctx: click.Context, /, folder: Path | None, no_open: bool, as_json: bool) -> None:
    """Copy the demo project (to a fresh folder by default) and open it.

    Example: labelloop demo
    """
    from labelloop.services.projects.demo import copy_demo

    project = copy_demo(folder)
    if as_json:
        show_json({"project": str(project)})
    elif no_open:
        show(str(project))
    if no_open or as_json:
        return
    report(f"The demo project is {project}.")
    from labelloop.cli.start import start_app

    start_app(project, **(ctx.obj or {}))
