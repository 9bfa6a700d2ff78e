"""Ways through a track, and differences between two."""

from __future__ import annotations

from labelloop.labeling import walk
from labelloop.project.labels import Label, LabelTrack
from labelloop.project.segment import Segment

ENDS = Segment(0.0, 20.0)
TRACK = LabelTrack(Label.spanning(a, b, "up") for a, b in ((2, 4), (4, 5), (8, 12), (9, 10)))


def test_edges_one_after_the_other() -> None:
    seen, at = [], 0.0
    while (edge := walk.next_edge(TRACK, at)) is not None:
        seen.append(edge)
        at = edge
    assert seen == [2, 4, 5, 8, 9, 10, 12]
    back = []
    while (edge := walk.previous_edge(TRACK, at)) is not None:
        back.append(edge)
        at = edge
    assert back == [10, 9, 8, 5, 4, 2]


def test_unlabelled_stretches() -> None:
    assert walk.next_gap(TRACK, 0, ENDS, 0.1) == Segment(5, 8)
    assert walk.next_gap(TRACK, 3, ENDS, 0.1) == Segment(5, 8)
    assert walk.next_gap(TRACK, 5, ENDS, 0.1) == Segment(12, 20)
    assert walk.next_gap(TRACK, 5, ENDS, 9) is None
    assert walk.next_gap(TRACK, 15, ENDS, 0.1) is None
    assert walk.next_gap(LabelTrack(), 3, ENDS, 0.1) is None
    assert walk.previous_gap(TRACK, 18, ENDS, 0.1) == Segment(12, 20)
    assert walk.previous_gap(TRACK, 12, ENDS, 0.1) == Segment(5, 8)
    assert walk.previous_gap(TRACK, 5, ENDS, 0.1) == Segment(0, 2)
    assert walk.previous_gap(TRACK, 0, ENDS, 0.1) is None


def test_differences_of_two_tracks() -> None:
    one = [Label(1, 2, "up"), Label(5, 2, "up"), Label(10, 2, "up"), Label(15, 1, "up")]
    two = [Label(1.05, 2, "up"), Label(5, 2, "down"), Label(10, 4, "up"), Label(18, 1, "up")]
    found = walk.differences(one, two)
    assert [(d.start, d.end, d.first is None, d.second is None, d.classes) for d in found] == [
        (5, 7, False, False, True),
        (10, 14, False, False, False),
        (15, 16, False, True, False),
        (18, 19, True, False, False),
    ]
    assert walk.differences(one, one) == []
