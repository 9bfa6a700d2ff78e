"""The viewer's lanes: ruler, overview, channels, score and labels, all on one time axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from labelloop.rendering.cells import Row
from labelloop.rendering.format import clock, fit, number
from labelloop.rendering.lanes import Event, Marks, lane_row
from labelloop.rendering.overview import overview_row
from labelloop.rendering.ruler import ruler
from labelloop.rendering.score import score_row
from labelloop.rendering.waveform import Trace, dot_columns, draw
from labelloop.widgets.rows import RowsView
from labelloop.widgets.view import View

LEFT, RIGHT = 11, 8  # columns beside the time axis: names, and values or remarks


def axis_columns(width: int) -> int:
    """The columns of the time axis in a widget or screen of this width."""
    left, right = margins(width)
    return max(1, width - left - right)


def margins(width: int) -> tuple[int, int]:
    """The columns left and right of the time axis; a narrow screen keeps only short names."""
    return (LEFT, RIGHT) if width >= 60 else (min(4, width // 4), 0)


class Lane(RowsView):
    """A widget on the time axis."""

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id, classes)
        self._view: View | None = None

    @property
    def columns(self) -> int:
        """The columns of the time axis."""
        return axis_columns(self.size.width)

    @property
    def dots(self) -> int:
        """The dot columns of the time axis: how many values an envelope should have."""
        return dot_columns(self.columns, self.glyphs)

    def framed(self, name: str, row: Row, remark: str, width: int, style: str = "dim") -> Row:
        """A row of the axis between its name and its remark."""
        left, right = margins(width)
        tail: Row = [(fit(" " + remark, right), "dim")] if right else []
        return [(fit(" " + name, left - 1) + " ", style) if left else ("", ""), *row, *tail]


class RulerRows(Lane):
    """The ruler; its first row carries the cursor."""

    def show(self, view: View) -> None:
        """Show a view."""
        self._view = view
        self.redraw()

    def make_rows(self, width: int, height: int) -> Sequence[Row]:
        """Ticks, then their labels."""
        view = self._view
        if view is None:
            return []
        columns = axis_columns(width)
        cursor = view.column(view.cursor, columns)
        made = ruler(view.start, view.end, columns, cursor, self.glyphs)
        return [self.framed("", made.ticks, "", width), self.framed("", made.labels, "", width)]


class OverviewLane(Lane):
    """The whole session in one row."""

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id, classes)
        self._values: NDArray[np.floating] = np.zeros(0)
        self._kinds: NDArray[np.intp] = np.zeros(0, np.intp)
        self._marks: Sequence[tuple[str, str]] = ()

    def show(
        self,
        view: View,
        values: NDArray[np.floating] | None = None,
        kinds: NDArray[np.intp] | None = None,
        marks: Sequence[tuple[str, str]] | None = None,
    ) -> None:
        """Show a view; activity and kinds of event per column stay as they were when they are not given."""
        self._view = view
        self._values = self._values if values is None else values
        self._kinds = self._kinds if kinds is None else kinds
        self._marks = self._marks if marks is None else marks
        self.redraw()

    def make_rows(self, width: int, height: int) -> Sequence[Row]:
        """The one row."""
        view, columns = self._view, axis_columns(width)
        if view is None:
            return []
        values = np.full(columns, np.nan)
        values[: len(self._values)] = self._values[:columns]
        kinds = np.full(columns, -1, np.intp)
        kinds[: len(self._kinds)] = self._kinds[:columns]
        scale = columns / view.whole
        shown = (int((view.start - view.first) * scale), int((view.end - view.first) * scale - 1e-6))
        row = overview_row(values, kinds, self._marks, shown, self.glyphs)
        return [self.framed("overview", row, clock(view.last - view.first), width)]


@dataclass(frozen=True, slots=True, eq=False)
class Channel:
    """One channel's envelope (a value per dot column) with the values at the lane's bottom and top."""

    name: str
    lo: NDArray[np.floating]
    hi: NDArray[np.floating]
    low: float
    high: float
    unit: str = ""


class ChannelLanes(Lane):
    """A lane a channel, or all channels over each other."""

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id, classes)
        self._channels: Sequence[Channel] = ()
        self._overlay = False
        self._tints: Sequence[tuple[int, int, str]] = ()

    def show(
        self,
        channels: Sequence[Channel],
        overlay: bool = False,
        tints: Sequence[tuple[int, int, str]] = (),
    ) -> None:
        """Show channels; ``tints`` are stretches of columns (first, past, style) that colour the signal."""
        self._channels, self._overlay, self._tints = channels, overlay, tints
        self.redraw()

    @property
    def capacity(self) -> int:
        """How many lanes of two rows have room."""
        return max(1, self.size.height // 2)

    def make_rows(self, width: int, height: int) -> Sequence[Row]:
        """The lanes, as high as they can be alike."""
        if not self._channels:
            return []
        if self._overlay:
            return self._lane(self._channels, height, width)
        count = min(len(self._channels), max(1, height // 2) if height >= 2 else 1)
        rows: list[Row] = []
        for i, channel in enumerate(self._channels[:count]):
            size = height * (i + 1) // count - height * i // count
            rows += self._lane([channel], size, width)
        return rows

    def _lane(self, channels: Sequence[Channel], height: int, width: int) -> list[Row]:
        many = len(channels) > 1
        traces = [
            Trace(c.lo, c.hi, c.low, c.high, f"wave.{i}" if many else "wave") for i, c in enumerate(channels)
        ]
        drawn = draw(traces, height, axis_columns(width), self.glyphs, self._tints)
        names = [(c.name, f"wave.{i}" if many else "strong") for i, c in enumerate(channels)]
        if not many and channels[0].unit:
            names.append((channels[0].unit, "dim"))
        high, low = max(c.high for c in channels), min(c.low for c in channels)
        rows = []
        for y, row in enumerate(drawn):
            name, style = names[y] if y < len(names) else ("", "")
            remark = number(high) if y == 0 else number(low) if y == height - 1 else ""
            rows.append(self.framed(name, row, remark, width, style))
        return rows


class ScoreLane(Lane):
    """A model's score for one class."""

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id, classes)
        self._shown: tuple[str, NDArray[np.floating], float | None, str, str] | None = None

    def show(
        self,
        name: str,
        values: NDArray[np.floating],
        threshold: float | None = None,
        style: str = "score",
        remark: str = "",
    ) -> None:
        """Show a value per column, 0 to 1."""
        self._shown = (name, values, threshold, style, remark)
        self.redraw()

    def make_rows(self, width: int, height: int) -> Sequence[Row]:
        """The one row."""
        if self._shown is None:
            return []
        name, values, threshold, style, remark = self._shown
        columns = axis_columns(width)
        sized = np.full(columns, np.nan)
        sized[: len(values)] = values[:columns]
        return [self.framed(name, score_row(sized, threshold, style, self.glyphs), remark, width)]


