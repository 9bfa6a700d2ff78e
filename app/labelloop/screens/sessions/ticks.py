"""Ticks of the session list: one by one, ranges, all, inverted."""

from __future__ import annotations

from typing import ClassVar

from labelloop.screens.sessions.listed import Listed
from labelloop.screens.shared.parts import Commands, Part


class Ticks(Part):
    """Commands that tick rows."""

    def __init__(self, listed: Listed) -> None:
        self.listed = listed
        self.screen = listed.screen
        self.host = listed.host
        self._range: int | None = None
        self._shifted = -1  # where shift+arrow left the cursor; elsewhere its range is over
        self._before: frozenset[str] = frozenset()

    def tick(self, _: str) -> None:
        """Tick or untick and go down."""
        if self.listed.current:
            self.listed.ticked ^= {self.listed.current.id}
            self._show_ticks()
            self.listed.table.go(self.listed.table.cursor + 1)

    def range(self, _: str) -> None:
        """Begin a range, or end it."""
        if self._range is None or self._shifted >= 0:
            self._begin_range()
            self.screen.report("Move to the range's other end; v again ends it, escape too.", "accent")
        else:
            self._range = None
            self.screen.report(f"{len(self.listed.ticked)} ticked.")

    def extend(self, key: str) -> None:
        """Take the next row into the range, or the last one out of it."""
        if self._range is None or self._shifted != self.listed.table.cursor:
            self._begin_range()
        self.listed.table.go(self.listed.table.cursor + (1 if key.endswith("down") else -1))
        self._shifted = self.listed.table.cursor
        self._tick_range()

    def follow_range(self) -> None:
        """The cursor moved: a range that v began follows it, one of shift+arrow ends elsewhere."""
        if self._range is None:
            return
        if self._shifted >= 0 and self._shifted != self.listed.table.cursor:
            self._range, self._shifted = None, -1
        elif self._shifted < 0:
            self._tick_range()

    def leave(self) -> bool:
        """Leave the range, else take off the ticks; whether there was one of them."""
        if self._range is not None and self._shifted < 0:
            self._range = None
        elif self.listed.ticked:
            self._range = None
            self.listed.ticked.clear()
        else:
            return False
        return True

    def _begin_range(self) -> None:
        self._range, self._shifted = self.listed.table.cursor, -1
        self._before = frozenset(self.listed.ticked)
        self._tick_range()

    def _tick_range(self) -> None:
        low, high = sorted((self._range or 0, self.listed.table.cursor))
        self.listed.ticked = set(self._before) | {s.id for s in self.listed.shown[low : high + 1]}
        self._show_ticks()

    def _show_ticks(self) -> None:
        self.listed.table.redraw()
        self.listed.refresh_count()

    def all(self, _: str) -> None:
        """Tick all that is shown, or nothing when all of it is ticked."""
        shown = {s.id for s in self.listed.shown}
        self.listed.ticked = (
            self.listed.ticked - shown if shown <= self.listed.ticked else self.listed.ticked | shown
        )
        self._show_ticks()

    def invert(self, _: str) -> None:
        """Tick what is not ticked, of what is shown."""
        self.listed.ticked = self.listed.ticked ^ {s.id for s in self.listed.shown}
        self._show_ticks()

    COMMANDS: ClassVar[Commands] = {
        "sessions.tick": tick,
        "sessions.range": range,
        "sessions.extend": extend,
        "sessions.all": all,
        "sessions.invert": invert,
    }
