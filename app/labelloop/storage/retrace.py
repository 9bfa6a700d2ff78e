"""Who confirmed which labels, told by the journal where the side file that says so is gone or damaged."""

from __future__ import annotations

import json
import mmap
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from labelloop.errors import UserError, printable
from labelloop.formats.labels.label_file import LabelDocument
from labelloop.project.changes import count_of, primitives
from labelloop.project.history import Entry
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.storage.provenance import records_of, unconfirmed, with_records

_EDITED = re.compile(rb'"kind":"labels","session":("(?:[^"\\]|\\.)*")')

Key = tuple[str, str]  # a session's id and a track's name


class Trail:
    """What a project's journal tells of its label tracks; read when it is asked for."""

    def __init__(
        self, journal: Path, entries: Callable[[], Sequence[Entry]], last_seq: Callable[[], int]
    ) -> None:
        self._journal = journal
        self._read = entries
        self._last_seq = last_seq

    def names(self, session_id: str) -> bool:
        """Whether labels of a session were ever edited here; takes no longer for a million edits."""
        return session_id in self._sessions

    @cached_property
    def _sessions(self) -> frozenset[str]:
        try:
            with (
                self._journal.open("rb") as file,
                mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
            ):
                found = {match[1] for match in _EDITED.finditer(data)}
            return frozenset(json.loads(text.decode("utf-8", "surrogatepass")) for text in found)
        except (OSError, ValueError):  # an empty file can't be mapped
            return frozenset()

    @cached_property
    def whole(self) -> bool:
        """Whether the journal has every change from the first to the last."""
        found = [entry.seq for entry in self._entries]
        return bool(found) and found == list(range(1, self._last_seq() + 1))

    @cached_property
    def _entries(self) -> Sequence[Entry]:
        try:
            return self._read()
        except UserError:
            return ()

    @cached_property
    def _labels(self) -> dict[Key, Counter[Label]]:
        """The labels that edits brought into each track and that no edit took out."""
        out: dict[Key, Counter[Label]] = {}
        for entry in self._entries:
            for part in primitives(entry.change):
                if isinstance(part, EditLabels):
                    there = out.setdefault((part.session, part.track), Counter())
                    there.subtract(label for label in part.removed if there[label] > 0)
                    there.update(part.added)
        return out

    def labels(self, session_id: str, track: str) -> list[Label] | None:
        """The labels that edits brought into a track; None when none touched it."""
        found = self._labels.get((session_id, track)) if self.names(session_id) else None
        return None if found is None else list(found.elements())


@dataclass(frozen=True, slots=True)
class Retraced:
    """A file's labels as far as their origin can be told, and the sentence that says what was lost."""

    labels: Sequence[Label]
    sentence: str = ""


def retraced(document: LabelDocument, trail: Trail, key: Key, where: str, damaged: bool) -> Retraced:
    """The labels of a file without a side file, or with a ``damaged`` one.

    What a user can be shown to have confirmed is confirmed; of a file that was never edited here that is
    all. Where nothing can be shown a label is unconfirmed.
    """
    known = trail.labels(*key)
    if known is None and not damaged:
        return Retraced(document.labels)
    labels = with_records(document.labels, records_of(known or (), document.holds), document.holds)
    if damaged and (known is None or not trail.whole):
        labels = _doubted(labels, known or ())
    open_ones = sum(not x.confirmed for x in labels) if known or damaged else 0
    if not damaged and not open_ones:
        return Retraced(labels)
    what = "can't be read" if damaged else "is missing"
    told = (
        f"What is kept below .labelloop/state of who confirmed the labels in {printable(where)} {what}: "
        f"{count_of(open_ones, 'label')} of {len(labels)} count as unconfirmed"
    )
    by = "as the journal tells" if known is not None else "as nothing else tells who made them"
    return Retraced(labels, f"{told}, {by}; look at them in the review.")


def _doubted(labels: Sequence[Label], known: Sequence[Label]) -> Sequence[Label]:
    """The labels, with those unconfirmed that no edit brought."""
    if not known:
        return unconfirmed(labels)
    there = {(x.start, x.length, x.name) for x in known}
    return [x if (x.start, x.length, x.name) in there else replace(x, confirmed=False) for x in labels]