@dataclass(frozen=True, slots=True)
class TrackLane:
    """One label track's events in the shown stretch."""

    name: str
    events: Sequence[Event]
    active: bool = False
    remark: str = ""


@dataclass(frozen=True, slots=True)
class _Labels:
    view: View
    tracks: Sequence[TrackLane] = field(default=())


class LabelLanes(Lane):
    """A row a label track; the cursor stands on the active one."""

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id, classes)
        self._labels: _Labels | None = None
        self._lanes = 0

    def show(self, view: View, tracks: Sequence[TrackLane] | None = None) -> None:
        """Show a view; the tracks stay as they were when they are not given."""
        kept = self._labels.tracks if self._labels else ()
        self._labels = _Labels(view, kept if tracks is None else tracks)
        if tracks is not None and self._lanes != (wanted := max(1, len(tracks))):
            self._lanes = wanted
            self.styles.height = wanted
        self.redraw()

    def make_rows(self, width: int, height: int) -> Sequence[Row]:
        """A row a track."""
        if self._labels is None:
            return []
        view, columns = self._labels.view, axis_columns(width)
        selection = view.selection
        stretch = (
            (view.column(selection[0], columns), view.column(selection[1], columns)) if selection else None
        )
        rows = []
        for track in self._labels.tracks:
            marks = Marks(view.column(view.cursor, columns), stretch) if track.active else Marks()
            row = lane_row(track.events, view.start, view.end, columns, marks, self.glyphs)
            name = f"▸{track.name}" if track.active and len(self._labels.tracks) > 1 else track.name
            rows.append(self.framed(name, row, track.remark, width, "accent" if track.active else "dim"))
        return rows
