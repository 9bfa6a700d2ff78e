"""Opening a session in a pane: recording and labels are read in the background, its place is remembered."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from platformdirs import user_cache_path
from textual.timer import Timer

from labelloop.errors import UserError
from labelloop.jobs.scores import latest_scores
from labelloop.project.session import Session
from labelloop.screens.viewer.pane import EVERYTHING, SessionPane
from labelloop.storage.reading import Reading
from labelloop.storage.signals import SignalStore
from labelloop.storage.store import TrackRead
from labelloop.widgets.view import View

_POLL_S = 0.15
_SHOWN_S = 10.0  # a session opens with at least this much on the screen
_SHOWN_SAMPLES = 8  # ... and at least so many samples a column
_REMEMBERED = 2000  # sessions whose place is kept


class Opener:
    """Opens sessions in a pane. ``leaving`` is called before the one that is open is left."""

    def __init__(self, pane: SessionPane, leaving: Callable[[], None] = lambda: None) -> None:
        self.pane = pane
        self.leaving = leaving
        self._reading: Reading | None = None
        self._timer: Timer | None = None

    def open(self, session_id: str, at: float | None = None) -> None:
        """Show a session where the user left it, or at a time."""
        pane = self.pane
        self.leaving()
        self.keep_place()
        pane.session_id = session_id
        pane.signal, pane.compared, pane.top_lane = None, "", 0
        pane.pick(None)
        pane.said = ("", "", [])
        pane.host.store.reread_track(session_id, pane.track_name)
        pane.scores = latest_scores(pane.host.store.layout.cache, session_id)
        self._read()
        self.read_labels()
        pane.view = self._remembered()
        if at is not None:
            pane.view = pane.view.at(at)
        pane.paint(EVERYTHING)
        try:
            len(pane.track)
        except UserError as error:
            pane.report(str(error), "error")

    # The recording

    @property
    def waiting(self) -> bool:
        """Whether the recording is still being read."""
        return self._reading is not None and not self._reading.finished

    def _read(self) -> None:
        """Open the cached samples, or have them read by a process of its own."""
        self._stop_timer()
        try:
            source = self.pane.host.store.inside(self.pane.session.data_file, "a recording")
        except UserError as error:
            self.pane.report(str(error), "error")
            return
        self._follow(Reading(self.pane.host.signals, source))

    def _follow(self, reading: Reading) -> None:
        self._reading = reading
        self._take_signal()
        if self.waiting:
            self._timer = self.pane.screen.set_interval(_POLL_S, self._poll)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _poll(self) -> None:
        if self._reading is not None and self._reading.poll():
            self._take_signal()
            self.pane.paint(EVERYTHING)

    def _take_signal(self) -> None:
        reading, pane = self._reading, self.pane
        assert reading is not None
        pane.signal = reading.signal
        if not reading.finished:
            return
        self._stop_timer()
        if reading.no_cache:
            self._read_elsewhere(reading)
        elif reading.error:
            pane.report(reading.error, "error")
        elif pane.signal is not None and pane.signal.warnings:
            pane.report(pane.signal.warnings[0], "warn")

    def _read_elsewhere(self, reading: Reading) -> None:
        """The project's folder can't hold a cache: use the user's own."""
        folder = user_cache_path("labelloop", appauthor=False) / "signals"
        if reading.store.folder == folder:
            self.pane.report(reading.error, "error")
            return
        self._follow(Reading(SignalStore(folder), reading.source))

    # The labels

    def read_labels(self) -> None:
        """Have a long label file read in the background; the signal is on the screen meanwhile."""
        pane = self.pane
        pane.coming = None
        if pane.host.store.is_large(pane.session, pane.track_name):
            pane.coming = (pane.session_id, pane.track_name)
            read = partial(self._read_track, pane.session, pane.track_name)
            pane.screen.run_worker(read, thread=True, exclusive=True, group="labels", exit_on_error=False)

    def _read_track(self, session: Session, track: str) -> None:
        try:
            read: TrackRead | UserError = self.pane.host.store.read_apart(session, track)
        except UserError as error:
            read = error
        self.pane.screen.app.call_from_thread(self._labels_read, session, track, read)

    def _labels_read(self, session: Session, track: str, read: TrackRead | UserError) -> None:
        pane = self.pane
        if isinstance(read, TrackRead):
            pane.host.store.take_in(session.id, read)
        if pane.coming != (session.id, track) or not pane.screen.is_attached:
            return
        pane.coming = None
        if isinstance(read, UserError):
            pane.report(str(read), "error")
        pane.host.forget_step()
        pane.paint(EVERYTHING)

    # Where the user was

    def _remembered(self) -> View:
        session, signal = self.pane.session, self.pane.signal
        first, last = session.start_s, session.end_s
        if signal is not None and signal.complete:
            first, last = signal.first_s, signal.last_s
        rate = session.rate_hz or (signal.rate_hz if signal else 0.0)
        shown = max(_SHOWN_S, self.pane.columns * _SHOWN_SAMPLES / rate if rate > 0 else 0.0)
        view = View.of_session(first, last, shown, rate)
        place = self.pane.host.view.places.get(session.path)
        if not isinstance(place, list) or len(place) != 3:
            return view
        try:
            start, end, cursor = (float(value) for value in place)
            view = view.window(start, end - start)
            return view.at(cursor) if view.start <= cursor < view.end else view.at(view.start)
        except (TypeError, ValueError):
            return view

    def keep_place(self) -> None:
        """Remember view and cursor of the open session."""
        pane = self.pane
        session = pane.host.project.state.sessions.get(pane.session_id)
        if session is None or not pane.screen.is_attached or self._reading is None:
            return
        places = pane.host.view.places
        places.pop(session.path, None)
        places[session.path] = [pane.view.start, pane.view.end, pane.view.cursor]
        while len(places) > _REMEMBERED:
            places.pop(next(iter(places)))

    def leave(self) -> None:
        """Remember the place, save what was edited."""
        pane = self.pane
        self.leaving()
        self.keep_place()
        pane.host.view.cursor = pane.session.path if pane.session_id in pane.host.project else ""
        pane.host.autosave()
