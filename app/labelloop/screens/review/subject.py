"""What the review says in header, status row and lanes: its queue, and the item that is looked at."""

from __future__ import annotations

import time

from labelloop.errors import printable
from labelloop.rendering.cells import Row, width_of
from labelloop.rendering.format import clock, span
from labelloop.rendering.lanes import Event as LaneEvent
from labelloop.screens.review.judging import Judging
from labelloop.screens.review.rows import Pace, likely, progress
from labelloop.screens.viewer.painting import Subject
from labelloop.widgets.lanes import TrackLane

PERHAPS = "perhaps"


class ReviewSubject(Subject):
    """The queue and its item. ``keys`` counts the keys of the work."""

    def __init__(self, judging: Judging) -> None:
        self.judging = judging
        self.pane = judging.pane
        self.keys = 0

    def header(self) -> tuple[Row, Row]:
        """How far the queue is, the pace, and an honest word on what was not seen."""
        judging, width = self.judging, self.pane.size.width
        minutes = (time.monotonic() - judging.began) / 60
        left_s = minutes * 60 / judging.single * judging.queue.left if judging.single else None
        right: Row = [(f"{clock(left_s)} left ", "dim")] if left_s else []
        pace = Pace(judging.single, self.keys, minutes)
        row = progress(judging.queue, pace, brief=False)
        where: Row = [(f"   {printable(self.pane.session.path)}", "dim")] if judging.item else []
        for whole in ([*row, *where], row):
            if width_of([*whole, *right]) < width:
                return whole, right
        return progress(judging.queue, pace, brief=True), right

    def label_text(self) -> Row | None:
        """The classes that the place may be, its times, what is unusual; what does not fit is left out."""
        item = self.judging.item
        if item is None:
            return None
        event = item.event
        length = span(event.end - event.start)
        times: Row = [(f"   {event.start:.2f} – {event.end:.2f} s ({length})", "")]
        remark: Row = [(f"   {item.remark}", "warn")] if item.remark else []
        for most, what in ((3, times), (3, [(f"   {length}", "")]), (2, [(f"   {length}", "")])):
            row = [*likely(item, self.pane.signs, most), *what, *remark]
            if width_of(row) < self.pane.size.width:
                break
        return row

    def scored_class(self) -> str:
        """The class of the item."""
        return self.judging.item.event.name if self.judging.item else ""

    def more_lanes(self) -> list[TrackLane]:
        """The place that is perhaps missing a label."""
        item = self.judging.item
        if item is None or not item.missed or item.session != self.pane.session_id:
            return []
        event, sign = item.event, self.pane.signs.of(item.event.name)
        shown = LaneEvent(event.start, event.end, sign.letter, sign.style, False, event.confidence, True)
        return [TrackLane(PERHAPS, [shown])]
