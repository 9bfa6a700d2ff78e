"""Operations on the labels of a track: adjust, cut, and put generated labels among those that are there.

All of them take labels and return new ones; none changes what it was given, and a label that an operation
leaves as it was is the same object, so that its row in the file stays as it was read.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from labelloop.project.labels import Label
from labelloop.project.segment import Segment

START, END, CENTRE = "start", "end", "centre"
KEEP, REPLACE_CLASS, REPLACE_ALL = "keep", "replace-class", "replace-all"
POLICIES = (KEEP, REPLACE_CLASS, REPLACE_ALL)
_TINY = 1e-9  # seconds; a stretch that is not longer is none


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What is done to the labels of one class, in the order of the fields.

    ``resize`` names the edge that moves (``centre``: both, the centre stays). The new length is ``length_s``
    if given, else ``factor`` times the old one plus ``by_s``. Labels of one class with at most ``gap_s`` and
    no label of another class between them are joined. What is shorter than ``min_length_s`` or longer than
    ``max_length_s`` is dropped.
    """

    offset_s: float = 0.0
    resize: str = CENTRE
    factor: float = 1.0
    by_s: float = 0.0
    length_s: float | None = None
    rename: str = ""
    gap_s: float | None = None
    min_length_s: float = 0.0
    max_length_s: float = math.inf


@dataclass(frozen=True, slots=True)
class Adjustments:
    """An adjustment for all classes and those of single classes, which count instead of it."""

    default: Adjustment = Adjustment()
    per_class: Mapping[str, Adjustment] = field(default_factory=dict)

    def of(self, name: str) -> Adjustment:
        """What is done to this class."""
        return self.per_class.get(name, self.default)


@dataclass(frozen=True, slots=True)
class Cut:
    """What an edit takes out of a track and puts in."""

    removed: tuple[Label, ...] = ()
    added: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class Merge:
    """What became of a track when generated labels came: existing ones kept and removed, new ones added."""

    kept: tuple[Label, ...]
    removed: tuple[Label, ...]
    added: tuple[Label, ...]


def placed(label: Label, start: float, end: float) -> Label:
    """The label from start to end; itself when it lies there already. Never past the end by rounding."""
    if label.start == start and label.end == end:
        return label
    moved = label.moved(start, end)
    step = math.ulp(max(abs(start), abs(end), moved.length))
    while moved.end > end and moved.length > 0:
        moved = replace(moved, length=max(0.0, moved.length - step))
    return moved


def adjust(labels: Iterable[Label], how: Adjustments, ends: Segment) -> list[Label]:
    """Labels moved, resized, renamed, joined, clipped and filtered, in this order.

    **Clipping**: at the session's ends; and where two labels come to overlap that did not overlap before,
    each gets half of what they share. Overlaps that were there stay.
    """
    before = sorted(labels, key=Label.key)
    moved = [_Change((label,), _moved(label, how.of(label.name))) for label in before]
    inside = [
        _Change(change.was, part)
        for change in _joined(moved, how)
        if (part := clipped(change.now, ends)) is not None
    ]
    return sorted((c.now for c in _parted(inside) if _fits(c.now, how.of(c.name))), key=Label.key)


def _moved(label: Label, how: Adjustment) -> Label:
    start, end = label.start + how.offset_s, label.end + how.offset_s
    length = how.length_s if how.length_s is not None else label.length * how.factor + how.by_s
    grow = max(0.0, length) - label.length
    if grow:
        start -= grow if how.resize == START else grow / 2 if how.resize == CENTRE else 0.0
        end += grow if how.resize == END else grow / 2 if how.resize == CENTRE else 0.0
    moved = placed(label, start, max(start, end))
    return renamed(moved, how.rename) if how.rename else moved


def renamed(label: Label, name: str) -> Label:
    """The label with another class."""
    return label if label.name == name else replace(label, name=name, source_text="")


def _fits(label: Label, how: Adjustment) -> bool:
    return how.min_length_s - _TINY <= label.length <= how.max_length_s + _TINY


