"""Edges of the item that is judged: its label's, as in the viewer, or those of a place without a label."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from labelloop.project.segment import Segment
from labelloop.screens.review.judging import Judging
from labelloop.screens.shared.parts import Commands, Handler, Part
from labelloop.screens.viewer.edges import NUDGES, Edges
from labelloop.screens.viewer.pane import Paint, SessionPane


class ItemEdges(Part):
    """Commands that move the item's edges."""

    def __init__(self, pane: SessionPane, judging: Judging, edges: Edges) -> None:
        self.pane = pane
        self.judging = judging
        self.edges = edges

    def _move(self, start: float | None, end: float | None, of_label: Handler) -> None:
        """Move an edge of what is perhaps missing, or run the viewer's command on the label."""
        item = self.judging.item
        if item is None or not item.missed:
            of_label("")
            return
        low = item.event.start if start is None else start
        high = item.event.end if end is None else end
        if high - low < self.pane.sample_s:
            self.pane.report("The end must lie behind the start.", "warn")
            return
        self.judging.change_event(low, high)
        self.pane.paint(Paint.LABELS | Paint.BARS)

    def start_here(self, _: str) -> None:
        """The start to the cursor."""
        self._move(self.pane.view.cursor, None, self.edges.edge_start)

    def end_here(self, _: str) -> None:
        """The end to the cursor."""
        self._move(None, self.pane.view.cursor, self.edges.edge_end)

    def snap(self, _: str) -> None:
        """Both edges to the signal's own."""
        self._move(None, None, self.edges.snap)

    def _nudge(self, name: str, _: str) -> None:
        by, item = NUDGES[name], self.judging.item
        if item is None:
            return
        event = item.event
        start, end = self.edges.nudged(Segment(event.start, event.end), by)
        self._move(start if by.start else None, end if by.end else None, partial(self.edges.nudge, by))

    def handlers(self) -> dict[str, Handler]:
        """The commands of the table, and one for each nudge by columns."""
        columns = [name for name, by in NUDGES.items() if not by.samples]
        return super().handlers() | {f"review.{name}": partial(self._nudge, name) for name in columns}

    COMMANDS: ClassVar[Commands] = {
        "review.edge_start": start_here,
        "review.edge_end": end_here,
        "review.snap": snap,
    }
