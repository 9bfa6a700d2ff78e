"""The verb convert: recordings of any form in Studio's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from labelloop.cli.base import FILE_PATH, json_option, report, show, show_json
from labelloop.cli.tables import given_options, table_options


@click.command("convert")
@click.argument("sources", type=FILE_PATH, nargs=-1, required=True)
@click.argument("folder", type=FILE_PATH)
@table_options
@json_option
def convert_command(sources: tuple[Path, ...], folder: Path, as_json: bool, **tables: Any) -> None:
    """Write recordings in Studio's form below FOLDER; the originals stay as they are.

    Example: labelloop convert logger/*.txt recordings --time-unit ms
    """
    from labelloop.services.exchange.convert import convert

    done = convert(sources, folder, given_options(tables))
    for row in done if not as_json else ():
        show(str(row.target))
        if row.understood:
            report(f"Understood {row.source.name}: {row.understood}.")
    if as_json:
        rows = [{"source": str(r.source), "target": str(r.target), "rows": r.rows} for r in done]
        show_json({"written": rows})
