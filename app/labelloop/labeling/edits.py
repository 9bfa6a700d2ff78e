"""Edits of labels by hand: from a track and positions to what goes out of it and what comes in.

All are pure. Labels that a user makes or alters are confirmed, cut what they newly cover, and end where the
recording ends.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from labelloop.errors import UserError, printable
from labelloop.labeling.tracks import Cut, cut_out, placed
from labelloop.project.changes import Compound
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import USER, Label, LabelTrack
from labelloop.project.segment import Segment

LEAST = 1e-6  # seconds; the shortest label that can be made by hand
_NEAR = 300  # labels on either side that tell a class's usual length


@dataclass(frozen=True, slots=True)
class Edit:
    """Labels to take out and to put in, and the one that it is about as it is afterwards."""

    removed: tuple[Label, ...] = ()
    added: tuple[Label, ...] = ()
    label: Label | None = None

    def __bool__(self) -> bool:
        return self.removed != self.added

    def change(self, session: str, track: str) -> EditLabels:
        """The change of a session's track."""
        return EditLabels(session, track, self.removed, self.added)


@dataclass(frozen=True, slots=True)
class Place:
    """A track to label in, the ends of its recording, and how far its clock is ahead."""

    session: str
    track: str
    labels: LabelTrack
    ends: Segment
    shift: float = 0.0


def by_hand(
    track: LabelTrack,
    start: float,
    end: float,
    name: str,
    ends: Segment,
    least: float = 0.0,
    comment: str = "",
) -> Edit:
    """A new label from start to end; what it covers goes, parts shorter than ``least`` too.

    Raises:
        UserError: nothing of it lies inside the recording.
    """
    segment = _inside(start, end, ends)
    label = Label.spanning(segment.start, segment.end, name, comment=comment)
    cut = cut_out(track.between(label.start, label.end), label.segment, least)
    return Edit(cut.removed, (*cut.added, label), label)


def _inside(start: float, end: float, ends: Segment) -> Segment:
    start, end = max(min(start, end), ends.start), min(max(start, end), ends.end)
    if not end - start >= LEAST:
        raise UserError("A label needs some length inside the recording: mark its start, then move.")
    return Segment(start, end)


def usual_length(track: LabelTrack, name: str, near: float) -> float | None:
    """The median length of a class's labels around a moment; None when there is none."""
    middle = track.index_at(near)
    around = (track[i] for i in range(max(0, middle - _NEAR), min(len(track), middle + _NEAR)))
    lengths = [label.length for label in around if label.name == name and label.length > 0]
    return statistics.median(lengths) if lengths else None


def room_for(track: LabelTrack, at: float, length: float, ends: Segment) -> Segment:
    """Where an event of this length fits that starts at ``at``: it stops at the next label and at the end.

    At the recording's end it reaches back instead.

    Raises:
        UserError: there is no room.
    """
    start = min(max(at, ends.start), ends.end)
    following = track.next_after(math.nextafter(start, -math.inf))
    limit = min(ends.end, following.start if following else ends.end)
    end = min(start + length, limit)
    if end - start < LEAST:
        before = track.last_before(start)
        start = max(ends.start, end - length, min(before.end, end) if before else ends.start)
    return _inside(start, end, ends)


def by_user(label: Label) -> Label:
    """The label as one that a user vouches for and has altered."""
    return replace(label, confirmed=True, origin=USER, source_text="")


def relabelled(label: Label, name: str) -> Edit:
    """Another class."""
    return _exchanged(label, replace(by_user(label), name=name))


def confirmed(label: Label) -> Edit:
    """Confirmed as it is: its origin and its row stay."""
    return _exchanged(label, replace(label, confirmed=True))


def deleted(label: Label) -> Edit:
    """Taken out."""
    return Edit((label,))


def _exchanged(before: Label, after: Label) -> Edit:
    return Edit((before,), (after,), after)


def resized(
    track: LabelTrack, label: Label, start: float, end: float, ends: Segment, least: float = 0.0
) -> Edit:
    """Other edges. What the label covers beyond where it was is cut; what it overlapped already is left.

    Raises:
        UserError: the edges would cross, or it would lie outside the recording.
    """
    start, end = max(start, ends.start), min(end, ends.end)
    if not end - start >= LEAST:
        raise UserError(
            "A label's start must lie before its end, inside the recording: it was left as it is."
        )
    if (start, end) == (label.start, label.end):
        return Edit((label,), (label,), label)
    changed = by_user(placed(label, start, end))
    grown = [
        Segment(a, b) for a, b in ((start, min(label.start, end)), (max(label.end, start), end)) if a < b
    ]
    cut = _cleared(_others(track, label, start, end), grown, least)
    return Edit((*cut.removed, label), (*cut.added, changed), changed)