class _Change(NamedTuple):
    """One label now, and those that it was before (several when they were joined)."""

    was: tuple[Label, ...]
    now: Label

    @property
    def name(self) -> str:
        """The class before, whose settings count."""
        return self.was[0].name

    def overlapped(self, other: _Change) -> bool:
        """Whether the two had time in common before."""
        return any(a.segment & b.segment for a in self.was for b in other.was)


def _joined(changes: Iterable[_Change], how: Adjustments) -> list[_Change]:
    """Join neighbours of one class by the gap that the first one's class allows."""
    out: list[_Change] = []
    last: dict[str, int] = {}
    reach: dict[str, _Change] = {}
    for change in sorted(changes, key=lambda change: change.now.key()):
        name = change.now.name
        index = last.get(name)
        if index is not None and _near(out[index], change, how) and not _between(out[index], change, reach):
            first = out[index]
            change = out[index] = _Change(first.was + change.was, _hull(first.now, change.now))
        else:
            last[name] = len(out)
            out.append(change)
        if name not in reach or change.now.end > reach[name].now.end:
            reach[name] = change
    return out


def _near(first: _Change, second: _Change, how: Adjustments) -> bool:
    gap = how.of(first.name).gap_s
    return gap is not None and second.now.start - first.now.end <= gap + _TINY


def _between(first: _Change, second: _Change, reach: Mapping[str, _Change]) -> bool:
    """Whether a label of another class lies in the gap; one that overlapped both before doesn't count."""
    return any(
        first.now.end + _TINY < min(other.now.end, second.now.start)
        and other.now.start + _TINY < second.now.start
        for name, other in reach.items()
        if name != first.now.name and not (other.overlapped(first) and other.overlapped(second))
    )


def _hull(first: Label, second: Label) -> Label:
    """Both labels as one: the first one's fields, the doubtful one's confidence and standing."""
    whole = placed(first, min(first.start, second.start), max(first.end, second.end))
    if (whole.confidence, whole.confirmed) == (second.confidence, second.confirmed):
        return whole
    return replace(
        whole,
        confidence=min(first.confidence, second.confidence),
        confirmed=first.confirmed and second.confirmed,
        source_text="",
    )


def clipped(label: Label, ends: Segment) -> Label | None:
    """The part of a label inside a segment, or None when there is none."""
    start, end = max(label.start, ends.start), min(label.end, ends.end)
    if start > end or (end - start <= _TINY and label.length > _TINY):
        return None
    return placed(label, start, end)


def _parted(changes: Sequence[_Change]) -> list[_Change]:
    """Share out what labels have in common that had nothing in common before."""
    now = [change.now for change in changes]
    if _any_overlap(label for change in changes for label in change.was):
        _part_all(now, changes)
    else:
        _part_neighbours(now)
    parted = [_Change(change.was, label) for change, label in zip(changes, now, strict=True)]
    return [c for c in parted if c.now.length > _TINY or max(x.length for x in c.was) <= _TINY]


def _in_order(labels: Sequence[Label]) -> list[int]:
    return sorted(range(len(labels)), key=lambda k: labels[k].key())


def _part_neighbours(now: list[Label]) -> None:
    """Part all labels, in place: each comes among those that are apart already and has two neighbours."""
    apart: list[int] = []
    for i in _in_order(now):
        if now[i].length <= _TINY:
            continue
        at = bisect_right(apart, now[i].start, key=lambda k: now[k].start)
        if at:
            _share(now, apart[at - 1], i)
        if at < len(apart):
            _share(now, i, apart[at])
        apart.insert(at, i)


def _part_all(now: list[Label], changes: Sequence[_Change]) -> None:
    """Part the pairs that had nothing in common, in place."""
    reaching: list[int] = []
    for i in _in_order(now):
        reaching = [j for j in reaching if now[j].end > now[i].start]
        for j in reaching:
            if not changes[i].overlapped(changes[j]):
                _share(now, j, i)
        reaching.append(i)


def _share(now: list[Label], left: int, right: int) -> None:
    """Cut two labels in the middle of what they have in common."""
    low, high = max(now[left].start, now[right].start), min(now[left].end, now[right].end)
    if low < high:
        middle = (low + high) / 2
        now[left] = placed(now[left], now[left].start, middle)
        now[right] = placed(now[right], middle, now[right].end)


