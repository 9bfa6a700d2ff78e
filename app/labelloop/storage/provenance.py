"""Where labels came from and whether a user confirmed them: what label files have no place for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from labelloop.formats.labels.label_rows import ALL, Holds
from labelloop.project.label_rows import LabelRows, LabelsNow
from labelloop.project.labels import USER, Label

RowKey = tuple[float, float, str, float, str]
Record = tuple[float, str, str, bool]  # confidence, comment, origin, whether confirmed
NO_CONFIDENCE = 1.0  # what a label has when its file says nothing


def row_key(label: Label) -> RowKey:
    """What a label's row in the file says."""
    return (label.start, label.length, label.name, label.confidence, label.comment)


def records_of(labels: Iterable[Label], holds: Holds = ALL) -> list[list[Any]]:
    """A record for each label of which the file does not say all: its row, origin, whether confirmed.

    ``holds`` says which columns the file has: what has none there is only in the record.
    """
    labels = labels.beyond_file() if isinstance(labels, LabelsNow) else labels
    return [
        [*row_key(label), label.origin, label.confirmed]
        for label in labels
        if label.origin != USER
        or not label.confirmed
        or (label.confidence != NO_CONFIDENCE and not holds[0])
        or (label.comment and not holds[1])
    ]


def with_records(labels: Sequence[Label], records: list[list[Any]], holds: Holds = ALL) -> Sequence[Label]:
    """The labels with what the records say; a row without a record is a user's and confirmed."""
    if not records:
        return labels
    known: dict[RowKey, list[Record]] = {}
    for start, length, name, confidence, comment, origin, confirmed in reversed(records):
        key = _file_key((start, length, name, confidence, comment), holds)
        known.setdefault(key, []).append((confidence, comment, origin, confirmed))
    if isinstance(labels, LabelRows):
        rows = {row for start in {key[0] for key in known} if (row := labels.at(start)) is not None}
        return replace(
            labels, known={row: _with_record(labels.label(row), known, ALL) for row in sorted(rows)}
        )
    return [_with_record(label, known, holds) for label in labels]


def _file_key(key: RowKey, holds: Holds) -> RowKey:
    """What a file with these columns says of a row."""
    start, length, name, confidence, comment = key
    return start, length, name, confidence if holds[0] else NO_CONFIDENCE, comment if holds[1] else ""


def _with_record(label: Label, known: dict[RowKey, list[Record]], holds: Holds) -> Label:
    found = known.get(_file_key(row_key(label), holds))
    if not found:
        return label
    confidence, comment, origin, confirmed = found.pop()
    return replace(label, confidence=confidence, comment=comment, origin=origin, confirmed=confirmed)


def unconfirmed(labels: Sequence[Label]) -> Sequence[Label]:
    """The labels, none of which is known to be confirmed."""
    if isinstance(labels, LabelRows):
        return replace(labels, known={i: replace(x, confirmed=False) for i, x in enumerate(labels)})
    return [replace(label, confirmed=False) for label in labels]