def _others(track: LabelTrack, label: Label, start: float, end: float) -> list[Label]:
    """The labels in a stretch without one that equals ``label``."""
    found = track.between(start, end)
    if label in found:
        found.remove(label)
    return found


def _cleared(labels: Iterable[Label], holes: Sequence[Segment], least: float) -> Cut:
    """Cut several stretches out of labels."""
    removed: list[Label] = []
    added: list[Label] = []
    for label in labels:
        parts = [label]
        for hole in holes:
            cut = cut_out(parts, hole, least)
            parts = [part for part in parts if part not in cut.removed] + list(cut.added)
        if parts != [label]:
            removed.append(label)
            added += parts
    return Cut(tuple(removed), tuple(added))


def moved(track: LabelTrack, label: Label, start: float, ends: Segment, least: float = 0.0) -> Edit:
    """The label at another start, as long as it was, kept inside the recording."""
    start = max(ends.start, min(start, ends.end - label.length))
    return resized(track, label, start, start + label.length, ends, least)


def extended_left(track: LabelTrack, label: Label, ends: Segment) -> Edit:
    """Start where the label before ends, or at the recording's start."""
    before = track.last_before(label.start)
    edge = min(before.end, label.start) if before else ends.start
    return resized(track, label, edge, label.end, ends)


def extended_right(track: LabelTrack, label: Label, ends: Segment) -> Edit:
    """End where the next label starts, or at the recording's end."""
    following = track.next_after(math.nextafter(label.end, -math.inf))
    edge = following.start if following else ends.end
    return resized(track, label, label.start, max(edge, label.end), ends)


def split(label: Label, at: float) -> Edit:
    """Two labels that meet at a moment.

    Raises:
        UserError: the moment is not inside the label.
    """
    if not label.start + LEAST < at < label.end - LEAST:
        raise UserError("Put the cursor inside the label, where it is to be split.")
    first, second = by_user(placed(label, label.start, at)), by_user(placed(label, at, label.end))
    return Edit((label,), (first, second), second)


def joined(track: LabelTrack, label: Label) -> Edit:
    """One label from this one's start to the next one's end, with this one's class.

    Raises:
        UserError: there is no next one.
    """
    following = track.next_after(label.start)
    if following is None:
        raise UserError("There is no label after this one to join it with.")
    whole = by_user(placed(label, label.start, max(label.end, following.end)))
    gap = [Segment(label.end, following.start)] if label.end < following.start else []
    others = (
        [x for x in track.between(label.end, following.start) if x not in (label, following)] if gap else []
    )
    cut = _cleared(others, gap, 0.0)
    return Edit((*cut.removed, label, following), (*cut.added, whole), whole)


def pasted(track: LabelTrack, label: Label, at: float, ends: Segment, least: float = 0.0) -> Edit:
    """A copy of a label that starts at a moment, kept inside the recording; it cuts what it covers."""
    start = max(ends.start, min(at, ends.end - label.length))
    edit = by_hand(track, start, start + label.length, label.name, ends, least, label.comment)
    return _with_fields(edit, edit.label, label.name, label.confidence, label.comment)


def edited(
    track: LabelTrack,
    label: Label,
    to: Label,
    ends: Segment,
    least: float = 0.0,
) -> Edit:
    """All fields as in ``to``; a stretch that changes follows the rules of ``resized``."""
    edit = resized(track, label, to.start, to.end, ends, least)
    return _with_fields(edit, edit.label, to.name, to.confidence, to.comment)


def _with_fields(edit: Edit, label: Label | None, name: str, confidence: float, comment: str) -> Edit:
    if label is None or (label.name, label.confidence, label.comment) == (name, confidence, comment):
        return edit
    changed = replace(by_user(label), name=name, confidence=confidence, comment=comment)
    added = list(edit.added)
    added[added.index(label)] = changed
    return Edit(edit.removed, tuple(added), changed)


def everywhere(places: Iterable[Place], start: float, end: float, name: str) -> tuple[Compound, list[str]]:
    """The same stretch labelled in several sessions as one change, and the sessions that it misses."""
    parts: list[EditLabels] = []
    missed: list[str] = []
    for place in places:
        try:
            edit = by_hand(place.labels, start + place.shift, end + place.shift, name, place.ends)
        except UserError:
            missed.append(place.session)
            continue
        parts.append(edit.change(place.session, place.track))
    title = f"{printable(name)} {start:.2f}–{end:.2f} s labelled in {len(parts)} sessions"
    return Compound(tuple(parts), title), missed
