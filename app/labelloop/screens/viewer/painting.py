"""How the viewer paints: lanes from signal and tracks, header and status row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from textual.widget import Widget

from labelloop.commands.catalogue import bar_items
from labelloop.commands.command import Context
from labelloop.errors import UserError, printable
from labelloop.labeling.postprocess import PostSettings
from labelloop.project.labels import Label, LabelTrack
from labelloop.project.sets import TITLES
from labelloop.rendering.cells import Row, width_of
from labelloop.rendering.format import percent, shorten
from labelloop.rendering.score import highest_per_column
from labelloop.rendering.waveform import dot_columns
from labelloop.screens.viewer.drawing import (
    column_edges,
    events_in_view,
    made_channel,
    moment,
    overview_marks,
    stretch_text,
    value_text,
    whole_activity,
    whole_range,
)
from labelloop.screens.viewer.opener import Opener
from labelloop.screens.viewer.pane import Paint, SessionPane
from labelloop.screens.viewer.typed import name_and_unit
from labelloop.widgets.keybar import KeyBar
from labelloop.widgets.lanes import (
    LEFT,
    ChannelLanes,
    LabelLanes,
    OverviewLane,
    RulerRows,
    ScoreLane,
    TrackLane,
)
from labelloop.widgets.rows import Line

Floats = NDArray[np.floating]
_OVERVIEW_CHANNELS = 6


class Subject:
    """What a screen is about beside the session; where it answers nothing the painter has its own words."""

    def header(self) -> tuple[Row, Row] | None:
        """Left and right part of the header."""
        return None

    def label_text(self) -> Row | None:
        """What the status row says when nothing is marked."""
        return None

    def scored_class(self) -> str:
        """The class whose score is shown."""
        return ""

    def more_lanes(self) -> list[TrackLane]:
        """Lanes below those of the tracks."""
        return []

    def context(self, base: Context) -> Context:
        """The facts that decide which commands can run."""
        return base


def lanes() -> Iterable[Widget]:
    """The rows of a session from top to bottom: overview, ruler, channels, score, labels."""
    yield OverviewLane(id="overview")
    yield RulerRows(id="ruler")
    yield ChannelLanes(id="channels")
    yield ScoreLane(id="score")
    yield LabelLanes(id="labels")


class Painter:
    """Paints a pane's lanes, header, status row and key bar."""

    def __init__(self, pane: SessionPane, opener: Opener, subject: Subject | None = None) -> None:
        self.pane = pane
        self.opener = opener
        self.subject = subject or Subject()
        self._ranges: dict[int, tuple[float, float]] = {}
        self._activity: tuple[object, Floats] | None = None
        self._painted_target: Label | None = None

    def paint(self, parts: Paint) -> None:
        """Paint lanes, then the rows of text."""
        view = self.pane.view
        if Paint.SIGNAL in parts:
            self._ranges.clear()
            self._activity = None
        if parts & (Paint.SIGNAL | Paint.VIEW):
            self._paint_channels()
        if parts & (Paint.SIGNAL | Paint.VIEW | Paint.LABELS):
            self._paint_overview(bool(parts & (Paint.SIGNAL | Paint.LABELS)))
        if parts & (Paint.SIGNAL | Paint.VIEW | Paint.LABELS):
            self._paint_score()
        if parts & ~Paint.BARS:
            self.pane.screen.query_one(RulerRows).show(view)
            self._paint_labels(parts)
        self.pane.screen.query_one("#header", Line).show(*self.header())
        self.pane.screen.query_one("#status", Line).show(*self.status())
        self.pane.screen.query_one("#keys", KeyBar).show(self._bar())

    # Lanes

    def _range(self, channel: int) -> tuple[float, float]:
        found = self._ranges.get(channel)
        if found is None:
            assert self.pane.signal is not None
            found = self._ranges[channel] = whole_range(self.pane.signal, channel)
        return found

    def _paint_channels(self) -> None:
        lanes, signal = self.pane.screen.query_one(ChannelLanes), self.pane.signal
        if signal is None:
            lanes.show([])
            return
        channels = self.pane.lanes_in_view()
        ranges = [self._range(k) for k in channels]
        if self.pane.host.view.shared_scale and ranges:
            ranges = [(min(low for low, _ in ranges), max(high for _, high in ranges))] * len(ranges)
        edges = column_edges(self.pane.view, dot_columns(self.pane.columns, self.pane.host.glyphs))
        made = [made_channel(signal, k, edges, r, LEFT - 2) for k, r in zip(channels, ranges, strict=True)]
        lanes.show(made, self.pane.host.view.overlay)

    def _paint_overview(self, marks_too: bool) -> None:
        lane, view, columns = self.pane.screen.query_one(OverviewLane), self.pane.view, self.pane.columns
        values = None
        if self.pane.signal is not None:
            channels = self.pane.shown_channels()[:_OVERVIEW_CHANNELS]
            key = (columns, tuple(channels))
            if self._activity is None or self._activity[0] != key:
                self._activity = (key, whole_activity(self.pane.signal, channels, view, columns))
            values = self._activity[1]
        if marks_too:
            kinds, marks = overview_marks(self._readable(), view, columns, self.pane.signs)
            lane.show(view, values, kinds, marks)
        else:
            lane.show(view, values)

    def _readable(self) -> LabelTrack:
        """The active track; an empty one when its file can't be read."""
        try:
            return self.pane.track
        except UserError:
            return LabelTrack()

    def _paint_labels(self, parts: Paint) -> None:
        lanes, target = self.pane.screen.query_one(LabelLanes), self.pane.shown_target()
        if parts & (Paint.LABELS | Paint.VIEW | Paint.SIGNAL) or target != self._painted_target:
            self._painted_target = target
            lanes.show(self.pane.view, self._track_lanes(target))
        else:
            lanes.show(self.pane.view)

    def scored_class(self) -> str:
        """The class whose score is shown: the subject's, the active one, else that of the target label."""
        if name := self.subject.scored_class():
            return name
        target = self.pane.shown_target()
        known = self.pane.scores.classes if self.pane.scores else ()
        wanted = self.pane.host.active_class or (target.name if target else "")
        return wanted if wanted in known else known[0] if known else ""

    def _paint_score(self) -> None:
        """What a model said of this session last."""
        lane, scores = self.pane.screen.query_one(ScoreLane), self.pane.scores
        lane.display = scores is not None and not self.pane.host.view.hide_score
        if scores is None or not lane.display:
            return
        name = self.scored_class()
        values = highest_per_column(
            scores.times, scores.of_class(name), column_edges(self.pane.view, self.pane.columns)
        )
        least = PostSettings.from_json(scores.post).of(name, "threshold")
        lane.show(f"score {name}", values, least, self.pane.signs.of(name).style, printable(scores.model))

    def _track_lanes(self, target: Label | None) -> list[TrackLane]:
        names, active = self.pane.track_names, self.pane.track_name
        most = max(1, min(8, self.pane.size.height // 4))
        if len(names) > most:
            first = max(0, min(names.index(active) - most // 2, len(names) - most))
            names = names[first : first + most]
        found = [self._track_lane(name, name == active, target if name == active else None) for name in names]
        return [*found, *self.subject.more_lanes()]

    def _track_lane(self, name: str, active: bool, target: Label | None) -> TrackLane:
        try:
            track = self.pane.track if active else self.pane.host.project.track(self.pane.session_id, name)
        except UserError:
            return TrackLane(name, [], active, "error")
        events = events_in_view(track, self.pane.view, self.pane.columns, self.pane.signs, target)
        remark = "compared" if name == self.pane.compared else f"{len(track)}"
        if active and self.pane.labels_coming:
            remark = "reading"
        return TrackLane(name, events, active, remark)

    # Header and status row

    def header(self) -> tuple[Row, Row]:
        """The subject's, or session, set, track and class, then time and values under the cursor."""
        if (own := self.subject.header()) is not None:
            return own
        session, width = self.pane.session, self.pane.size.width
        place = TITLES.get(self.pane.host.project.set_of(session.id), "")
        active = self.pane.host.active_class
        row: Row = [(f" {shorten(session.name, max(8, width // 4))}", "title")]
        if width >= 60:
            row += [(f"  {place}", "dim"), (f"  {shorten(self.pane.track_name, 16)} ", "dim")]
            row.append(
                (
                    f"▸{shorten(active, 16)}" if active else "▸all",
                    self.pane.signs.of(active).style if active else "dim",
                )
            )
        row.append((f"  {moment(self.pane.view.cursor):>9}", "strong"))
        right = self._remarks()
        return row + self._values(width - width_of(row) - width_of(right) - 2), right

    def _bar(self) -> list[tuple[str, str]]:
        """The classes' keys, then what else matters now; edges only where a label is target."""
        context = replace(self.pane.screen.context(), near=self.pane.shown_target() is not None)
        items = bar_items(self.pane.screen.GROUP, context, self.pane.host.keymap)
        if context.read_only:
            return items
        names = self.pane.host.project.class_names[: max(2, self.pane.size.width // 30)]
        classes = [(self.pane.signs.of(name).key, shorten(name, 12)) for name in names]
        return [(key, name) for key, name in classes if key] + items

    def _remarks(self) -> Row:
        right: Row = []
        if self.pane.signal is not None and not self.pane.signal.complete:
            share = self.pane.signal.n / max(1, self.pane.signal.total)
            right.append((f"reading {percent(share)} ", "accent"))
        elif self.opener.waiting:
            right.append(("reading ", "accent"))
        if self.pane.host.view.snapping:
            right.append(("snap ", "accent"))
        if self.pane.host.store.read_only:
            right.append(("read only ", "warn"))
        return right

    def _values(self, room: int) -> Row:
        """The values under the cursor of the channels on the screen, as many as have room."""
        row: Row = []
        if self.pane.signal is None:
            return row
        for channel in self.pane.lanes_in_view():
            name, unit = name_and_unit(self.pane.signal.names[channel])
            value = self.pane.signal.value_at(channel, self.pane.view.cursor)
            text = f"  {shorten(name, 12)} {value_text(value)}{' ' + unit if unit else ''}"
            room -= width_of([(text, "")])
            if room < 0:
                break
            row.append((text, ""))
        return row

    def status(self) -> tuple[Row, Row]:
        """The label under the cursor or the marked stretch; what was told last at the right, or instead."""
        text, style, right = self.pane.said
        info = self._selection_text() or self._label_text()
        said: Row = [(text, style)] if text else []
        room = self.pane.size.width - width_of(said) - 6
        if said and info and width_of(info) + width_of(right) > room:
            right = []
            info = info if width_of(info) <= room else []
        if said and info:
            return [(" ", ""), *info], [*said, ("  ", ""), *right]
        return [(" ", ""), *(said or info)], right

    def _selection_text(self) -> Row:
        selection = self.pane.view.selection
        if selection is None:
            return []
        start, end = selection
        return [("marked ", "accent"), (stretch_text(start, end), "")]

    def _label_text(self) -> Row:
        if (own := self.subject.label_text()) is not None:
            return own
        label = self.pane.shown_target()
        if label is None:
            return []
        row: Row = [(shorten(label.name, 20), f"{self.pane.signs.of(label.name).style} strong")]
        row.append((f" {stretch_text(label.start, label.end)}", ""))
        row.append((f"  {origin_text(label)}", "" if label.confirmed else "warn"))
        if label.comment:
            row.append((f"  {shorten(label.comment, 40)}", "dim"))
        return row


def origin_text(label: Label) -> str:
    """Where a label came from and whether a user vouches for it."""
    kind, _, name = label.origin.partition(":")
    made = {"": "by hand", "run": "by a model", "track": "from track", "import": "from"}.get(kind, kind)
    if kind in ("track", "import"):
        made = f"{made} {name}"
    if label.confirmed:
        return printable(made) + ", confirmed"
    return printable(f"{made}, {percent(label.confidence)}, not confirmed")
