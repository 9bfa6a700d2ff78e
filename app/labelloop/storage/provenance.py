"""Where labels came from and whether a user confirmed them: what label files have no place for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from labelloop.project.label_rows import LabelRows, LabelsNow
from labelloop.project.labels import USER, Label

RowKey = tuple[float, float, str, float, str]


def row_key(label: Label) -> RowKey:
    """What a label's row in the file says."""
    return (label.start, label.length, label.name, label.confidence, label.comment)


def records_of(labels: Iterable[Label]) -> list[list[Any]]:
    """A record for each label that is not simply a user's: its row, origin, whether confirmed."""
    labels = labels.beyond_file() if isinstance(labels, LabelsNow) else labels
    return [
        [*row_key(label), label.origin, label.confirmed]
        for label in labels
        if label.origin != USER or not label.confirmed
    ]


def with_records(labels: Sequence[Label], records: list[list[Any]]) -> Sequence[Label]:
    """The labels with what the records say; a row without a record is a user's and confirmed."""
    if not records:
        return labels
    known: dict[RowKey, list[tuple[str, bool]]] = {}
    for *row, origin, confirmed in reversed(records):
        known.setdefault(tuple(row), []).append((origin, confirmed))
    if isinstance(labels, LabelRows):
        rows = {row for start in {key[0] for key in known} if (row := labels.at(start)) is not None}
        return replace(labels, known={row: _with_record(labels.label(row), known) for row in sorted(rows)})
    return [_with_record(label, known) for label in labels]


def _with_record(label: Label, known: dict[RowKey, list[tuple[str, bool]]]) -> Label:
    found = known.get(row_key(label))
    if not found:
        return label
    origin, confirmed = found.pop()
    return replace(label, origin=origin, confirmed=confirmed)
