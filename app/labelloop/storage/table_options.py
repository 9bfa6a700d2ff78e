"""What users said of tables that can't be understood alone, kept by their form for the next ones of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from labelloop.contract.values import mapping, number, parsed, text
from labelloop.errors import UserError
from labelloop.formats.opening import open_regular
from labelloop.formats.signals.dialect import Dialect, TableOptions, form_of
from labelloop.formats.signals.plain import understood
from labelloop.storage.atomic import replace_file
from labelloop.storage.own_files import make_own_folder, read_own

FILE = "tables.json"


def options_for(home: Path, source: Path) -> TableOptions:
    """What was said of tables of this one's form; nothing where nothing was.

    Args:
        home: the folder of our files.
        source: a table.
    """
    kept = _kept(home)
    if not kept:
        return TableOptions()
    try:
        with open_regular(source) as file:
            row = mapping(kept.get(form_of(source, file)))
    except (UserError, OSError):
        return TableOptions()
    return TableOptions(
        text(row.get("time")),
        text(row.get("time_unit")),
        number(row.get("rate_hz")) or 0.0,
        text(row.get("decimal")),
        text(row.get("separator")),
    )


def keep_options(home: Path, sources: Iterable[Path], options: TableOptions) -> None:
    """Keep what was said for the forms of these tables.

    Raises:
        UserError: it can't be written.
    """
    if not options:
        return
    kept = dict(_kept(home))
    for source in sources:
        if source.suffix.lower() == ".wav":
            continue
        try:
            with open_regular(source) as file:
                kept[form_of(source, file)] = {k: v for k, v in asdict(options).items() if v}
        except (UserError, OSError):
            continue  # reading it says best what is wrong with it
    make_own_folder(home)
    replace_file(home / FILE, json.dumps(kept, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def dialect_words(home: Path, source: Path) -> str:
    """What was understood of a table that has not Studio's form, in words; nothing of others."""
    if source.suffix.lower() == ".wav":
        return ""
    try:
        with open_regular(source) as file:
            found = understood(source, file, options_for(home, source))
    except (UserError, OSError):
        return ""
    return found.words() if isinstance(found, Dialect) else ""


def _kept(home: Path) -> dict[str, object]:
    try:
        return dict(mapping(parsed(read_own(home / FILE))))
    except (OSError, ValueError):
        return {}
