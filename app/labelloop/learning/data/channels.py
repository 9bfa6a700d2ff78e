"""Recordings with the channels that a model or the other sessions have, in their order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from labelloop.contract.channels import listed, matched, places
from labelloop.errors import printable
from labelloop.learning.data.frames import Recording
from labelloop.learning.data.prepared import Example

Array = npt.NDArray[Any]


class Picked:
    """Some channels of a recording, in an order of their own."""

    def __init__(self, base: Recording, at: Sequence[int], names: Sequence[str]) -> None:
        self._base, self._at = base, np.asarray(at)
        self.times, self.rate_hz, self.names = base.times, base.rate_hz, list(names)

    def read(self, i: int, j: int) -> Array:
        """Samples i to j of the picked channels, (j - i, channels)."""
        return np.asarray(self._base.read(i, j))[:, self._at]


def with_channels(
    recording: Recording, want: Sequence[str], whose: str, theirs: str, by_position: bool
) -> Recording:
    """The recording with the wanted channels in their order. Raises UserError when it does not have them."""
    at = matched(list(recording.names), want, whose, theirs, by_position)
    if at == list(range(len(recording.names))):
        return recording
    return Picked(recording, at, want)


def common_channels(examples: Sequence[Example]) -> list[str]:
    """The channels that sessions are learned with: those of the session that has the fewest."""
    fewest = min(examples, key=lambda x: len(x.recording.names))
    same = [x for x in examples if len(x.recording.names) == len(fewest.recording.names)]
    return list(same[0].recording.names)


def aligned(
    examples: Sequence[Example], by_position: bool, report: Callable[[str], None]
) -> dict[int, Example]:
    """Examples with like channels in one order, by their identity. What is reordered or left out is told.

    Raises:
        UserError: a session lacks a channel that others have.
    """
    want = common_channels(examples)
    first = next(x for x in examples if list(x.recording.names) == want)
    theirs = f"{printable(first.name)} has"
    out: dict[int, Example] = {}
    moved, left = list[Example](), dict[str, list[Example]]()
    for x in examples:
        have = list(x.recording.names)
        out[id(x)] = replace(x, recording=with_channels(x.recording, want, x.name, theirs, by_position))
        at = places(have, want) if not by_position else None
        if at is not None and len(have) > len(want):
            extra = listed([name for n, name in enumerate(have) if n not in at])
            left.setdefault(extra, []).append(x)
        elif at is not None and at != sorted(at):
            moved.append(x)
    if moved:
        report(f"The channels of {_names(moved)} stand in another order; they are matched by their names.")
    for extra, who in left.items():
        report(f"Channels that not every session has are left out: {extra} of {_names(who)}.")
    return out


def _names(examples: Sequence[Example]) -> str:
    more = f" and {len(examples) - 1} more" if len(examples) > 1 else ""
    return printable(examples[0].name) + more
