"""Labels (events) and the sorted track that holds those of one session."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from app.project.segment import Segment

PERSON = ""  # the origin of a label made by hand, and of every row without a record


@dataclass(frozen=True, slots=True)
class Label:
    """One event: a class from ``start`` over ``length`` seconds.

    ``origin`` says where it came from (PERSON, or ``run:ID``, ``track:NAME``, ``import:FILE``) and
    ``confirmed`` whether a person vouches for it; neither is in the label file. ``source_text`` is the
    row as it was read, kept so that an untouched row is written back unchanged; it is no part of equality.
    """

    start: float
    length: float
    name: str
    confidence: float = 1.0
    comment: str = ""
    origin: str = PERSON
    confirmed: bool = True
    source_text: str = field(default="", compare=False, repr=False)

    @classmethod
    def spanning(cls, start: float, end: float, name: str, **more: object) -> Label:
        """A label from start to end, with a length that is short to write and does not pass the end."""
        length = round(end - start, 9)
        if start + length > end:
            length = min(length, end - start)
        return cls(start, length, name, **more)  # type: ignore[arg-type]

    @property
    def end(self) -> float:
        """The first moment after the label, in seconds."""
        return self.start + self.length

    @property
    def segment(self) -> Segment:
        """The label's stretch of time."""
        return Segment(self.start, self.end)

    def moved(self, start: float, end: float) -> Label:
        """The same label from start to end, no longer the row that was read."""
        fresh = Label.spanning(start, end, self.name)
        return replace(self, start=fresh.start, length=fresh.length, source_text="")

    def key(self) -> tuple[float, float, str, float, str, str, bool]:
        """What the track is sorted by: time first, then all else: order never depends on history."""
        rest = (self.confidence, self.comment, self.origin, self.confirmed)
        return (self.start, self.length, self.name, *rest)


def problem_of(label: Label) -> str | None:
    """Why this label can't be in a track, or None."""
    if not (math.isfinite(label.start) and math.isfinite(label.length)):
        return "its times are not finite numbers"
    if label.length < 0:
        return f"it ends before it starts (at {label.start} s, length {label.length} s)"
    if not label.name.strip():
        return "it has no class"
    return None


class LabelTrack:
    """The labels of one session's track, sorted by start; overlaps may exist.

    Range queries take O(log n): ``_reach[i]`` is the latest end among the first i + 1 labels.
    """

    def __init__(self, labels: Iterable[Label] = ()) -> None:
        self._labels = sorted(labels, key=Label.key)
        self._starts = [label.start for label in self._labels]
        self.version = 0  # goes up with each change, for what is counted once
        self.unconfirmed = sum(not label.confirmed for label in self._labels)  # labels nobody vouches for
        self._reach: list[float] = []
        self._extend_reach(0)

    def _extend_reach(self, index: int) -> None:
        """Recompute the running latest end from ``index`` until it agrees with what was there."""
        reach = self._reach
        latest = reach[index - 1] if index else -math.inf
        for i in range(index, len(self._labels)):
            latest = max(latest, self._labels[i].end)
            if i < len(reach):
                if reach[i] == latest:
                    return
                reach[i] = latest
            else:
                reach.append(latest)

    def __len__(self) -> int:
        return len(self._labels)

    def __iter__(self) -> Iterator[Label]:
        return iter(self._labels)

    def __getitem__(self, index: int) -> Label:
        return self._labels[index]

    def __contains__(self, label: object) -> bool:
        return isinstance(label, Label) and self._find(label) is not None

    def _find(self, label: Label) -> int | None:
        """Where an equal label is; of several that one which was the same row of the file."""
        found = None
        i = bisect_left(self._starts, label.start)
        while i < len(self._labels) and self._starts[i] == label.start:
            if self._labels[i] == label:
                if self._labels[i].source_text == label.source_text:
                    return i
                found = i if found is None else found
            i += 1
        return found

    def count(self, label: Label) -> int:
        """How many labels equal this one."""
        low, high = bisect_left(self._starts, label.start), bisect_right(self._starts, label.start)
        return sum(x == label for x in self._labels[low:high])

    def insert(self, label: Label) -> None:
        """Add one label. Raises ValueError when it can't be in a track."""
        if why := problem_of(label):
            raise ValueError(why)
        i = bisect_left(self._labels, label.key(), key=Label.key)
        self._labels.insert(i, label)
        self._starts.insert(i, label.start)
        self.unconfirmed += not label.confirmed
        self.version += 1
        self._reach.insert(i, math.nan)
        self._extend_reach(i)

    def remove(self, label: Label) -> None:
        """Take one equal label out. Raises KeyError when there is none."""
        i = self._find(label)
        if i is None:
            raise KeyError(label)
        self.unconfirmed -= not self._labels[i].confirmed
        self.version += 1
        del self._labels[i], self._starts[i], self._reach[i]
        self._extend_reach(i)

    def between(self, start: float, end: float) -> list[Label]:
        """All labels that share time with ``[start, end)``; an empty one counts when it lies inside."""
        low = bisect_left(self._reach, start)
        high = bisect_left(self._starts, end)
        return [x for x in self._labels[low:high] if x.end > start or (x.length == 0 and x.start >= start)]

    def at(self, time: float) -> Label | None:
        """The latest-starting label that covers ``time``, or None."""
        low, high = bisect_right(self._reach, time), bisect_right(self._starts, time)
        for i in range(high - 1, low - 1, -1):
            if self._labels[i].end > time:
                return self._labels[i]
        return None

    def next_after(self, time: float) -> Label | None:
        """The first label that starts after ``time``."""
        i = bisect_right(self._starts, time)
        return self._labels[i] if i < len(self._labels) else None

    def last_before(self, time: float) -> Label | None:
        """The last label that starts before ``time``."""
        i = bisect_left(self._starts, time)
        return self._labels[i - 1] if i else None

    def index_at(self, time: float) -> int:
        """How many labels start before ``time``: the index of the first one that does not."""
        return bisect_left(self._starts, time)

    def counts(self) -> Counter[str]:
        """How many labels each class has."""
        return Counter(label.name for label in self._labels)
