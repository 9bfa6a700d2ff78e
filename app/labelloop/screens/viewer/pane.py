"""What a session looks like on the screen: its track and view, the target label, and when to repaint."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import Flag, auto

from textual.geometry import Size

from labelloop.commands.command import Context
from labelloop.errors import UserError
from labelloop.jobs.scores import Scores
from labelloop.labeling.edits import Edit
from labelloop.project.changes import Touched
from labelloop.project.labels import Label, LabelTrack
from labelloop.project.segment import Segment
from labelloop.project.session import Session
from labelloop.rendering.cells import Row
from labelloop.screens.shared.host import Host
from labelloop.screens.shared.project_screen import ProjectScreen
from labelloop.services.labels.class_signs import ClassSigns
from labelloop.services.sessions.locked import read_only_file
from labelloop.storage.signals import Signal
from labelloop.widgets.lanes import ChannelLanes, axis_columns
from labelloop.widgets.view import View

_RETRY_S = 0.03
_MOST_OVERLAID = 16
_NO_LABELS = LabelTrack()
COMING = "The labels are still being read."


class Paint(Flag):
    """What has to be painted again; each includes all that depends on it."""

    BARS = auto()
    CURSOR = auto()
    LABELS = auto()
    VIEW = auto()
    SIGNAL = auto()


EVERYTHING = Paint.BARS | Paint.CURSOR | Paint.LABELS | Paint.VIEW | Paint.SIGNAL


class SessionPane:
    """One session as a screen shows it. Commands change it and ask for a repaint; several become one.

    ``order`` holds the ids of the sessions that the user walks through. ``painter`` paints what changed,
    ``edited`` hears of each edit of a label; the screen sets both.
    """

    def __init__(self, screen: ProjectScreen, session_id: str, order: Sequence[str]) -> None:
        self.screen = screen
        self.session_id = session_id
        self.order = list(order) or [session_id]
        self.view = View.of_session(0.0, 1.0, 1.0)
        self.signal: Signal | None = None
        self.scores: Scores | None = None
        self.signs = ClassSigns(self.host.project)
        self.copied: Label | None = None
        self.compared = ""
        self.top_lane = 0
        self.said: tuple[str, str, Row] = ("", "", [])
        self.coming: tuple[str, str] | None = None  # the session and track whose labels are being read
        self.painter: Callable[[Paint], None] = lambda _: None
        self.edited: Callable[[Edit], None] = lambda _: None
        self._picked: Label | None = None
        self._fresh = False
        self._unpainted = Paint(0)
        self._scheduled = False
        self._shown = False  # nothing is painted before a session is open

    @property
    def host(self) -> Host:
        """The app, as screens see it."""
        return self.screen.host

    @property
    def size(self) -> Size:
        """Columns and rows of the screen."""
        return self.screen.size

    # The session

    @property
    def session(self) -> Session:
        """The session as it is now. Raises UserError when it left the project."""
        return self.host.project.session(self.session_id)

    @property
    def track_name(self) -> str:
        """The active label track."""
        return self.session.label_track

    @property
    def labels_coming(self) -> bool:
        """Whether the labels of a long file are still being read."""
        return self.coming is not None and self.coming == (self.session_id, self.track_name)

    @property
    def track(self) -> LabelTrack:
        """The labels of the active track; none yet while a long file is read. Raises UserError."""
        return _NO_LABELS if self.labels_coming else self.host.project.track(self.session_id)

    @property
    def track_names(self) -> list[str]:
        """All label tracks in the session file's order."""
        names = self.host.project.label_tracks_of(self.session_id)
        refs = [r.name for r in self.host.project.tracks_of(self.session_id) if r.name in names]
        return list(dict.fromkeys([*refs, *names])) or [self.track_name]

    @property
    def ends(self) -> Segment:
        """The recording's first and last moment."""
        if self.signal is not None and self.signal.complete:
            return Segment(self.signal.first_s, self.signal.last_s)
        return Segment(self.session.start_s, max(self.session.start_s, self.session.end_s))

    @property
    def sample_s(self) -> float:
        """The usual time between two samples."""
        rate = self.signal.rate_hz if self.signal is not None else self.session.rate_hz
        return 1 / rate if rate > 0 else 0.001

    @property
    def columns(self) -> int:
        """The columns of the time axis."""
        return axis_columns(self.size.width)

    @property
    def column_s(self) -> float:
        """The time that a column takes."""
        return self.view.seconds(self.columns)

    # The target label

    def under(self) -> Label | None:
        """The label in the cursor's column."""
        track, cursor = self.track, self.view.cursor
        label = track.at(cursor)
        if label is None and track.index_at(cursor) < len(track):
            following = track[track.index_at(cursor)]
            if following.start < cursor + self.column_s * 0.999:
                return following
        return label

    def target(self) -> Label | None:
        """The label that a command is about: the one just edited, or the one under the cursor."""
        try:
            if self._fresh and (picked := self.picked) is not None:
                return picked
            return self.under()
        except UserError:
            return None

    @property
    def picked(self) -> Label | None:
        """The label that was the target last, while it is in the track and in view."""
        label = self._picked
        if label is None or label not in self.track:
            return None
        return label if label.start < self.view.end and label.end > self.view.start else None

    def pick(self, label: Label | None) -> None:
        """Keep a label as the target until the cursor moves."""
        self._picked, self._fresh = label, label is not None

    def edge_target(self) -> Label | None:
        """The label whose edges a command is about: also the last target, when the cursor left it."""
        return self.target() or self.picked

    def shown_target(self) -> Label | None:
        """The label that stands out on its lane."""
        try:
            return self.edge_target()
        except UserError:
            return None

    # Channels

    def shown_channels(self) -> list[int]:
        """The channels that are not hidden, in the user's order."""
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
        capacity = self.screen.query_one(ChannelLanes).capacity
        self.top_lane = min(max(0, self.top_lane), max(0, len(channels) - capacity))
        return channels[self.top_lane : self.top_lane + capacity]

    # Changing what is shown

    def show_view(self, view: View) -> None:
        """Another view; the label under the cursor is the target from then on."""
        before, self.view = self.view, view
        moved = (view.start, view.end) != (before.start, before.end)
        if view != before:
            self.said = ("", "", [])
        if view.cursor != before.cursor:
            self._fresh = False
            label = self.target()
            if label is not None:
                self._picked = label
        self.paint(Paint.VIEW if moved else Paint.CURSOR)

    def put(self, edit: Edit, text: str) -> None:
        """Make an edit of the active track and say what was done."""
        if not edit:
            self.pick(edit.label)
            self.report("Nothing changed.")
            self.edited(edit)
            return
        self.host.store.editor.apply(edit.change(self.session_id, self.track_name))
        self.pick(edit.label)
        self.report(text, right=[("z undo ", "dim")])
        self.edited(edit)

    def opened(self) -> None:
        """A session is about to be shown: paint from then on."""
        self._shown = True

    def paint(self, part: Paint) -> None:
        """Repaint when the keys that were pressed meanwhile are dealt with."""
        self._unpainted |= part
        if not self._scheduled and self.screen.is_attached:
            self._scheduled = True
            self.screen.app.call_later(self._paint_now)  # behind the keys that wait for the app

    def _paint_now(self) -> None:
        self._scheduled = False
        if not self._shown or not self.screen.is_attached or not self.screen.is_current or not self.size:
            return
        if self.host.writing:  # a slow line: what is painted later replaces what would come now
            self._scheduled = True
            self.screen.set_timer(_RETRY_S, self._paint_now)
            return
        parts, self._unpainted = self._unpainted, Paint(0)
        if self.session_id not in self.host.project:
            self.screen.app.call_later(self._gone)
            return
        self.screen.guarded(lambda: self.painter(parts))

    def _gone(self) -> None:
        """The session left the project while it was shown."""
        if self.screen.is_current and len(self.screen.app.screen_stack) > 2:
            self.screen.app.pop_screen()
            self.host.report("The session that was open is no longer in the project.", "warn")

    def paint_bars(self) -> None:
        """Header and key bar, with the next repaint."""
        self.paint(Paint.BARS)

    def paint_all(self) -> None:
        """Everything anew."""
        self.signs = ClassSigns(self.host.project)
        self.paint(EVERYTHING)

    def changed(self, touched: Touched) -> None:
        """Repaint what a change touched."""
        if touched.classes:
            self.signs = ClassSigns(self.host.project)
        if touched.classes or self.session_id in touched.sessions:
            self.paint(Paint.LABELS)
        else:
            self.paint(Paint.BARS)

    def report(self, text: str, style: str = "", right: Row | None = None) -> None:
        """Put a sentence in the status row until the cursor moves."""
        self.said = (text, style, right or [])
        self.paint(Paint.BARS)

    # What commands may do now

    def context(self) -> Context:
        """The facts of this moment."""
        base = self.host.context()
        if self.session_id not in self.host.project:
            return base
        try:
            count = len(self.track)
            closed = read_only_file(self.host.store, self.session, self.track_name)
        except UserError as error:
            return replace(base, read_only=base.read_only or str(error))
        selection = self.view.selection
        return replace(
            base,
            read_only=base.read_only or (COMING if self.labels_coming else closed),
            targets=1,
            ticked=len(self.ticked()),
            label=self.target() is not None,
            near=self.edge_target() is not None or count > 0,
            labels=1 if self.labels_coming else count,
            selection=bool(selection and selection[1] > selection[0]),
            clipboard=self.copied is not None,
            tracks=len(self.track_names),
            score=self.scores is not None,
            unconfirmed=self.host.store.unconfirmed(self.session),
        )

    def ticked(self) -> list[str]:
        """The ids of the sessions that are ticked in the list."""
        return [sid for sid in self.host.view.ticked if sid in self.host.project]
