"""Where to go next in a track: events, edges, unlabelled stretches, differences between two tracks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from labelloop.labeling.matching import Event, match_events
from labelloop.project.labels import Label, LabelTrack
from labelloop.project.segment import Segment

_NEAR = 64  # labels that may overlap one moment and still be looked at
SAME = 0.75  # IoU from which two labels of one class count as alike


def next_edge(track: LabelTrack, at: float) -> float | None:
    """The next start or end of a label after a moment."""
    edges = [x.end for x in track.between(at, math.nextafter(at, math.inf)) if x.end > at]
    following = track.next_after(at)
    if following:
        edges.append(following.start)
    return min(edges, default=None)


def previous_edge(track: LabelTrack, at: float) -> float | None:
    """The last start or end of a label before a moment."""
    i = track.index_at(at)
    near = (track[j] for j in range(max(0, i - _NEAR), i))
    return max((edge for x in near for edge in (x.start, x.end) if edge < at), default=None)


def next_gap(track: LabelTrack, at: float, ends: Segment, least: float) -> Segment | None:
    """The first stretch of more than ``least`` seconds without labels that starts after a moment."""
    covering = track.at(at)
    reach = covering.end if covering else None
    for i in range(track.index_at(at), len(track)):
        label = track[i]
        if reach is not None and label.start - reach > least and reach > at:
            return Segment(reach, label.start)
        reach = label.end if reach is None else max(reach, label.end)
    if reach is not None and at < reach < ends.end - least:
        return Segment(reach, ends.end)
    return None


def previous_gap(track: LabelTrack, at: float, ends: Segment, least: float) -> Segment | None:
    """The last stretch of more than ``least`` seconds without labels that starts before a moment."""
    for i in range(track.index_at(at) - 1, -1, -1):
        edge = track[i].end
        if edge >= at or track.at(edge) is not None:
            continue
        following = track.next_after(math.nextafter(edge, -math.inf))
        limit = following.start if following else ends.end
        if limit - edge > least:
            return Segment(edge, limit)
    first = track[0].start if len(track) else ends.end
    return Segment(ends.start, first) if first - ends.start > least and at > ends.start else None


@dataclass(frozen=True, slots=True)
class Difference:
    """A stretch in which two tracks disagree; a side that has no label there is None."""

    start: float
    end: float
    first: Label | None
    second: Label | None

    @property
    def classes(self) -> bool:
        """Whether both have a label, of different classes."""
        return self.first is not None and self.second is not None and self.first.name != self.second.name


def differences(first: Iterable[Label], second: Iterable[Label], same: float = SAME) -> list[Difference]:
    """Where two tracks disagree, in order: labels of one alone, other classes, edges far apart."""
    one, two = list(first), list(second)
    found: list[Difference] = []
    seen_one, seen_two = set[int](), set[int]()
    for match in match_events(_events(one), _events(two), 0.3, classes=False):
        seen_one.add(match.truth)
        seen_two.add(match.found)
        a, b = one[match.truth], two[match.found]
        if a.name != b.name or match.iou < same:
            found.append(Difference(min(a.start, b.start), max(a.end, b.end), a, b))
    found += [Difference(x.start, x.end, x, None) for i, x in enumerate(one) if i not in seen_one]
    found += [Difference(x.start, x.end, None, x) for i, x in enumerate(two) if i not in seen_two]
    return sorted(found, key=lambda d: (d.start, d.end))


def _events(labels: Sequence[Label]) -> list[Event]:
    return [Event(label.start, label.end, label.name) for label in labels]
