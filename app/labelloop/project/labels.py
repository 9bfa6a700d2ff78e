"""The sorted track that holds the labels of one session."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from labelloop.project.label import USER as USER
from labelloop.project.label import Label as Label
from labelloop.project.label import problem_of as problem_of
from labelloop.project.label_rows import LabelRows, LabelsNow

_CLOSE = 64  # labels a change; where more lie between the changed ones, each is changed by itself


class LabelTrack:
    """The labels of one session's track, sorted by start; overlaps may exist.

    Range queries take O(log n): ``_reach[i]`` is the latest end among the first i + 1 labels. ``_ids`` has a
    number for each label in order: the row of the file (``rows``) that it is, or a key of ``_fresh`` below 0.
    Labels of rows are made when they are asked for.
    """

    def __init__(self, labels: Iterable[Label] = ()) -> None:
        self._rows = labels if isinstance(labels, LabelRows) else None
        self._fresh: dict[int, Label] = {}
        self._next_id = -1
        self._gone: dict[Label, list[int]] = {}  # rows of the file that were taken out
        self._reach = array("d")
        self.version = 0  # goes up with each change, for what is counted once
        if self._rows is not None:
            self._take_rows(self._rows)
        else:
            self._take_labels(labels)

    def _take_rows(self, rows: LabelRows) -> None:
        self._ids = array("q", np.arange(len(rows), dtype=np.int64).tobytes())
        self._starts = array("d", rows.starts.tobytes())
        if len(rows):
            self._reach.frombytes(np.maximum.accumulate(rows.starts + rows.lengths).tobytes())
        self.unconfirmed = sum(not label.confirmed for label in rows.known.values())

    def _take_labels(self, labels: Iterable[Label]) -> None:
        ordered = sorted(labels, key=Label.key)
        self._ids = array("q", (self._keep(label) for label in ordered))
        self._starts = array("d", (label.start for label in ordered))
        self.unconfirmed = sum(not label.confirmed for label in ordered)  # labels nobody vouches for
        self._extend_reach(0)

    def _keep(self, label: Label) -> int:
        """The number of a new label."""
        number, self._next_id = self._next_id, self._next_id - 1
        self._fresh[number] = label
        return number

    def _label(self, number: int) -> Label:
        if number < 0:
            return self._fresh[number]
        assert self._rows is not None
        return self._rows.label(number)

    def _extend_reach(self, index: int) -> None:
        """Recompute the running latest end from ``index`` until it agrees with what was there."""
        reach = self._reach
        latest = reach[index - 1] if index else -math.inf
        for i in range(index, len(self._ids)):
            latest = max(latest, self._end(i))
            if i < len(reach):
                if reach[i] == latest:
                    return
                reach[i] = latest
            else:
                reach.append(latest)

    def _end(self, i: int) -> float:
        number = self._ids[i]
        if number < 0:
            return self._fresh[number].end
        assert self._rows is not None
        return float(self._rows.starts[number] + self._rows.lengths[number])

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[Label]:
        return map(self._label, self._ids)

    def __getitem__(self, index: int) -> Label:
        return self._label(self._ids[index])

    def __contains__(self, label: object) -> bool:
        return isinstance(label, Label) and self.count(label) > 0

    def now(self) -> LabelsNow:
        """What the track holds now, for who writes it while it changes."""
        gone = frozenset(row for rows in self._gone.values() for row in rows)
        return LabelsNow(self._rows, gone, tuple(self._fresh.values()))

    def unsure(self) -> list[Label]:
        """All labels that nobody confirmed; takes no longer for a million confirmed ones."""
        if not self.unconfirmed:
            return []
        found = [label for label in self.now().beyond_file() if not label.confirmed]
        return sorted(found, key=Label.key)

    def count(self, label: Label) -> int:
        """How many labels equal this one."""
        low, high = bisect_left(self._starts, label.start), bisect_right(self._starts, label.start)
        return sum(self[i] == label for i in range(low, high))

    def insert(self, label: Label) -> None:
        """Add one label. Raises ValueError when it can't be in a track."""
        self.change((), (label,))

    def remove(self, label: Label) -> None:
        """Take one equal label out. Raises KeyError when there is none."""
        self.change((label,), ())

    def change(self, removed: Sequence[Label], added: Sequence[Label]) -> None:
        """Take labels out, then put others in; what lies close together at once.

        Raises:
            KeyError: a label to take out is not there.
            ValueError: a label to put in can't be in a track.
        """
        for label in added:
            if why := problem_of(label):
                raise ValueError(why)
        times = [label.start for label in (*removed, *added)]
        if not times:
            return
        low, high = bisect_left(self._starts, min(times)), bisect_right(self._starts, max(times))
        if len(times) == 1 or high - low <= _CLOSE * len(times):
            self._splice(low, high, removed, added)
            return
        for label in removed:
            self.change((label,), ())
        for label in added:
            self.change((), (label,))

    def _splice(self, low: int, high: int, removed: Sequence[Label], added: Sequence[Label]) -> None:
        """Change what is between two places; a long track's arrays are moved once."""
        here = {number: self._label(number) for number in self._ids[low:high]}
        places: dict[float, list[int]] = {}
        for number, label in here.items() if removed else ():
            places.setdefault(label.start, []).append(number)
        for label in removed:
            number = _equal_of(places.get(label.start, []), here, label)
            places[label.start].remove(number)
            self._take_out(number, here)
        for label in added:
            here[self._number(label)] = label
            self.unconfirmed += not label.confirmed
        numbers = sorted(here, key=lambda number: here[number].key())
        self._ids[low:high] = array("q", numbers)
        self._starts[low:high] = array("d", (here[number].start for number in numbers))
        self._reach[low:high] = array("d", [math.nan]) * len(numbers)
        self.version += 1
        self._extend_reach(low)

    def _take_out(self, number: int, here: dict[int, Label]) -> None:
        label = here.pop(number)
        if number < 0:
            del self._fresh[number]
        else:
            self._gone.setdefault(label, []).append(number)
        self.unconfirmed -= not label.confirmed

    def _number(self, label: Label) -> int:
        """The row that a label is which was taken out, else a number for a new one."""
        rows = self._gone.get(label, [])
        for row in rows:
            if self._label(row).source_text == label.source_text:
                rows.remove(row)
                return row
        return self._keep(label)

    def between(self, start: float, end: float) -> list[Label]:
        """All labels that share time with ``[start, end)``; an empty one counts when it lies inside."""
        low = bisect_left(self._reach, start)
        high = bisect_left(self._starts, end)
        found = (self[i] for i in range(low, high))
        return [x for x in found if x.end > start or (x.length == 0 and x.start >= start)]

    def at(self, time: float) -> Label | None:
        """The latest-starting label that covers ``time``, or None."""
        low, high = bisect_right(self._reach, time), bisect_right(self._starts, time)
        for i in range(high - 1, low - 1, -1):
            if self._end(i) > time:
                return self[i]
        return None

    def next_after(self, time: float) -> Label | None:
        """The first label that starts after ``time``."""
        i = bisect_right(self._starts, time)
        return self[i] if i < len(self) else None

    def last_before(self, time: float) -> Label | None:
        """The last label that starts before ``time``."""
        i = bisect_left(self._starts, time)
        return self[i - 1] if i else None

    def index_at(self, time: float) -> int:
        """How many labels start before ``time``: the index of the first one that does not."""
        return bisect_left(self._starts, time)

    def indexes_at(self, times: NDArray[np.floating]) -> list[int]:
        """For each of some moments, how many labels start before it."""
        if not len(self):
            return [0] * len(times)
        found: list[int] = np.searchsorted(np.frombuffer(self._starts), times).tolist()
        return found

    def counts(self) -> Counter[str]:
        """How many labels each class has."""
        return Counter({name: count for name, (count, _) in self.now().totals().items()})


def _equal_of(numbers: Iterable[int], here: Mapping[int, Label], label: Label) -> int:
    """The number of an equal label, if it can be of the same row of the file. Raises KeyError."""
    equal = [number for number in numbers if here[number] == label]
    if not equal:
        raise KeyError(label)
    return next((n for n in equal if here[n].source_text == label.source_text), equal[0])
