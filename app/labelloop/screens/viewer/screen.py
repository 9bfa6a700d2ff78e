"""The viewer: one session's signals and labels, moved through and labelled by keys."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events, work
from textual.app import ComposeResult
from textual.timer import Timer

from labelloop.errors import UserError, printable
from labelloop.jobs.scores import latest_scores
from labelloop.project.changes import primitives
from labelloop.project.label_changes import EditLabels
from labelloop.project.session import Session
from labelloop.rendering.format import plural
from labelloop.screens import routes
from labelloop.screens.viewer.base import EVERYTHING, Part
from labelloop.screens.viewer.moves import ViewerMoves
from labelloop.screens.viewer.play import ViewerPlay
from labelloop.screens.viewer.tracks import ViewerTracks
from labelloop.services.labels.history import Reversed
from labelloop.storage.reading import Reading
from labelloop.storage.signals import SignalStore
from labelloop.storage.store import TrackRead
from labelloop.widgets.lanes import ChannelLanes, LabelLanes, OverviewLane, RulerRows, ScoreLane
from labelloop.widgets.view import View

_POLL_S = 0.15
_SHOWN_S = 10.0  # a session opens with at least this much on the screen
_SHOWN_SAMPLES = 8  # ... and at least so many samples a column
_REMEMBERED = 2000  # sessions whose place is kept


class ViewerScreen(ViewerTracks, ViewerPlay, ViewerMoves):
    """One session, and the way to its neighbours in the list."""

    def __init__(self, session_id: str, session_ids: Sequence[str] = ()) -> None:
        super().__init__(session_id, list(session_ids))
        self._reading: Reading | None = None
        self._timer: Timer | None = None
        self._wanted: tuple[float, float] | None = None

    def compose_body(self) -> ComposeResult:
        """Overview, ruler, channels, score, labels."""
        yield OverviewLane(id="overview")
        yield RulerRows(id="ruler")
        yield ChannelLanes(id="channels")
        yield ScoreLane(id="score")
        yield LabelLanes(id="labels")

    def first_show(self) -> None:
        """Open the session, at a stretch if one was asked for."""
        self.open_session(self.session_id)
        if self._wanted is not None:
            self.go_to(*self._wanted)

    def go_to(self, start: float, end: float) -> None:
        """Bring a stretch into view, the cursor at its start; also before the screen is shown."""
        self._wanted = None if self.is_mounted else (start, end)
        if self.is_mounted:
            self._bring(start, end)

    def _bring(self, start: float, end: float) -> None:
        view = self.place
        if not (view.start <= start and end <= view.end):
            room = view if end - start < view.shown else view.show(start, end)
            view = room.window((start + end - room.shown) / 2, room.shown)
        self.show_view(view.at(start))

    def on_resize(self, _: events.Resize) -> None:
        """Draw for the new size when the lanes have theirs."""
        self.call_after_refresh(self.paint, EVERYTHING)

    def on_screen_resume(self) -> None:
        """Catch up with what changed meanwhile."""
        super().on_screen_resume()
        self.paint(EVERYTHING)

    # Opening a session

    def open_session(self, session_id: str, at: float | None = None) -> None:
        """Show a session where the person left it, or at a time."""
        self.stop_playing()
        self.keep_place()
        self.session_id = session_id
        self.signal, self.compared, self.top_lane = None, "", 0
        self.pick(None)
        self.said = ("", "", [])
        self.host.store.reread_track(session_id, self.track_name)
        self.scores = latest_scores(self.host.store.layout.cache, session_id)
        self._read()
        self.read_labels()
        self.place = self._remembered()
        if at is not None:
            self.place = self.place.at(at)
        self.paint(EVERYTHING)
        try:
            len(self.track)
        except UserError as error:
            self.say(str(error), "error")

    def _read(self) -> None:
        """Open the cached samples, or have them read by a process of its own."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        try:
            source = self.host.store.inside(self.session.data_file, "a recording")
        except UserError as error:
            self.say(str(error), "error")
            return
        self._reading = Reading(self.host.signals, source)
        self._take_signal()
        if not self._reading.finished:
            self._timer = self.set_interval(_POLL_S, self._poll)

    def read_labels(self) -> None:
        """Have a long label file read in the background; the signal is on the screen meanwhile."""
        self._coming = None
        if self.host.store.is_large(self.session, self.track_name):
            self._coming = (self.session_id, self.track_name)
            self._read_track(self.session, self.track_name)

    @work(thread=True, exclusive=True, group="labels", exit_on_error=False)
    def _read_track(self, session: Session, track: str) -> None:
        try:
            read: TrackRead | UserError = self.host.store.read_apart(session, track)
        except UserError as error:
            read = error
        self.app.call_from_thread(self._labels_read, session, track, read)

    def _labels_read(self, session: Session, track: str, read: TrackRead | UserError) -> None:
        if isinstance(read, TrackRead):
            self.host.store.take_in(session.id, read)
        if self._coming != (session.id, track) or not self.is_attached:
            return
        self._coming = None
        if isinstance(read, UserError):
            self.say(str(read), "error")
        self.host.forget_step()
        self.paint(EVERYTHING)

    def _poll(self) -> None:
        if self._reading is not None and self._reading.poll():
            self._take_signal()
            self.paint(EVERYTHING)

    def _take_signal(self) -> None:
        reading = self._reading
        assert reading is not None
        self.signal = reading.signal
        if not reading.finished:
            return
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if reading.no_cache:
            self._read_elsewhere(reading)
        elif reading.error:
            self.say(reading.error, "error")
        elif self.signal is not None and self.signal.warnings:
            self.say(self.signal.warnings[0], "warn")

    def _read_elsewhere(self, reading: Reading) -> None:
        """The project's folder can't hold a cache: use the person's own."""
        from platformdirs import user_cache_path

        folder = user_cache_path("labelloop", appauthor=False) / "signals"
        if reading.store.folder == folder:
            self.say(reading.error, "error")
            return
        self._reading = Reading(SignalStore(folder), reading.source)
        self._take_signal()
        if not self._reading.finished:
            self._timer = self.set_interval(_POLL_S, self._poll)

    @property
    def waiting(self) -> bool:
        """Whether the recording is still being read."""
        return self._reading is not None and not self._reading.finished

    # Where the person was

    def _remembered(self) -> View:
        session = self.session
        first, last = session.start_s, session.end_s
        if self.signal is not None and self.signal.complete:
            first, last = self.signal.first_s, self.signal.last_s
        rate = session.rate_hz or (self.signal.rate_hz if self.signal else 0.0)
        shown = max(_SHOWN_S, self.columns * _SHOWN_SAMPLES / rate if rate > 0 else 0.0)
        view = View.of_session(first, last, shown, rate)
        place = self.host.view.places.get(session.path)
        if not isinstance(place, list) or len(place) != 3:
            return view
        try:
            start, end, cursor = (float(value) for value in place)
            view = view.window(start, end - start)
            return view.at(cursor) if view.start <= cursor < view.end else view.at(view.start)
        except (TypeError, ValueError):
            return view

    def keep_place(self) -> None:
        """Remember view and cursor of this session."""
        session = self.host.project.state.sessions.get(self.session_id)
        if session is None or not self.is_attached or self._reading is None:
            return
        places = self.host.view.places
        places.pop(session.path, None)
        places[session.path] = [self.place.start, self.place.end, self.place.cursor]
        while len(places) > _REMEMBERED:
            places.pop(next(iter(places)))

    def leave(self) -> None:
        """Remember the place, save what was edited."""
        self.stop_playing()
        self.keep_place()
        self.host.view.cursor = self.session.path if self.session_id in self.host.project else ""
        self.host.autosave()

    def escape(self) -> bool:
        """Leave playback, then the mark, then the comparison."""
        if self.playing:
            self.stop_playing()
        elif self.place.mark is not None:
            self.place = self.place.marked(None)
        elif self.compared:
            self.compared = ""
        else:
            return False
        self.say("")
        self.paint(Part.LABELS)
        return True

    # Keys that mean another thing while it plays

    def do_viewer_zoom_in(self, key: str) -> None:
        """Half the time; faster while it plays."""
        if self.playing:
            self.faster(1)
        else:
            super().do_viewer_zoom_in(key)

    def do_viewer_zoom_out(self, key: str) -> None:
        """Twice the time; slower while it plays."""
        if self.playing:
            self.faster(-1)
        else:
            super().do_viewer_zoom_out(key)

    # Other sessions

    def _neighbour(self, way: int) -> None:
        ids = [sid for sid in self.order if sid in self.host.project]
        here = ids.index(self.session_id) if self.session_id in ids else 0
        rest = ids[here + 1 :] if way > 0 else ids[:here][::-1]
        usable = (sid for sid in rest if not self.host.project.session(sid).broken)
        following = next(usable, None)
        if following is None:
            self.say("This is the last session." if way > 0 else "This is the first session.")
            return
        self.open_session(following)
        self.host.autosave()

    def do_viewer_next_session(self, _: str) -> None:
        """The next session of the list."""
        self._neighbour(1)

    def do_viewer_previous_session(self, _: str) -> None:
        """The session before."""
        self._neighbour(-1)

    def do_viewer_generate(self, _: str) -> None:
        """The wizard for this session."""
        self.app.push_screen(routes.screen("generate", [self.session_id]))

    def do_viewer_queue(self, _: str) -> None:
        """The review queue over this session."""
        self.app.push_screen(routes.screen("review", [self.session_id]))

    def do_viewer_score(self, _: str) -> None:
        """Show or hide the model's score."""
        self.host.view.hide_score = not self.host.view.hide_score
        self.paint(EVERYTHING)

    def do_viewer_review(self, _: str) -> None:
        """To the next label that nobody confirmed, here or in a later session."""
        cursor = self.place.cursor
        here = self.track.unsure()
        following = next((x for x in here if x.start > cursor), None)
        if following is not None:
            self.go_to_label(following, "")
            self.say(f"{plural(len(here), 'label')} here to confirm: a confirms, x deletes, a digit changes.")
            return
        ids = [sid for sid in self.order if sid in self.host.project]
        start = ids.index(self.session_id) + 1 if self.session_id in ids else 0
        for sid in [*ids[start:], *ids[:start]]:
            session = self.host.project.session(sid)
            if not session.broken and self.host.store.unconfirmed(session):
                if sid != self.session_id:
                    self.open_session(sid)
                label = self.host.project.track(sid).unsure()[0]
                self.go_to_label(label, "")
                self.say(f"{printable(session.name)}: a confirms, x deletes, a digit changes the class.")
                return
        self.say("Every label is confirmed.")

    def bring_into_view(self, done: Reversed) -> None:
        """Show the labels that an undo or redo touched, in their session."""
        edits = [p for p in primitives(done.last.entry.change) if isinstance(p, EditLabels)]
        own = [e for e in edits if e.session == self.session_id]
        chosen = next(iter(own or edits), None)
        if chosen is None or chosen.session not in self.host.project:
            return
        if chosen.session != self.session_id:
            self.open_session(chosen.session)
        label = next(iter(chosen.added or chosen.removed), None)
        if label is None:
            return
        self._bring(label.start, label.end)
        if label in self.track:
            self.pick(label)
