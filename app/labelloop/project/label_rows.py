"""Labels that a file holds in great number: times as arrays, a label made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import overload

import numpy as np
from numpy.typing import NDArray

from labelloop.project.label import Label

Totals = dict[str, tuple[int, float]]  # labels and seconds by class


@dataclass(frozen=True, eq=False)
class LabelRows(Sequence[Label]):
    """The rows of a label file in the order of a track, no two of which start together.

    ``make`` gives the label of a row as the file has it; ``known`` has those rows of which more is known
    than the file says.
    """

    starts: NDArray[np.float64]
    lengths: NDArray[np.float64]
    names: Sequence[str]
    classes: NDArray[np.intp]
    make: Callable[[int], Label]
    known: Mapping[int, Label] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.starts)

    @overload
    def __getitem__(self, row: int) -> Label: ...

    @overload
    def __getitem__(self, row: slice) -> list[Label]: ...

    def __getitem__(self, row: int | slice) -> Label | list[Label]:
        """The label of a row, or those of a stretch of rows."""
        if isinstance(row, slice):
            return [self.label(i) for i in range(*row.indices(len(self)))]
        if not -len(self) <= row < len(self):
            raise IndexError(row)
        return self.label(row % len(self))

    def __iter__(self) -> Iterator[Label]:
        return map(self.label, range(len(self)))

    def label(self, row: int) -> Label:
        """The label of a row that is there."""
        known = self.known.get(row)
        return self.make(row) if known is None else known

    def at(self, start: float) -> int | None:
        """The row that starts at a time, None when there is none."""
        row = int(np.searchsorted(self.starts, start))
        return row if row < len(self) and self.starts[row] == start else None

    @cached_property
    def totals(self) -> Totals:
        """How many labels each class has and the seconds they cover, in order of first appearance."""
        counts = np.bincount(self.classes, minlength=len(self.names)).tolist()
        lengths = np.bincount(self.classes, self.lengths, len(self.names)).tolist()
        return dict(zip(self.names, zip(counts, lengths, strict=True), strict=True))


@dataclass(frozen=True, eq=False)
class LabelsNow:
    """What a track holds at one moment, as rows of its file that were taken out and labels that are new."""

    rows: LabelRows | None
    gone: frozenset[int]
    new: tuple[Label, ...]

    @cached_property
    def fresh(self) -> list[Label]:
        """The new labels in order."""
        return sorted(self.new, key=Label.key)

    def __len__(self) -> int:
        return (len(self.rows) if self.rows is not None else 0) - len(self.gone) + len(self.new)

    def __iter__(self) -> Iterator[Label]:
        """All labels: first those of the file, then the new ones."""
        if self.rows is not None:
            for row in range(len(self.rows)):
                if row not in self.gone:
                    yield self.rows.label(row)
        yield from self.fresh

    def beyond_file(self) -> Iterator[Label]:
        """All labels of which more may be known than a label file says; takes no longer for a million."""
        if self.rows is not None:
            yield from (label for row, label in sorted(self.rows.known.items()) if row not in self.gone)
        yield from self.fresh

    def totals(self) -> Totals:
        """How many labels each class has and the seconds they cover; takes no longer for a million."""
        found: dict[str, list[float]] = {}
        if self.rows is not None:
            found = {name: [count, length] for name, (count, length) in self.rows.totals.items()}
            for row in self.gone:
                label = self.rows.label(row)
                found[label.name][0] -= 1
                found[label.name][1] -= label.length
        for label in self.fresh:
            entry = found.setdefault(label.name, [0, 0.0])
            entry[0] += 1
            entry[1] += label.length
        return {name: (int(count), length) for name, (count, length) in found.items() if count > 0}
