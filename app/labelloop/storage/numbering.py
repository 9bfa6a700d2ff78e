"""The numbers of changes, where the journal that gave them is gone: the notes on files know them, too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from labelloop.contract.values import parsed
from labelloop.project.fitting import fits
from labelloop.storage.own_files import read_own


def greatest_number(state: Path) -> int:
    """The greatest number of a change that the notes on saved files name; 0 when there are none.

    A new change with a number that is not above it would count as saved.
    """
    return max(_numbers(state), default=0)


def _numbers(state: Path) -> Iterator[int]:
    for path in state.glob("*/*.json"):
        try:
            versions = parsed(read_own(path))["versions"]
            yield from (v["seq"] for v in versions if fits(int)(v["seq"]))
        except (OSError, ValueError, KeyError, TypeError):
            continue
