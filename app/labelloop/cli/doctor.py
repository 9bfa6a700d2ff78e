"""The verb doctor: check the machine and a project."""

from __future__ import annotations

from pathlib import Path

import click

from labelloop.cli.base import FILE_PATH, json_option, show, show_json
from labelloop.errors import UserError


@click.command("doctor")
@click.argument("project", required=False, type=FILE_PATH)
@click.option("--repair", is_flag=True, help="Mend PROJECT where that loses nothing; damaged files are kept.")
@json_option
@click.pass_context
def doctor_command(ctx: click.Context, /, project: Path | None, repair: bool, as_json: bool) -> None:
    """Check terminal, libraries, whether jobs outlive a login, and PROJECT's files.

    Example: labelloop doctor Gestures
    """
    from labelloop.services.projects.doctor import BAD, check_machine, check_project, repair_project

    if repair and project is None:
        raise UserError("--repair needs a project: labelloop doctor PROJECT --repair.")
    mended = list(repair_project(project)) if repair and project else []
    machine = () if repair else check_machine()
    found = [*mended, *machine, *(check_project(project) if project else ())]
    if as_json:
        show_json({"findings": [{"state": f.state, "what": f.what, "text": f.text} for f in found]})
    else:
        width = max(len(f.what) for f in found)
        for f in found:
            show(f"{f.state:4}  {f.what:{width}}  {f.text}")
    if any(f.state == BAD for f in found):
        ctx.exit(1)
