"""Which channel of a recording is which of a model's: by their names, not by their order."""

from __future__ import annotations

import re
from collections.abc import Sequence

from labelloop.errors import UserError, printable

_GENERIC = re.compile(r"(channel|column|value)[\W_]*\d+")
BY_POSITION = "--channels-by-position takes them in their order"


def key_of(name: str) -> str:
    """What two spellings of a channel's name have in common.

    >>> key_of("Accel_X (g)") == key_of("accel x")
    True
    """
    plain = re.sub(r"[(\[].*?[)\]]", "", name)
    return re.sub(r"[\W_]+", "", plain or name, flags=re.UNICODE).casefold()


def is_generic(names: Sequence[str]) -> bool:
    """Whether names only count channels, as those of models by Studio and of files without a header do."""
    return all(_GENERIC.fullmatch(name.strip().casefold()) for name in names)


def places(have: Sequence[str], want: Sequence[str]) -> list[int] | None:
    """Where each wanted channel stands among those of a recording; None when one is missing."""
    keys = [key_of(name) for name in have]
    if list(have) == list(want):
        return list(range(len(want)))
    wanted = [key_of(name) for name in want]
    if len(set(keys)) < len(keys) or len(set(wanted)) < len(wanted) or not set(wanted) <= set(keys):
        return None
    return [keys.index(key) for key in wanted]


def matched(
    have: Sequence[str], want: Sequence[str], whose: str, theirs: str, by_position: bool = False
) -> list[int]:
    """Where each wanted channel stands.

    Args:
        have: names of a recording's channels. want: those that are looked for.
        whose: the recording's name. theirs: who wants them, as in "the model m was trained on".
        by_position: take as many in their order, whatever they are called.

    Raises:
        UserError: one is missing, or the names are others; the message says which.
    """
    whose = printable(whose)
    if by_position or is_generic(want) or is_generic(have):
        if len(have) == len(want):
            return list(range(len(want)))
        raise UserError(f"{whose} has {len(have)} channels, but {theirs} {len(want)} ({listed(want)}).")
    found = places(have, want)
    if found is not None:
        return found
    if len(have) == len(want):
        raise UserError(
            f"{whose} names its channels {listed(have)}, but {theirs} {listed(want)}: rename them in the "
            f"recording, or if they are the same ones, {BY_POSITION}."
        )
    missing = [name for name in want if key_of(name) not in map(key_of, have)]
    lacks = f"lacks {listed(missing)}" if missing else "has channels of the same name"
    raise UserError(f"{whose} {lacks}: {theirs} {listed(want)}, and it has {listed(have)}.")


def listed(names: Sequence[str]) -> str:
    """The first of some names."""
    more = f" and {len(names) - 6} more" if len(names) > 6 else ""
    return ", ".join(printable(name) for name in names[:6]) + more
