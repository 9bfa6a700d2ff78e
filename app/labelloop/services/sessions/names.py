"""Names of classes as users write them in lists, and which one is meant when there is none of a name."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterable, Sequence

from labelloop.errors import UserError, printable


def names_in(text: str, known: Iterable[str]) -> tuple[str, ...]:
    """The names in a list with commas; one that has a comma itself stands alone or in quotes.

    >>> names_in('up, down', ['up', 'down'])
    ('up', 'down')
    >>> names_in('walk, slow', ['walk, slow'])
    ('walk, slow',)
    >>> names_in('"walk, slow",up', [])
    ('walk, slow', 'up')
    """
    if text.strip() in set(known):
        return (text.strip(),)
    rows = csv.reader([text], skipinitialspace=True)
    return tuple(name.strip() for row in rows for name in row if name.strip())


def joined(names: Iterable[str]) -> str:
    """Names as a list that ``names_in`` reads back."""
    quoted = ('"' + name.replace('"', '""') + '"' if set(name) & set('",') else name for name in names)
    return ",".join(quoted)


def check_known(names: Iterable[str], known: Sequence[str], where: str) -> None:
    """Refuse a name that nothing has.

    Raises:
        UserError: says where it stands, and the nearest name there is.
    """
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1, 0.5)
            meant = f": did you mean '{printable(near[0])}'?" if near else "."
            listed = ", ".join(printable(n) for n in known[:8]) or "none"
            said = f"{where} names the class '{printable(name)}', which there is not{meant}"
            raise UserError(f"{said} ({listed})")