def _any_overlap(labels: Iterable[Label]) -> bool:
    """Whether any two of them share time."""
    reach = -math.inf
    for label in sorted(labels, key=Label.key):
        if label.length > 0 and label.start < reach:
            return True
        reach = max(reach, label.end)
    return False


def cut_out(labels: Iterable[Label], segment: Segment, min_length: float = 0.0) -> Cut:
    """Clear a stretch for a label made by hand: what it covers goes, what it touches is cut.

    A label that reaches over both ends is split. Parts shorter than ``min_length`` go too. ``labels`` may be
    a whole track or those in reach.
    """
    removed: list[Label] = []
    added: list[Label] = []
    for label in labels:
        if not _covers(segment, label):
            continue
        removed.append(label)
        least = max(min_length - _TINY, _TINY)
        added.extend(part for part in without(label, [segment]) if part.length >= least)
    return Cut(tuple(removed), tuple(added))


def _covers(segment: Segment, label: Label) -> bool:
    if label.length <= _TINY:
        return segment.start <= label.start < segment.end
    return min(segment.end, label.end) - max(segment.start, label.start) > _TINY


def without(label: Label, holes: Iterable[Segment]) -> list[Label]:
    """What is left of a label outside the holes, in order; holes may overlap and come in any order."""
    parts: list[Label] = []
    start = label.start
    for hole in sorted(holes):
        if hole.end <= start or hole.start >= label.end or hole.length <= 0:
            continue
        if hole.start - start > _TINY:
            parts.append(placed(label, start, hole.start))
        start = max(start, hole.end)
    if start == label.start and not parts:
        return [label]
    if label.end - start > _TINY:
        parts.append(placed(label, start, label.end))
    return parts


def merge_generated(
    existing: Iterable[Label],
    generated: Iterable[Label],
    policy: str = KEEP,
    classes: Iterable[str] = (),
    min_length: float = 0.0,
    ends: Segment | None = None,
) -> Merge:
    """Put generated labels into a track.

    Under ``keep``, confirmed labels stay, unconfirmed ones of ``classes`` (those that the method can find)
    go, other classes are untouched. Under ``replace-class`` all labels of ``classes`` go, under
    ``replace-all`` all. New labels are clipped at the session's ``ends``, cut at the edges of the confirmed
    labels that stay, and dropped when they are then shorter than ``min_length``.

    Raises:
        ValueError: the policy is unknown.
    """
    goes = _leaving(policy, frozenset(classes))
    kept: list[Label] = []
    removed: list[Label] = []
    for label in existing:
        (removed if goes(label) else kept).append(label)
    holes = _Holes(label.segment for label in kept if label.confirmed and label.length > 0)
    added = [
        part
        for label in sorted(generated, key=Label.key)
        if (inside := label if ends is None else clipped(label, ends)) is not None
        for part in without(inside, holes.near(inside))
        if part.length >= min_length - _TINY
    ]
    return Merge(tuple(kept), tuple(removed), tuple(added))


def _leaving(policy: str, classes: frozenset[str]) -> Callable[[Label], bool]:
    if policy == KEEP:
        return lambda label: not label.confirmed and label.name in classes
    if policy == REPLACE_CLASS:
        return lambda label: label.name in classes
    if policy == REPLACE_ALL:
        return lambda label: True
    raise ValueError(f"no such policy: {policy}")


class _Holes:
    """Segments that answer which of them touch a label, without overlaps among themselves."""

    def __init__(self, segments: Iterable[Segment]) -> None:
        self._holes: list[Segment] = []
        for segment in sorted(segments):
            if self._holes and segment.start <= self._holes[-1].end:
                last = self._holes.pop()
                segment = Segment(last.start, max(last.end, segment.end))
            self._holes.append(segment)

    def near(self, label: Label) -> Sequence[Segment]:
        """The holes that share time with the label."""
        low = bisect_right(self._holes, label.start, key=lambda hole: hole.end)
        high = bisect_left(self._holes, label.end, key=lambda hole: hole.start)
        return self._holes[low:high]
