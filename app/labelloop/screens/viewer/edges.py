"""Edges of labels in the viewer: by the cursor, columns, samples, neighbours, or the signal."""

from __future__ import annotations

from functools import partial
from typing import ClassVar, NamedTuple

from labelloop.labeling import edits
from labelloop.labeling.snap import Snapper, nearest_edge, zero_crossing
from labelloop.project.labels import Label
from labelloop.project.segment import Segment
from labelloop.rendering.format import span
from labelloop.screens.shared.parts import Commands, Handler, Part
from labelloop.screens.viewer.pane import SessionPane

WAYS = ("the signal's own edges", "other labels' edges", "zero crossings")
_EXAMPLES = 60  # labels on either side among which examples of a class are looked for


class Nudge(NamedTuple):
    """How far edges go: columns, or samples."""

    start: int
    end: int
    samples: bool = False


NUDGES = {
    "start_left": Nudge(-1, 0),
    "start_right": Nudge(1, 0),
    "end_left": Nudge(0, -1),
    "end_right": Nudge(0, 1),
    "start_sample_left": Nudge(-1, 0, True),
    "start_sample_right": Nudge(1, 0, True),
    "end_sample_left": Nudge(0, -1, True),
    "end_sample_right": Nudge(0, 1, True),
}


class Edges(Part):
    """Commands that move edges."""

    def __init__(self, pane: SessionPane) -> None:
        self.pane = pane
        self._last_snap: tuple[Label, Label, int] | None = None  # as snapped, as it was before, which way

    def snapper(self, name: str) -> Snapper | None:
        """What finds edges like those of a class's labels around the cursor; None without a signal."""
        if self.pane.signal is None:
            return None
        track = self.pane.track
        middle = track.index_at(self.pane.view.cursor)
        around = (track[i] for i in range(max(0, middle - _EXAMPLES), min(len(track), middle + _EXAMPLES)))
        examples = [x.segment for x in around if x.name == name and x.confirmed]
        return Snapper(self.pane.signal, self.pane.shown_channels(), examples)

    def _resize(self, label: Label, start: float, end: float, what: str) -> None:
        edit = edits.resized(self.pane.track, label, start, end, self.pane.ends, self.pane.sample_s / 2)
        after = edit.label or label
        by = (after.start - label.start) or (after.end - label.end)
        self.pane.put(edit, f"{what} moved {span(by)}")

    def edge_start(self, _: str) -> None:
        """The start of the label to the cursor: the one meant, else the next one."""
        label = self._edge_label(following=True)
        if label:
            self._resize(label, self.pane.view.cursor, label.end, "start")

    def edge_end(self, _: str) -> None:
        """The end of the label to the cursor: the one meant, else the one before."""
        label = self._edge_label(following=False)
        if label:
            self._resize(label, label.start, self.pane.view.cursor, "end")

    def _edge_label(self, following: bool) -> Label | None:
        cursor, track = self.pane.view.cursor, self.pane.track
        label = self.pane.edge_target()
        if label is None or (label.end <= cursor if following else label.start >= cursor):
            label = track.next_after(cursor) if following else track.last_before(cursor)
        if label is None:
            self.pane.report("There is no label whose edge could come here.", "warn")
        return label

    def nudge(self, by: Nudge, _: str) -> None:
        """Move an edge of the target label."""
        label = self.pane.edge_target()
        if label is None:
            self.pane.report("No label is under the cursor.", "warn")
            return
        start, end = self.nudged(label.segment, by)
        self._resize(label, start, end, "start" if by.start else "end")

    def nudged(self, stretch: Segment, by: Nudge) -> tuple[float, float]:
        """Where a stretch's edges come to lie."""
        if by.samples:
            return self._shifted(stretch.start, by.start), self._shifted(stretch.end, by.end)
        step = max(self.pane.column_s, self.pane.sample_s)
        return stretch.start + by.start * step, stretch.end + by.end * step

    def _shifted(self, time: float, by: int) -> float:
        """The time of the sample before or after, or the time itself."""
        if not by:
            return time
        signal = self.pane.signal
        if signal is None:
            return time + by * self.pane.sample_s
        row = signal.index_of(time)
        if by > 0 and row < signal.n and float(signal.times_of(row, row + 1)[0]) > time:
            row -= 1  # between two samples the next one is the first step
        row = min(max(row + by, 0), signal.n - 1)
        return float(signal.times_of(row, row + 1)[0])

    def extend_left(self, _: str) -> None:
        """To where the label before ends."""
        if label := self.pane.edge_target():
            self.pane.put(
                edits.extended_left(self.pane.track, label, self.pane.ends), "start at the label before"
            )

    def extend_right(self, _: str) -> None:
        """To where the next label starts."""
        if label := self.pane.edge_target():
            self.pane.put(
                edits.extended_right(self.pane.track, label, self.pane.ends), "end at the next label"
            )

    def snap(self, _: str) -> None:
        """Both edges to the signal's own near them; again: to other labels' edges, then to zero crossings."""
        label = self.pane.target()
        if label is None:
            return
        before, way = self._snapped_from(label)
        found = self._snapped(before, way)
        edit = edits.resized(
            self.pane.track, label, found.start, found.end, self.pane.ends, self.pane.sample_s / 2
        )
        text = f"to {WAYS[way]}: start {_by(found.start - before.start)}, end {_by(found.end - before.end)}"
        if edit:
            self.pane.put(edit, f"{text}; s again tries {WAYS[(way + 1) % len(WAYS)]}")
        else:
            self.pane.report(f"{text}; s again tries {WAYS[(way + 1) % len(WAYS)]}")
        self._last_snap = (edit.label or label, before, way)

    def _snapped_from(self, label: Label) -> tuple[Label, int]:
        """The label as it was before a row of snaps, and which way comes now."""
        if self._last_snap is not None and self._last_snap[0] == label:
            _, before, way = self._last_snap
            return before, (way + 1) % len(WAYS)
        return label, 0

    def _snapped(self, label: Label, way: int) -> Segment:
        """Where a label's edges come to lie by one of the ways."""
        if way == 0:
            snapper = self.snapper(label.name)
            found = snapper.edges(label.segment) if snapper else label.segment
            return self._kept_apart(found, label)
        reach = max(label.length / 4, 2 * self.pane.column_s)
        moved = [self._near_edge(edge, way, reach, label) for edge in (label.start, label.end)]
        start, end = (m if m is not None else e for m, e in zip(moved, (label.start, label.end), strict=True))
        return Segment(start, end) if end > start else label.segment

    def _kept_apart(self, found: Segment, label: Label) -> Segment:
        """An edge that the signal would put into another label stops at that one's edge."""
        start, end = found.start, found.end
        for other in self.pane.track.between(start, end):
            if other == label or other.segment & label.segment:
                continue
            if other.end <= label.start:
                start = max(start, other.end)
            elif other.start >= label.end:
                end = min(end, other.start)
        return Segment(start, max(start, end))

    def _near_edge(self, edge: float, way: int, reach: float, label: Label) -> float | None:
        if way == 1:
            others = [x for x in self.pane.track.between(edge - reach, edge + reach) if x != label]
            return nearest_edge([e for x in others for e in (x.start, x.end)], edge, reach)
        if self.pane.signal is None:
            return None
        return zero_crossing(self.pane.signal, self.pane.lanes_in_view()[0], edge, reach)

    def snapping(self, _: str) -> None:
        """Snap new labels from now on, or don't."""
        view = self.pane.host.view
        view.snapping = not view.snapping
        self.pane.report(
            "New labels snap to the signal." if view.snapping else "New labels stay where you put them."
        )

    def handlers(self) -> dict[str, Handler]:
        """The commands of the table and, for each row of ``NUDGES``, one that moves that edge."""
        nudges = {f"viewer.{name}": partial(self.nudge, by) for name, by in NUDGES.items()}
        return super().handlers() | nudges

    COMMANDS: ClassVar[Commands] = {
        "viewer.edge_start": edge_start,
        "viewer.edge_end": edge_end,
        "viewer.extend_left": extend_left,
        "viewer.extend_right": extend_right,
        "viewer.snap": snap,
        "viewer.snapping": snapping,
    }


def _by(seconds: float) -> str:
    return span(seconds) if abs(seconds) > 5e-4 else "stays"
