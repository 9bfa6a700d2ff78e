"""Ticks of the session list: one by one, ranges, all, inverted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labelloop.project.session import Session

if TYPE_CHECKING:
    from labelloop.screens.shared.project_screen import ProjectScreen as _Base
    from labelloop.widgets.list_table import ListTable
else:
    _Base = object


class SessionTicks(_Base):
    """Commands that tick rows; mixed into the sessions screen."""

    _shown: list[Session]
    _ticked: set[str]
    _range: int | None = None
    _shifted = -1  # where shift+arrow left the cursor; elsewhere its range is over
    _before: frozenset[str] = frozenset()

    if TYPE_CHECKING:

        @property
        def table(self) -> ListTable:
            """The list."""

        @property
        def current(self) -> Session | None:
            """The session under the cursor."""

        def refresh_count(self) -> None:
            """Say how many are ticked."""

    def do_sessions_tick(self, _: str) -> None:
        """Tick or untick and go down."""
        if self.current:
            self._ticked ^= {self.current.id}
            self._show_ticks()
            self.table.go(self.table.cursor + 1)

    def do_sessions_range(self, _: str) -> None:
        """Begin a range, or end it."""
        if self._range is None or self._shifted >= 0:
            self._begin_range()
            self.say("Move to the range's other end; v again ends it, escape too.", "accent")
        else:
            self._range = None
            self.say(f"{len(self._ticked)} ticked.")

    def do_sessions_extend(self, key: str) -> None:
        """Take the next row into the range, or the last one out of it."""
        if self._range is None or self._shifted != self.table.cursor:
            self._begin_range()
        self.table.go(self.table.cursor + (1 if key.endswith("down") else -1))
        self._shifted = self.table.cursor
        self._tick_range()

    def follow_range(self) -> None:
        """The cursor moved: a range that v began follows it, one of shift+arrow ends elsewhere."""
        if self._range is None:
            return
        if self._shifted >= 0 and self._shifted != self.table.cursor:
            self._range, self._shifted = None, -1
        elif self._shifted < 0:
            self._tick_range()

    def _begin_range(self) -> None:
        self._range, self._shifted = self.table.cursor, -1
        self._before = frozenset(self._ticked)
        self._tick_range()

    def _tick_range(self) -> None:
        low, high = sorted((self._range or 0, self.table.cursor))
        self._ticked = set(self._before) | {s.id for s in self._shown[low : high + 1]}
        self._show_ticks()

    def _show_ticks(self) -> None:
        self.table.redraw()
        self.refresh_count()

    def do_sessions_all(self, _: str) -> None:
        """Tick all that is shown, or nothing when all of it is ticked."""
        shown = {s.id for s in self._shown}
        self._ticked = self._ticked - shown if shown <= self._ticked else self._ticked | shown
        self._show_ticks()

    def do_sessions_invert(self, _: str) -> None:
        """Tick what is not ticked, of what is shown."""
        self._ticked = self._ticked ^ {s.id for s in self._shown}
        self._show_ticks()
