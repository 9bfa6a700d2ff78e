"""Options of verbs that read tables: what can't be understood of them alone."""

from __future__ import annotations

from typing import Any

import click

from labelloop.cli.base import F
from labelloop.errors import UserError, printable
from labelloop.formats.signals.dialect import TableOptions
from labelloop.formats.signals.units import UNITS


def table_options(command: F) -> F:
    """What can be said of tables that are not understood alone."""
    for option in (
        click.option("--sep", default="", metavar="CHAR", help="What separates a table's columns."),
        click.option("--decimal", type=click.Choice([".", ","]), help="What decimals are written with."),
        click.option("--rate", type=click.FloatRange(1e-3), metavar="HZ", help="Samples a second."),
        click.option("--time-unit", type=click.Choice([*UNITS]), help="What the times are in."),
        click.option("--time", default="", metavar="COLUMN", help="The column that holds the times."),
    ):
        command = option(command)
    return command


def given_options(given: dict[str, Any]) -> TableOptions:
    """What was said of tables. Raises UserError for a separator that is none."""
    mark = {"tab": "\t", "\\t": "\t", "space": " "}.get(given["sep"], given["sep"])
    if len(mark) > 1:
        raise UserError(f"'{printable(mark)}' is no separator: give one character, tab or space.")
    unit, decimal = given["time_unit"] or "", given["decimal"] or ""
    return TableOptions(given["time"], unit, given["rate"] or 0.0, decimal, mark)
