"""Edges of labels in the viewer: by the cursor, columns, samples, neighbours, or the signal."""

from __future__ import annotations

from labelloop.labeling import edits
from labelloop.labeling.snap import Snapper, nearest_edge, zero_crossing
from labelloop.project.labels import Label
from labelloop.project.segment import Segment
from labelloop.rendering.format import span
from labelloop.screens.viewer.base import ViewerBase

WAYS = ("the signal's own edges", "other labels' edges", "zero crossings")
_EXAMPLES = 60  # labels on either side among which examples of a class are looked for


class ViewerEdges(ViewerBase):
    """Commands that move edges."""

    _last_snap: tuple[Label, Label, int] | None = None  # a label as snapped, as it was before, and which way

    def lanes_in_view(self) -> list[int]:
        """The channels that have a lane now."""
        raise NotImplementedError

    def shown_channels(self) -> list[int]:
        """The channels that are not hidden, in the person's order."""
        raise NotImplementedError

    def snapper(self, name: str) -> Snapper | None:
        """What finds edges like those of a class's labels around the cursor; None without a signal."""
        if self.signal is None:
            return None
        track = self.track
        middle = track.index_at(self.place.cursor)
        around = (track[i] for i in range(max(0, middle - _EXAMPLES), min(len(track), middle + _EXAMPLES)))
        examples = [x.segment for x in around if x.name == name and x.confirmed]
        return Snapper(self.signal, self.shown_channels(), examples)

    def _resize(self, label: Label, start: float, end: float, what: str) -> None:
        edit = edits.resized(self.track, label, start, end, self.ends, self.sample_s / 2)
        after = edit.label or label
        by = (after.start - label.start) or (after.end - label.end)
        self.put(edit, f"{what} moved {span(by)}")

    def do_viewer_edge_start(self, _: str) -> None:
        """The start of the label to the cursor: the one meant, else the next one."""
        label = self._edge_label(following=True)
        if label:
            self._resize(label, self.place.cursor, label.end, "start")

    def do_viewer_edge_end(self, _: str) -> None:
        """The end of the label to the cursor: the one meant, else the one before."""
        label = self._edge_label(following=False)
        if label:
            self._resize(label, label.start, self.place.cursor, "end")

    def _edge_label(self, following: bool) -> Label | None:
        cursor, track = self.place.cursor, self.track
        label = self.near()
        if label is None or (label.end <= cursor if following else label.start >= cursor):
            label = track.next_after(cursor) if following else track.last_before(cursor)
        if label is None:
            self.say("There is no label whose edge could come here.", "warn")
        return label

    def _nudge(self, start: int, end: int) -> None:
        label = self.near()
        if label is None:
            self.say("No label is under the cursor.", "warn")
            return
        by = max(self.column_s, self.sample_s)
        what = "start" if start else "end"
        self._resize(label, label.start + start * by, label.end + end * by, what)

    def do_viewer_start_left(self, _: str) -> None:
        """The start a column left."""
        self._nudge(-1, 0)

    def do_viewer_start_right(self, _: str) -> None:
        """The start a column right."""
        self._nudge(1, 0)

    def do_viewer_end_left(self, _: str) -> None:
        """The end a column left."""
        self._nudge(0, -1)

    def do_viewer_end_right(self, _: str) -> None:
        """The end a column right."""
        self._nudge(0, 1)

    def _by_sample(self, start: int, end: int) -> None:
        label = self.near()
        if label is None:
            self.say("No label is under the cursor.", "warn")
            return
        what = "start" if start else "end"
        self._resize(label, self._shifted(label.start, start), self._shifted(label.end, end), what)

    def _shifted(self, time: float, by: int) -> float:
        """The time of the sample before or after, or the time itself."""
        if not by:
            return time
        signal = self.signal
        if signal is None:
            return time + by * self.sample_s
        row = signal.index_of(time)
        if by > 0 and row < signal.n and float(signal.times_of(row, row + 1)[0]) > time:
            row -= 1  # between two samples the next one is the first step
        row = min(max(row + by, 0), signal.n - 1)
        return float(signal.times_of(row, row + 1)[0])

    def do_viewer_start_sample_left(self, _: str) -> None:
        """The start a sample left."""
        self._by_sample(-1, 0)

    def do_viewer_start_sample_right(self, _: str) -> None:
        """The start a sample right."""
        self._by_sample(1, 0)

    def do_viewer_end_sample_left(self, _: str) -> None:
        """The end a sample left."""
        self._by_sample(0, -1)

    def do_viewer_end_sample_right(self, _: str) -> None:
        """The end a sample right."""
        self._by_sample(0, 1)

    def do_viewer_extend_left(self, _: str) -> None:
        """To where the label before ends."""
        if label := self.near():
            self.put(edits.extended_left(self.track, label, self.ends), "start at the label before")

    def do_viewer_extend_right(self, _: str) -> None:
        """To where the next label starts."""
        if label := self.near():
            self.put(edits.extended_right(self.track, label, self.ends), "end at the next label")

    def do_viewer_snap(self, _: str) -> None:
        """Both edges to the signal's own near them; again: to other labels' edges, then to zero crossings."""
        label = self.meant()
        if label is None:
            return
        before, way = self._snapped_from(label)
        found = self._snapped(before, way)
        edit = edits.resized(self.track, label, found.start, found.end, self.ends, self.sample_s / 2)
        text = f"to {WAYS[way]}: start {_by(found.start - before.start)}, end {_by(found.end - before.end)}"
        if edit:
            self.put(edit, f"{text}; s again tries {WAYS[(way + 1) % len(WAYS)]}")
        else:
            self.say(f"{text}; s again tries {WAYS[(way + 1) % len(WAYS)]}")
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
        reach = max(label.length / 4, 2 * self.column_s)
        moved = [self._near_edge(edge, way, reach, label) for edge in (label.start, label.end)]
        start, end = (m if m is not None else e for m, e in zip(moved, (label.start, label.end), strict=True))
        return Segment(start, end) if end > start else label.segment

    def _kept_apart(self, found: Segment, label: Label) -> Segment:
        """An edge that the signal would put into another label stops at that one's edge."""
        start, end = found.start, found.end
        for other in self.track.between(start, end):
            if other == label or other.segment & label.segment:
                continue
            if other.end <= label.start:
                start = max(start, other.end)
            elif other.start >= label.end:
                end = min(end, other.start)
        return Segment(start, max(start, end))

    def _near_edge(self, edge: float, way: int, reach: float, label: Label) -> float | None:
        if way == 1:
            others = [x for x in self.track.between(edge - reach, edge + reach) if x != label]
            return nearest_edge([e for x in others for e in (x.start, x.end)], edge, reach)
        if self.signal is None:
            return None
        return zero_crossing(self.signal, self.lanes_in_view()[0], edge, reach)

    def do_viewer_snapping(self, _: str) -> None:
        """Snap new labels from now on, or don't."""
        view = self.host.view
        view.snapping = not view.snapping
        self.say("New labels snap to the signal." if view.snapping else "New labels stay where you put them.")


def _by(seconds: float) -> str:
    return span(seconds) if abs(seconds) > 5e-4 else "stays"
