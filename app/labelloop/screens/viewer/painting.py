"""How the viewer paints: lanes from signal and tracks, header and status row."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from labelloop.commands.catalogue import bar_items
from labelloop.errors import UserError, printable
from labelloop.jobs.scores import Scores
from labelloop.labeling.postprocess import PostSettings
from labelloop.project.labels import Label, LabelTrack
from labelloop.project.sets import TITLES
from labelloop.rendering.cells import Row, width_of
from labelloop.rendering.format import percent, shorten
from labelloop.rendering.score import highest_per_column
from labelloop.rendering.waveform import dot_columns
from labelloop.screens.viewer.base import Part, ViewerBase
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
_MOST_OVERLAID = 16


class ViewerPainting(ViewerBase):
    """Painting, from what was asked for in ``Part``."""

    def __init__(self, session_id: str, session_ids: list[str]) -> None:
        super().__init__(session_id, session_ids)
        self._ranges: dict[int, tuple[float, float]] = {}
        self._activity: tuple[object, Floats] | None = None
        self._painted_meant: Label | None = None
        self.scores: Scores | None = None

    def paint_parts(self, parts: Part) -> None:
        """Paint lanes, then the rows of text."""
        view = self.place
        if Part.SIGNAL in parts:
            self._ranges.clear()
            self._activity = None
        if parts & (Part.SIGNAL | Part.VIEW):
            self._paint_channels()
        if parts & (Part.SIGNAL | Part.VIEW | Part.LABELS):
            self._paint_overview(bool(parts & (Part.SIGNAL | Part.LABELS)))
        if parts & (Part.SIGNAL | Part.VIEW | Part.LABELS):
            self._paint_score()
        if parts & ~Part.BARS:
            self.query_one(RulerRows).show(view)
            self._paint_labels(parts)
        self.query_one("#header", Line).show(*self.header())
        self.query_one("#status", Line).show(*self.status())
        self.query_one("#keys", KeyBar).show(self._bar())

    # Lanes

    def shown_channels(self) -> list[int]:
        """The channels that are not hidden, in the person's order."""
        names = self.signal.names if self.signal else ()
        first = self.host.view.channel_order
        hidden = set(self.host.view.hidden_channels)
        place = {name: i for i, name in enumerate(first)}
        kept = [k for k, name in enumerate(names) if name not in hidden] or list(range(len(names)))
        return sorted(kept, key=lambda k: (place.get(names[k], len(place)), k))

    def lanes_in_view(self) -> list[int]:
        """The channels that have a lane now."""
        channels = self.shown_channels()
        if self.host.view.overlay:
            return channels[:_MOST_OVERLAID]
        capacity = self.query_one(ChannelLanes).capacity
        self.top_lane = min(max(0, self.top_lane), max(0, len(channels) - capacity))
        return channels[self.top_lane : self.top_lane + capacity]

    def _range(self, channel: int) -> tuple[float, float]:
        found = self._ranges.get(channel)
        if found is None:
            assert self.signal is not None
            found = self._ranges[channel] = whole_range(self.signal, channel)
        return found

    def _paint_channels(self) -> None:
        lanes, signal = self.query_one(ChannelLanes), self.signal
        if signal is None:
            lanes.show([])
            return
        channels = self.lanes_in_view()
        ranges = [self._range(k) for k in channels]
        if self.host.view.shared_scale and ranges:
            ranges = [(min(low for low, _ in ranges), max(high for _, high in ranges))] * len(ranges)
        edges = column_edges(self.place, dot_columns(self.columns, self.host.glyphs))
        made = [made_channel(signal, k, edges, r, LEFT - 2) for k, r in zip(channels, ranges, strict=True)]
        lanes.show(made, self.host.view.overlay)

    def _paint_overview(self, marks_too: bool) -> None:
        lane, view, columns = self.query_one(OverviewLane), self.place, self.columns
        values = None
        if self.signal is not None:
            channels = self.shown_channels()[:_OVERVIEW_CHANNELS]
            key = (columns, tuple(channels))
            if self._activity is None or self._activity[0] != key:
                self._activity = (key, whole_activity(self.signal, channels, view, columns))
            values = self._activity[1]
        if marks_too:
            kinds, marks = overview_marks(self._readable(), view, columns, self.signs)
            lane.show(view, values, kinds, marks)
        else:
            lane.show(view, values)

    def _readable(self) -> LabelTrack:
        """The active track; an empty one when its file can't be read."""
        try:
            return self.track
        except UserError:
            return LabelTrack()

    def _paint_labels(self, parts: Part) -> None:
        lanes, meant = self.query_one(LabelLanes), self.near_shown()
        if parts & (Part.LABELS | Part.VIEW | Part.SIGNAL) or meant != self._painted_meant:
            self._painted_meant = meant
            lanes.show(self.place, self._track_lanes(meant))
        else:
            lanes.show(self.place)

    @property
    def scored(self) -> bool:
        """Whether a model has scored the session."""
        return self.scores is not None

    def scored_class(self) -> str:
        """The class whose score is shown: the active one, else that of the label that is meant."""
        meant = self.near_shown()
        known = self.scores.classes if self.scores else ()
        wanted = self.host.active_class or (meant.name if meant else "")
        return wanted if wanted in known else known[0] if known else ""

    def _paint_score(self) -> None:
        """What a model said of this session last."""
        lane, scores = self.query_one(ScoreLane), self.scores
        lane.display = scores is not None and not self.host.view.hide_score
        if scores is None or not lane.display:
            return
        name = self.scored_class()
        values = highest_per_column(
            scores.times, scores.of_class(name), column_edges(self.place, self.columns)
        )
        least = PostSettings.from_json(scores.post).of(name, "threshold")
        lane.show(f"score {name}", values, least, self.signs.of(name).style, printable(scores.model))

    def near_shown(self) -> Label | None:
        """The label that stands out on its lane."""
        try:
            return self.near()
        except UserError:
            return None

    def _track_lanes(self, meant: Label | None) -> list[TrackLane]:
        names, active = self.track_names, self.track_name
        most = max(1, min(8, self.size.height // 4))
        if len(names) > most:
            first = max(0, min(names.index(active) - most // 2, len(names) - most))
            names = names[first : first + most]
        return [self._track_lane(name, name == active, meant if name == active else None) for name in names]

    def _track_lane(self, name: str, active: bool, meant: Label | None) -> TrackLane:
        try:
            track = self.track if active else self.host.project.track(self.session_id, name)
        except UserError:
            return TrackLane(name, [], active, "error")
        events = events_in_view(track, self.place, self.columns, self.signs, meant)
        remark = "compared" if name == self.compared else f"{len(track)}"
        if active and self.labels_coming:
            remark = "reading"
        return TrackLane(name, events, active, remark)

    # Header and status row

    def header(self) -> tuple[Row, Row]:
        """Session, set, track and class, then time and values under the cursor."""
        session, width = self.session, self.size.width
        place = TITLES.get(self.host.project.set_of(session.id), "")
        active = self.host.active_class
        row: Row = [(f" {shorten(session.name, max(8, width // 4))}", "title")]
        if width >= 60:
            row += [(f"  {place}", "dim"), (f"  {shorten(self.track_name, 16)} ", "dim")]
            row.append(
                (
                    f"▸{shorten(active, 16)}" if active else "▸all",
                    self.signs.of(active).style if active else "dim",
                )
            )
        row.append((f"  {moment(self.place.cursor):>9}", "strong"))
        right = self._remarks()
        return row + self._values(width - width_of(row) - width_of(right) - 2), right

    def _bar(self) -> list[tuple[str, str]]:
        """The classes' keys, then what else matters now; edges only where a label is meant."""
        context = replace(self.context(), near=self.near_shown() is not None)
        items = bar_items(self.GROUP, context, self.host.keymap)
        if context.read_only:
            return items
        names = self.host.project.class_names[: max(2, self.size.width // 30)]
        classes = [(self.signs.of(name).key, shorten(name, 12)) for name in names]
        return [(key, name) for key, name in classes if key] + items

    def _remarks(self) -> Row:
        right: Row = []
        if self.signal is not None and not self.signal.complete:
            share = self.signal.n / max(1, self.signal.total)
            right.append((f"reading {percent(share)} ", "accent"))
        elif self.waiting:
            right.append(("reading ", "accent"))
        if self.host.view.snapping:
            right.append(("snap ", "accent"))
        if self.host.store.read_only:
            right.append(("read only ", "warn"))
        return right

    @property
    def waiting(self) -> bool:
        """Whether the recording is still being read."""
        return False

    def _values(self, room: int) -> Row:
        """The values under the cursor of the channels on the screen, as many as have room."""
        row: Row = []
        if self.signal is None:
            return row
        for channel in self.lanes_in_view():
            name, unit = name_and_unit(self.signal.names[channel])
            value = self.signal.value_at(channel, self.place.cursor)
            text = f"  {shorten(name, 12)} {value_text(value)}{' ' + unit if unit else ''}"
            room -= width_of([(text, "")])
            if room < 0:
                break
            row.append((text, ""))
        return row

    def status(self) -> tuple[Row, Row]:
        """The label under the cursor or the marked stretch; what was said last at the right, or instead."""
        text, style, right = self.said
        info = self._selection_text() or self._label_text()
        said: Row = [(text, style)] if text else []
        room = self.size.width - width_of(said) - 6
        if said and info and width_of(info) + width_of(right) > room:
            right = []
            info = info if width_of(info) <= room else []
        if said and info:
            return [(" ", ""), *info], [*said, ("  ", ""), *right]
        return [(" ", ""), *(said or info)], right

    def _selection_text(self) -> Row:
        selection = self.place.selection
        if selection is None:
            return []
        start, end = selection
        return [("marked ", "accent"), (stretch_text(start, end), "")]

    def _label_text(self) -> Row:
        label = self.near_shown()
        if label is None:
            return []
        row: Row = [(shorten(label.name, 20), f"{self.signs.of(label.name).style} strong")]
        row.append((f" {stretch_text(label.start, label.end)}", ""))
        row.append((f"  {origin_text(label)}", "" if label.confirmed else "warn"))
        if label.comment:
            row.append((f"  {shorten(label.comment, 40)}", "dim"))
        return row


def origin_text(label: Label) -> str:
    """Where a label came from and whether a person vouches for it."""
    kind, _, name = label.origin.partition(":")
    made = {"": "by hand", "run": "by a model", "track": "from track", "import": "from"}.get(kind, kind)
    if kind in ("track", "import"):
        made = f"{made} {name}"
    if label.confirmed:
        return printable(made) + ", confirmed"
    return printable(f"{made}, {percent(label.confidence)}, not confirmed")
