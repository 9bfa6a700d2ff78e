"""Operations on the labels of a track."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelloop.labeling.tracks import (
    KEEP,
    REPLACE_ALL,
    REPLACE_CLASS,
    Adjustment,
    Adjustments,
    adjust,
    clipped,
    cut_out,
    merge_generated,
    without,
)
from labelloop.project.labels import Label
from labelloop.project.segment import Segment

ENDS = Segment(0, 100)
WIDE = Segment(-1e6, 1e6)

times = st.floats(-5, 105).map(lambda t: round(t, 4)) | st.floats(-5, 105)
lengths = st.floats(0.001, 20).map(lambda t: round(t, 4)) | st.floats(1e-6, 20) | st.just(0.0)
names = st.sampled_from(["down", "up"])
label = st.builds(Label, times, lengths, names, confirmed=st.booleans())
labels = st.lists(label, max_size=12)


def spans(found: Sequence[Label]) -> list[tuple[float, float, str]]:
    return [(round(x.start, 6), round(x.end, 6), x.name) for x in found]


def row(start: float, end: float, name: str = "down", confirmed: bool = True) -> Label:
    return Label.spanning(start, end, name, confirmed=confirmed)


def one(how: Adjustment, *what: Label, ends: Segment = ENDS) -> list[tuple[float, float, str]]:
    return spans(adjust(what, Adjustments(how), ends))


def apart(found: Sequence[Label]) -> bool:
    return all(a.segment & b.segment is None for i, a in enumerate(found) for b in found[i + 1 :])


def lone(rows: Sequence[Label]) -> list[Label]:
    """Those of the labels that have a length and share nothing with an earlier one."""
    out: list[Label] = []
    for each in rows:
        if each.length and all(each.segment & other.segment is None for other in out):
            out.append(each)
    return out


@pytest.mark.parametrize(
    ("how", "start", "end"),
    [
        (Adjustment(offset_s=0.5), 10.5, 12.5),
        (Adjustment(offset_s=-3), 7, 9),
        (Adjustment(resize="start", by_s=1), 9, 12),
        (Adjustment(resize="start", by_s=-1), 11, 12),
        (Adjustment(resize="end", by_s=1), 10, 13),
        (Adjustment(resize="centre", by_s=1), 9.5, 12.5),
        (Adjustment(factor=2), 9, 13),
        (Adjustment(resize="end", factor=0.25), 10, 10.5),
        (Adjustment(resize="end", length_s=3), 10, 13),
        (Adjustment(resize="start", length_s=3), 9, 12),
        (Adjustment(length_s=1, offset_s=1), 11.5, 12.5),
    ],
)
def test_moving_and_resizing(how: Adjustment, start: float, end: float) -> None:
    assert one(how, row(10, 12)) == [(start, end, "down")]


def test_nothing_to_do_gives_the_very_labels() -> None:
    rows = [row(3, 4), row(1, 2), row(1.5, 3.5, "up")]
    assert {id(x) for x in adjust(rows, Adjustments(), ENDS)} == {id(x) for x in rows}


def test_a_label_past_the_ends_is_clipped_or_goes() -> None:
    assert one(Adjustment(offset_s=99), row(0, 2), row(5, 6)) == [(99, 100, "down")]
    assert one(Adjustment(offset_s=-5.5), row(5, 6)) == [(0, 0.5, "down")]


def test_neighbours_that_come_to_overlap_share_it() -> None:
    assert one(Adjustment(by_s=2), row(10, 12), row(13, 15)) == [(9, 12.5, "down"), (12.5, 16, "down")]
    assert one(Adjustment(by_s=1), row(10, 12), row(12, 14)) == [(9.5, 12, "down"), (12, 14.5, "down")]


def test_overlaps_that_were_there_stay() -> None:
    assert one(Adjustment(offset_s=1), row(10, 14), row(12, 16, "up")) == [(11, 15, "down"), (13, 17, "up")]


def test_too_short_and_too_long_ones_go() -> None:
    how = Adjustment(min_length_s=0.5, max_length_s=2)
    assert one(how, row(1, 1.4), row(2, 2.5), row(3, 5), row(6, 8.1)) == [(2, 2.5, "down"), (3, 5, "down")]


def test_classes_have_settings_of_their_own() -> None:
    how = Adjustments(Adjustment(offset_s=1), {"up": Adjustment(rename="rise")})
    assert spans(adjust([row(1, 2), row(5, 6, "up")], how, ENDS)) == [(2, 3, "down"), (5, 6, "rise")]


def test_a_changed_label_is_no_longer_the_row_that_was_read() -> None:
    old = Label(1, 2, "down", 0.0, "c", source_text="1,2,down,0,c")
    (moved,) = adjust([old], Adjustments(Adjustment(offset_s=1)), ENDS)
    assert (moved.source_text, moved.confidence, moved.comment) == ("", 0.0, "c")
    (again,) = adjust([old], Adjustments(Adjustment(rename="x")), ENDS)
    assert again.source_text == ""


def test_cutting_out() -> None:
    rows = [row(1, 3), row(4, 5), row(6, 9, "up"), row(10, 11)]
    cut = cut_out(rows, Segment(2, 7))
    assert spans(cut.removed) == [(1, 3, "down"), (4, 5, "down"), (6, 9, "up")]
    assert spans(cut.added) == [(1, 2, "down"), (7, 9, "up")]
    middle = cut_out([row(1, 9)], Segment(4, 5))
    assert spans(middle.added) == [(1, 4, "down"), (5, 9, "down")]
    assert cut_out(rows, Segment(3, 4)) == cut_out([], Segment(3, 4))
    assert spans(cut_out(rows, Segment(1.2, 7), min_length=0.3).added) == [(7, 9, "up")]


def test_keep_follows_the_rule() -> None:
    there = [row(10, 12), row(20, 22, confirmed=False), row(30, 32, "up", confirmed=False)]
    new = [row(11, 14), row(21, 23), row(31, 33), row(11.9, 12.05)]
    merge = merge_generated(there, new, KEEP, ["down"], min_length=0.1)
    assert spans(merge.kept) == [(10, 12, "down"), (30, 32, "up")]
    assert spans(merge.removed) == [(20, 22, "down")]
    assert spans(merge.added) == [(12, 14, "down"), (21, 23, "down"), (31, 33, "down")]


def test_replacing_a_class_and_all() -> None:
    there = [row(10, 12), row(20, 22, "up"), row(30, 32, "up", confirmed=False)]
    new = [row(9, 13), row(19, 23)]
    merge = merge_generated(there, new, REPLACE_CLASS, ["down"])
    assert spans(merge.removed) == [(10, 12, "down")]
    assert spans(merge.added) == [(9, 13, "down"), (19, 20, "down"), (22, 23, "down")]
    merge = merge_generated(there, new, REPLACE_ALL, ["down"])
    assert merge.kept == ()
    assert spans(merge.added) == spans(new)
    with pytest.raises(ValueError, match="no such policy"):
        merge_generated(there, new, "other")


def test_a_new_label_is_split_by_several_confirmed_ones_and_clipped_at_the_ends() -> None:
    there = [row(2, 3), row(2.5, 4), row(6, 7)]
    merge = merge_generated(there, [row(-5, 200)], KEEP, ["down"], ends=Segment(0, 10))
    assert spans(merge.added) == [(0, 2, "down"), (4, 6, "down"), (7, 10, "down")]


def test_a_zero_length_confirmed_label_cuts_nothing() -> None:
    merge = merge_generated([row(5, 5)], [row(4, 6)], KEEP, ["down"])
    assert spans(merge.added) == [(4, 6, "down")]


adjustments = st.builds(
    Adjustment,
    offset_s=st.floats(-50, 50),
    resize=st.sampled_from(["start", "end", "centre"]),
    factor=st.floats(0, 5),
    by_s=st.floats(-5, 5),
    length_s=st.none() | st.floats(0, 10),
    gap_s=st.none() | st.floats(0, 2),
    min_length_s=st.floats(0, 1),
)
hows = st.builds(Adjustments, adjustments, st.dictionaries(names, adjustments, max_size=2))


@given(labels, hows)
def test_adjusted_labels_stay_inside_and_inputs_as_they_were(rows: list[Label], how: Adjustments) -> None:
    before = list(rows)
    for found in adjust(rows, how, ENDS):
        assert ENDS.start <= found.start
        assert found.end <= ENDS.end
        assert found.length >= how.of(found.name).min_length_s - 1e-6
    assert rows == before


@given(labels, hows)
def test_adjusting_makes_no_new_overlaps(rows: list[Label], how: Adjustments) -> None:
    assert apart(adjust(lone(rows), how, ENDS))


@given(labels, label)
def test_a_cut_leaves_nothing_below_the_new_label(rows: list[Label], new: Label) -> None:
    cut = cut_out(rows, new.segment)
    left = [x for x in rows if x not in cut.removed] + list(cut.added)
    assert cut_out(left, new.segment) == cut_out([], new.segment)
    assert cut_out(rows, new.segment) == cut
    total = sum(x.length for x in rows) - sum(x.length for x in left)
    assert total == pytest.approx(sum(_shared(x, new) for x in rows), abs=1e-6)


def _shared(a: Label, b: Label) -> float:
    common = a.segment & b.segment
    return common.length if common else 0.0


policies = st.sampled_from([KEEP, REPLACE_CLASS, REPLACE_ALL])


@given(labels, labels, policies, st.sets(names), st.floats(0, 2))
def test_generated_labels_keep_off_confirmed_ones_and_inside(
    there: list[Label], new: list[Label], policy: str, classes: set[str], least: float
) -> None:
    merge = merge_generated(there, new, policy, classes, least, ENDS)
    assert sorted((*merge.kept, *merge.removed), key=Label.key) == sorted(there, key=Label.key)
    for found in merge.added:
        assert ENDS.start <= found.start
        assert found.end <= ENDS.end
        assert found.length >= least - 1e-8
        assert all(found.segment & x.segment is None for x in merge.kept if x.confirmed)
    if policy == KEEP:
        assert all(not x.confirmed and x.name in classes for x in merge.removed)
    if policy != REPLACE_ALL:
        assert all(x.name in classes for x in merge.removed)


@given(labels, labels, st.floats(0, 2))
def test_generating_again_gives_the_same(there: list[Label], new: list[Label], least: float) -> None:
    new = [Label(x.start, x.length, x.name, confirmed=False) for x in new]
    first = merge_generated(there, new, KEEP, ["down", "up"], least, ENDS)
    second = merge_generated([*first.kept, *first.added], new, KEEP, ["down", "up"], least, ENDS)
    assert second.added == first.added
    assert second.removed == first.added


@given(label, st.lists(label.map(lambda x: x.segment), max_size=6))
def test_what_is_left_and_the_holes_make_the_whole(one: Label, holes: list[Segment]) -> None:
    parts = without(one, holes)
    assert apart(parts)
    for part in parts:
        assert one.start <= part.start
        assert part.end <= one.end + math.ulp(one.end)
        assert all(part.segment & hole is None for hole in holes)


@given(label)
def test_clipping_is_idempotent(one: Label) -> None:
    first = clipped(one, ENDS)
    if first is not None:
        assert clipped(first, ENDS) is first
    assert clipped(one, WIDE) is one
