"""Playback: the cursor runs through the session, and a class's key starts and ends a label."""

from __future__ import annotations

import time

from textual.timer import Timer

from labelloop.errors import printable
from labelloop.screens.viewer.edits import ViewerEdits
from labelloop.services.labels.classes import class_for_key

_TICK_S = 0.1
_SPEEDS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)


class ViewerPlay(ViewerEdits):
    """Commands of playback. While it plays, + and - change its speed."""

    _player: Timer | None = None
    _speed = 1.0
    _last_tick = 0.0
    _open_class = ""

    @property
    def playing(self) -> bool:
        """Whether the cursor runs."""
        return self._player is not None

    def do_viewer_play(self, _: str) -> None:
        """Start or stop; at the end start over."""
        if self.playing:
            self.stop_playing()
            return
        if self.place.cursor >= self.place.last:
            self.show_view(self.place.at(self.place.first))
        self.show_view(self.place.marked(None))
        self._last_tick = time.monotonic()
        self._player = self.set_interval(_TICK_S, self._tick)
        self._tell_speed()

    def stop_playing(self) -> None:
        """Stop; a label that was begun stays marked, so that a class's key still makes it."""
        if self._player is not None:
            self._player.stop()
            self._player = None
            self._open_class = ""
            self.say("Stopped.")

    def _tell_speed(self) -> None:
        begun = f"{printable(self._open_class)} since its start, " if self._open_class else ""
        text = (
            f"playing {begun}{self._speed:g} times as fast; + - speed, P stops, a class's key starts and ends"
        )
        self.say(text, "accent")

    def _tick(self) -> None:
        """The cursor where it should be by now, however long the last repaint took."""
        now = time.monotonic()
        at = self.place.cursor + (now - self._last_tick) * self._speed
        self._last_tick = now
        said = self.said
        self.show_view(self.place.at(at))
        self.said = said
        if at >= self.place.last:
            self.stop_playing()

    def do_viewer_class(self, key: str) -> None:
        """While it plays start or end a label, else as ever."""
        if not self.playing:
            super().do_viewer_class(key)
            return
        name = class_for_key(self.host.store, key)
        if name is None:
            self.say(f"No class has the key {key}.", "warn")
            return
        begun, selection = self._open_class, self.place.selection
        if begun and selection and selection[1] > selection[0]:
            self._open_class = ""
            self.label_stretch(*selection, begun)
            if name == begun:
                return
        self._open_class = name
        self.place = self.place.marked(self.place.cursor)
        self._tell_speed()

    def faster(self, way: int) -> None:
        """The next speed up or down."""
        here = min(range(len(_SPEEDS)), key=lambda i: abs(_SPEEDS[i] - self._speed))
        self._speed = _SPEEDS[min(max(here + way, 0), len(_SPEEDS) - 1)]
        self._tell_speed()
