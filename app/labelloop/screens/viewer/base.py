"""What all parts of the viewer share: the session, its track and view, what is meant, and when to repaint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import Flag, auto
from typing import ClassVar

from labelloop.commands.command import Context, Group
from labelloop.errors import UserError
from labelloop.labeling.edits import Edit
from labelloop.project.changes import Touched
from labelloop.project.labels import Label, LabelTrack
from labelloop.project.segment import Segment
from labelloop.project.session import Session
from labelloop.rendering.cells import Row
from labelloop.screens.shared.project_screen import ProjectScreen
from labelloop.services.labels.class_signs import ClassSigns
from labelloop.services.sessions.locked import read_only_file
from labelloop.storage.signals import Signal
from labelloop.widgets.lanes import axis_columns
from labelloop.widgets.prompt import Prompt
from labelloop.widgets.view import View

_RETRY_S = 0.03
_NO_LABELS = LabelTrack()
COMING = "The labels are still being read."


class Part(Flag):
    """What has to be painted again; a part includes all that depends on it."""

    BARS = auto()
    CURSOR = auto()
    LABELS = auto()
    VIEW = auto()
    SIGNAL = auto()


EVERYTHING = Part.BARS | Part.CURSOR | Part.LABELS | Part.VIEW | Part.SIGNAL


class ViewerBase(ProjectScreen):
    """The state of the viewer. Commands change it and ask for a repaint; several become one."""

    GROUP: ClassVar[Group] = Group.VIEWER
    AUTO_FOCUS = ""  # every key is the screen's own

    def __init__(self, session_id: str, session_ids: Sequence[str]) -> None:
        super().__init__()
        self.session_id = session_id
        self.order = list(session_ids) or [session_id]
        self.place = View.of_session(0.0, 1.0, 1.0)
        self.signal: Signal | None = None
        self.signs = ClassSigns(self.host.project)
        self.copied: Label | None = None
        self.compared = ""
        self.top_lane = 0
        self.said: tuple[str, str, Row] = ("", "", [])
        self._coming: tuple[str, str] | None = None  # the session and track whose labels are being read
        self._picked: Label | None = None
        self._fresh = False
        self._unpainted = Part(0)
        self._scheduled = False
        self._shown = False  # nothing is painted before a session is open

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
        return self._coming is not None and self._coming == (self.session_id, self.track_name)

    def read_labels(self) -> None:
        """Have a long label file read in the background."""
        raise NotImplementedError

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
        return self.place.seconds(self.columns)

    # The label that is meant

    def under(self) -> Label | None:
        """The label in the cursor's column."""
        track, cursor = self.track, self.place.cursor
        label = track.at(cursor)
        if label is None and track.index_at(cursor) < len(track):
            following = track[track.index_at(cursor)]
            if following.start < cursor + self.column_s * 0.999:
                return following
        return label

    def meant(self) -> Label | None:
        """The label that a command is about: the one just edited, or the one under the cursor."""
        try:
            if self._fresh and (picked := self.picked) is not None:
                return picked
            return self.under()
        except UserError:
            return None

    @property
    def picked(self) -> Label | None:
        """The label that was meant last, while it is in the track and in view."""
        label = self._picked
        if label is None or label not in self.track:
            return None
        return label if label.start < self.place.end and label.end > self.place.start else None

    def pick(self, label: Label | None) -> None:
        """Keep a label as the meant one until the cursor moves."""
        self._picked, self._fresh = label, label is not None

    def near(self) -> Label | None:
        """The label whose edges are meant: also the one meant last, when the cursor left it."""
        return self.meant() or self.picked

    # Changing what is shown

    def show_view(self, view: View) -> None:
        """Another view; the label under the cursor is the meant one from now on."""
        before, self.place = self.place, view
        moved = (view.start, view.end) != (before.start, before.end)
        if view != before:
            self.said = ("", "", [])
        if view.cursor != before.cursor:
            self._fresh = False
            label = self.meant()
            if label is not None:
                self._picked = label
        self.paint(Part.VIEW if moved else Part.CURSOR)

    def put(self, edit: Edit, text: str) -> None:
        """Make an edit of the active track and say what was done."""
        if not edit:
            self.pick(edit.label)
            self.say("Nothing changed.")
            return
        self.host.store.editor.apply(edit.change(self.session_id, self.track_name))
        self.pick(edit.label)
        self.say(text, right=[("z undo ", "dim")])

    def _first_show(self) -> None:
        self._shown = True
        super()._first_show()

    def paint(self, part: Part) -> None:
        """Repaint when the keys that were pressed meanwhile are dealt with."""
        self._unpainted |= part
        if not self._scheduled and self.is_attached:
            self._scheduled = True
            self.app.call_later(self._paint_now)  # behind the keys that wait for the app

    def _paint_now(self) -> None:
        self._scheduled = False
        if not self._shown or not self.is_attached or not self.is_current or not self.size:
            return
        if self.host.writing:  # a slow line: what is painted later replaces what would come now
            self._scheduled = True
            self.set_timer(_RETRY_S, self._paint_now)
            return
        parts, self._unpainted = self._unpainted, Part(0)
        if self.session_id not in self.host.project:
            self.app.call_later(self._gone)
            return
        self.guarded(lambda: self.paint_parts(parts))

    def _gone(self) -> None:
        """The session left the project while it was shown."""
        if self.is_current and len(self.app.screen_stack) > 2:
            self.app.pop_screen()
            self.host.tell("The session that was open is no longer in the project.", "warn")

    def paint_parts(self, parts: Part) -> None:
        """Repaint."""
        raise NotImplementedError

    def refresh_bars(self) -> None:
        """Header and key bar, with the next repaint."""
        self.paint(Part.BARS)

    def refresh_all(self) -> None:
        """Everything anew."""
        self.signs = ClassSigns(self.host.project)
        self.paint(EVERYTHING)

    def show_change(self, touched: Touched) -> None:
        """Repaint what a change touched."""
        if touched.classes:
            self.signs = ClassSigns(self.host.project)
        if touched.classes or self.session_id in touched.sessions:
            self.paint(Part.LABELS)
        else:
            self.paint(Part.BARS)

    def say(self, text: str, style: str = "", right: Row | None = None) -> None:
        """Put a sentence in the status row until the cursor moves."""
        self.said = (text, style, right or [])
        self.paint(Part.BARS)

    # Asking: the prompt takes the status row's place, so that nothing else moves

    def question_opens(self) -> None:
        """The status row gives its place to the question."""
        self.query_one("#status").add_class("-asking")

    def on_prompt_submitted(self, event: Prompt.Submitted) -> None:
        """Bring the status row back and hand the text on."""
        self._answered()
        super().on_prompt_submitted(event)

    def on_prompt_cancelled(self, _: Prompt.Cancelled) -> None:
        """Bring the status row back."""
        self._answered()

    def _answered(self) -> None:
        if not self.query_one("#prompt", Prompt).asking:
            self.query_one("#status").remove_class("-asking")

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
        selection = self.place.selection
        return replace(
            base,
            read_only=base.read_only or (COMING if self.labels_coming else closed),
            targets=1,
            ticked=len(self.ticked()),
            label=self.meant() is not None,
            near=self.near() is not None or count > 0,
            labels=1 if self.labels_coming else count,
            selection=bool(selection and selection[1] > selection[0]),
            clipboard=self.copied is not None,
            tracks=len(self.track_names),
            channels=len(self.signal.names) if self.signal else 0,
            comparing=bool(self.compared),
            score=self.scored,
            unconfirmed=self.host.store.unconfirmed(self.session),
        )

    @property
    def scored(self) -> bool:
        """Whether a model has scored the session."""
        return False

    def ticked(self) -> list[str]:
        """The ids of the sessions that are ticked in the list."""
        return [sid for sid in self.host.view.ticked if sid in self.host.project]
