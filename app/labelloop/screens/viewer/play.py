"""Playback: the cursor runs through the session, and a class's key starts and ends a label."""

from __future__ import annotations

import time
from typing import ClassVar

from textual.timer import Timer

from labelloop.errors import printable
from labelloop.screens.shared.parts import Commands, Part
from labelloop.screens.viewer.edits import Edits
from labelloop.screens.viewer.moves import Moves
from labelloop.screens.viewer.pane import SessionPane

_TICK_S = 0.1
_SPEEDS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)


class Play(Part):
    """Commands of playback. While it plays, + and - change its speed."""

    def __init__(self, pane: SessionPane, edits: Edits, moves: Moves) -> None:
        self.pane = pane
        self.edits = edits
        self.moves = moves
        self._player: Timer | None = None
        self._speed = 1.0
        self._last_tick = 0.0
        self._open_class = ""
        edits.take_class = self.label_class

    @property
    def playing(self) -> bool:
        """Whether the cursor runs."""
        return self._player is not None

    def play(self, _: str) -> None:
        """Start or stop; at the end start over."""
        if self.playing:
            self.stop()
            return
        if self.pane.view.cursor >= self.pane.view.last:
            self.pane.show_view(self.pane.view.at(self.pane.view.first))
        self.pane.show_view(self.pane.view.marked(None))
        self._last_tick = time.monotonic()
        self._player = self.pane.screen.set_interval(_TICK_S, self._tick)
        self._report_speed()

    def stop(self) -> None:
        """Stop; a label that was begun stays marked, so that a class's key still makes it."""
        if self._player is not None:
            self._player.stop()
            self._player = None
            self._open_class = ""
            self.pane.report("Stopped.")

    def _report_speed(self) -> None:
        begun = f"{printable(self._open_class)} since its start, " if self._open_class else ""
        text = (
            f"playing {begun}{self._speed:g} times as fast; + - speed, P stops, a class's key starts and ends"
        )
        self.pane.report(text, "accent")

    def _tick(self) -> None:
        """The cursor where it should be by now, however long the last repaint took."""
        now = time.monotonic()
        at = self.pane.view.cursor + (now - self._last_tick) * self._speed
        self._last_tick = now
        said = self.pane.said
        self.pane.show_view(self.pane.view.at(at))
        self.pane.said = said
        if at >= self.pane.view.last:
            self.stop()

    def label_class(self, key: str) -> None:
        """While it plays start or end a label, else as ever."""
        if not self.playing:
            self.edits.label_class(key)
            return
        name = self.edits.class_of(key)
        if name is None:
            self.pane.report(f"No class has the key {key}.", "warn")
            return
        begun, selection = self._open_class, self.pane.view.selection
        if begun and selection and selection[1] > selection[0]:
            self._open_class = ""
            self.edits.label_stretch(*selection, begun)
            if name == begun:
                return
        self._open_class = name
        self.pane.view = self.pane.view.marked(self.pane.view.cursor)
        self._report_speed()

    def faster(self, way: int) -> None:
        """The next speed up or down."""
        here = min(range(len(_SPEEDS)), key=lambda i: abs(_SPEEDS[i] - self._speed))
        self._speed = _SPEEDS[min(max(here + way, 0), len(_SPEEDS) - 1)]
        self._report_speed()

    def zoom_in(self, key: str) -> None:
        """Half the time; faster while it plays."""
        if self.playing:
            self.faster(1)
        else:
            self.moves.zoom_in(key)

    def zoom_out(self, key: str) -> None:
        """Twice the time; slower while it plays."""
        if self.playing:
            self.faster(-1)
        else:
            self.moves.zoom_out(key)

    COMMANDS: ClassVar[Commands] = {
        "viewer.play": play,
        "viewer.class": label_class,
        "viewer.zoom_in": zoom_in,
        "viewer.zoom_out": zoom_out,
    }
