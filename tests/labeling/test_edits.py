"""Edits by hand: what they cut, where they stop, and that each can be undone."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from labelloop.errors import UserError
from labelloop.labeling import edits
from labelloop.labeling.edits import Edit, Place
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import USER, Label, LabelTrack
from labelloop.project.segment import Segment

ENDS = Segment(0.0, 20.0)


def track(*spans: tuple[float, float, str]) -> LabelTrack:
    return LabelTrack(Label.spanning(a, b, name) for a, b, name in spans)


def done(labels: LabelTrack, edit: Edit) -> list[tuple[float, float, str]]:
    """The track after an edit."""
    after = LabelTrack(labels)
    for label in edit.removed:
        after.remove(label)
    for label in edit.added:
        after.insert(label)
    return [(round(x.start, 6), round(x.end, 6), x.name) for x in after]


def test_a_label_by_hand_cuts_what_it_covers_and_stops_at_the_ends() -> None:
    labels = track((1, 3, "up"), (4, 5, "up"), (6, 8, "down"))
    edit = edits.by_hand(labels, 7, 2, "down", ENDS)
    assert done(labels, edit) == [(1, 2, "up"), (2, 7, "down"), (7, 8, "down")]
    assert edit.label is not None
    assert edit.label.confirmed
    assert done(LabelTrack(), edits.by_hand(LabelTrack(), -5, 99, "up", ENDS)) == [(0, 20, "up")]
    for start, end in ((3, 3), (20, 25), (float("nan"), 3)):
        with pytest.raises(UserError):
            edits.by_hand(LabelTrack(), start, end, "up", ENDS)


def test_the_usual_length_is_the_median_near_by() -> None:
    labels = track((1, 2, "up"), (4, 6, "up"), (8, 13, "up"), (14, 19, "down"))
    assert edits.usual_length(labels, "up", 3) == 2
    assert edits.usual_length(labels, "other", 3) is None


def test_a_stamp_stops_at_the_next_label_and_reaches_back_at_the_end() -> None:
    labels = track((5, 6, "up"))
    assert edits.room_for(labels, 4, 3, ENDS) == Segment(4, 5)
    assert edits.room_for(labels, 7, 3, ENDS) == Segment(7, 10)
    assert edits.room_for(labels, 20, 3, ENDS) == Segment(17, 20)
    assert edits.room_for(track((18, 19, "up")), 20, 3, ENDS) == Segment(19, 20)
    with pytest.raises(UserError):
        edits.room_for(track((0, 20, "up")), 20, 3, ENDS)


def test_edges_cut_only_what_is_newly_covered() -> None:
    labels = track((1, 4, "up"), (3, 5, "down"), (6, 8, "down"))
    first = labels[0]
    edit = edits.resized(labels, first, 0.5, 7, ENDS)
    assert done(labels, edit) == [(0.5, 7, "up"), (3, 4, "down"), (7, 8, "down")]
    with pytest.raises(UserError, match="start must lie before its end"):
        edits.resized(labels, first, 4, 1, ENDS)
    assert not edits.resized(labels, first, 1, 4, ENDS)
    assert done(labels, edits.resized(labels, first, -9, 4, ENDS))[0] == (0, 4, "up")


def test_an_edit_makes_a_label_a_users_own() -> None:
    guess = Label(1, 2, "up", 0.6, "", "run:g1", False, "1,2,up,0.6,")
    labels = LabelTrack([guess])
    for edit in (
        edits.relabelled(guess, "down"),
        edits.resized(labels, guess, 1.5, 3, ENDS),
        edits.moved(labels, guess, 5, ENDS),
    ):
        assert edit.label is not None
        assert (edit.label.confirmed, edit.label.origin, edit.label.source_text) == (True, "", "")
    confirmed = edits.confirmed(guess).label
    assert confirmed is not None
    assert (confirmed.confirmed, confirmed.origin, confirmed.source_text) == (
        True,
        "run:g1",
        guess.source_text,
    )


def test_both_halves_of_a_split_label_are_a_users() -> None:
    made = edits.split(Label.spanning(1, 3, "up", confidence=0.5, origin="run:g1", confirmed=False), 2)
    assert [(x.start, x.end, x.confirmed, x.origin) for x in made.added] == [
        (1, 2, True, USER),
        (2, 3, True, USER),
    ]
    assert made.label == made.added[1]


def test_move_extend_split_join_paste_delete() -> None:
    labels = track((1, 2, "up"), (4, 6, "down"), (9, 10, "up"))
    first, second, third = labels
    assert done(labels, edits.moved(labels, third, 30, ENDS))[-1] == (19, 20, "up")
    assert done(labels, edits.moved(labels, second, 8.5, ENDS)) == [(1, 2, "up"), (8.5, 10.5, "down")]
    assert done(labels, edits.extended_left(labels, second, ENDS))[1] == (2, 6, "down")
    assert done(labels, edits.extended_right(labels, second, ENDS))[1] == (4, 9, "down")
    assert done(labels, edits.extended_left(labels, first, ENDS))[0] == (0, 2, "up")
    assert done(labels, edits.extended_right(labels, third, ENDS))[-1] == (9, 20, "up")
    assert done(labels, edits.split(second, 5))[1:3] == [(4, 5, "down"), (5, 6, "down")]
    with pytest.raises(UserError):
        edits.split(second, 6)
    assert done(labels, edits.joined(labels, second)) == [(1, 2, "up"), (4, 10, "down")]
    with pytest.raises(UserError):
        edits.joined(labels, third)
    assert done(labels, edits.pasted(labels, second, 1.5, ENDS)) == [
        (1, 1.5, "up"), (1.5, 3.5, "down"), (4, 6, "down"), (9, 10, "up"),
    ]  # fmt: skip
    assert done(labels, edits.deleted(first)) == [(4, 6, "down"), (9, 10, "up")]


def test_all_fields_at_once() -> None:
    labels = track((1, 2, "up"), (4, 6, "down"))
    to = Label.spanning(1.5, 5, "walk", confidence=0.5, comment="odd")
    edit = edits.edited(labels, labels[0], to, ENDS)
    assert edit.label == to
    assert done(labels, edit) == [(1.5, 5, "walk"), (5, 6, "down")]


def test_a_stretch_in_several_sessions_is_one_change_and_names_those_it_misses() -> None:
    other = track((1, 9, "up"))
    places = [
        Place("a", "label", LabelTrack(), ENDS),
        Place("b", "label", other, Segment(0, 3)),
        Place("c", "label", LabelTrack(), Segment(0, 1)),
    ]
    change, missed = edits.everywhere(places, 2, 4, "down")
    assert missed == ["c"]
    made = [c for c in change.changes if isinstance(c, EditLabels)]
    assert [(c.session, len(c.removed), len(c.added)) for c in made] == [("a", 0, 1), ("b", 1, 3)]


TIMES = st.floats(-2, 22, allow_nan=False)
DRAWN = st.lists(st.tuples(st.floats(0, 19), st.floats(0.001, 4), st.sampled_from("abc")), max_size=8)
KINDS = st.sampled_from(("hand", "resize", "move", "left", "right", "join", "split", "paste"))


def _edit(kind: str, labels: LabelTrack, label: Label | None, a: float, b: float) -> Edit:
    if kind == "hand" or label is None:
        return edits.by_hand(labels, a, b, "z", ENDS)
    match kind:
        case "resize":
            return edits.resized(labels, label, a, b, ENDS)
        case "move":
            return edits.moved(labels, label, a, ENDS)
        case "left":
            return edits.extended_left(labels, label, ENDS)
        case "right":
            return edits.extended_right(labels, label, ENDS)
        case "join":
            return edits.joined(labels, label)
        case "split":
            return edits.split(label, a)
        case _:
            return edits.pasted(labels, label, a, ENDS)


def _overlap(labels: list[Label]) -> float:
    """Seconds that pairs of labels have in common."""
    total = 0.0
    for i, x in enumerate(labels):
        for y in labels[i + 1 :]:
            total += max(0.0, min(x.end, y.end) - max(x.start, y.start))
    return total


@given(DRAWN, KINDS, st.integers(0, 7), TIMES, TIMES)
def test_edits_stay_inside_add_no_overlap_and_can_be_taken_back(
    drawn: list[tuple[float, float, str]], kind: str, which: int, a: float, b: float
) -> None:
    ends = Segment(0.0, 20.0)
    labels = LabelTrack(Label.spanning(s, min(s + n, ends.end), name) for s, n, name in drawn)
    label = labels[which % len(labels)] if len(labels) else None
    before = list(labels)
    try:
        edit = _edit(kind, labels, label, a, b)
    except UserError:
        assume(False)
        return
    assert list(labels) == before
    change = edit.change("s", "label")
    for x in change.removed:
        labels.remove(x)
    for x in change.added:
        labels.insert(x)
    assert all(ends.start <= x.start and x.end <= ends.end for x in labels)
    assert all(x.length > 0 for x in edit.added)
    if kind not in ("paste", "hand"):
        assert _overlap(list(labels)) <= _overlap(before) + 1e-6
    elif edit.label is not None:
        rest = list(labels)
        rest.remove(edit.label)
        assert all(
            min(x.end, edit.label.end) - max(x.start, edit.label.start) < 1e-6
            for x in rest
            if x.length > 1e-6
        )
    back = change.inverse()
    for x in back.removed:
        labels.remove(x)
    for x in back.added:
        labels.insert(x)
    assert list(labels) == before
