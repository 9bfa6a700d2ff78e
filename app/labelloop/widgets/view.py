"""What part of a session is on the screen: a frozen value and the moves on it, free of widgets."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class View:
    """The shown stretch ``[start, end)`` in seconds, the cursor, and where a marked stretch began.

    ``first`` and ``last`` are the session's own first and last time; ``smallest`` is the shortest stretch
    that makes sense to show (a few samples).
    """

    start: float
    end: float
    cursor: float
    first: float
    last: float
    mark: float | None = None
    smallest: float = 0.01

    @classmethod
    def of_session(cls, first: float, last: float, shown: float, rate_hz: float = 0.0) -> View:
        """The beginning of a session, ``shown`` seconds of it."""
        smallest = 8 / rate_hz if rate_hz > 0 else 1e-3
        last = last if last > first else first + smallest
        view = cls(first, last, first, first, last, smallest=min(smallest, last - first))
        return view.window(first, min(max(shown, view.smallest), view.whole))

    @property
    def shown(self) -> float:
        """Seconds on the screen."""
        return self.end - self.start

    @property
    def whole(self) -> float:
        """Seconds in the session, with a little room behind the last sample so that it can be seen."""
        return self.last - self.first + self.smallest / 8

    @property
    def selection(self) -> tuple[float, float] | None:
        """The marked stretch, whichever way it was marked."""
        if self.mark is None:
            return None
        return min(self.mark, self.cursor), max(self.mark, self.cursor)

    def seconds(self, columns: int) -> float:
        """The time that one of ``columns`` takes."""
        return self.shown / max(1, columns)

    def column(self, time: float, columns: int) -> int:
        """The column that shows a time; outside 0 to ``columns`` when the view does not show it."""
        at = (time - self.start) / self.shown * columns
        return math.floor(min(max(at, -1e6), 1e6) + 1e-6)

    def time(self, column: int, columns: int) -> float:
        """The time at a column's left edge."""
        return self.start + column * self.seconds(columns)

    def window(self, start: float, shown: float) -> View:
        """Show ``shown`` seconds from ``start`` on, kept within the session."""
        shown = min(max(shown, self.smallest), self.whole)
        start = min(max(start, self.first), self.first + self.whole - shown)
        return replace(self, start=start, end=start + shown)

    def at(self, time: float) -> View:
        """The cursor at a time; the view follows by half a screen, or centres on what is far away."""
        time = min(max(time, self.first), self.last)
        view = replace(self, cursor=time)
        if self.start <= time < self.end:
            return view
        half = self.shown / 2
        if self.end <= time < self.end + half:
            return view.window(self.start + half, self.shown)
        if self.start - half <= time < self.start:
            return view.window(self.start - half, self.shown)
        return view.window(time - half, self.shown)

    def step(self, amount: int, columns: int) -> View:
        """The cursor moved by whole columns, counted from the column it is in."""
        column = self.column(self.cursor, columns) + amount
        moved = self.at(self.time(column, columns))
        if moved.cursor == self.cursor and amount > 0:
            return self.at(self.last)
        return moved

    def page(self, screens: float) -> View:
        """The view and the cursor moved by a part of a screen."""
        shift = self.shown * screens
        moved = replace(self, cursor=min(max(self.cursor + shift, self.first), self.last))
        return moved.window(self.start + shift, self.shown)

    def zoom(self, factor: float) -> View:
        """``factor`` times as much detail about the cursor, which stays in its column."""
        shown = min(max(self.shown / factor, self.smallest), self.whole)
        share = min(max((self.cursor - self.start) / self.shown, 0.0), 1.0)
        return self.window(self.cursor - share * shown, shown)

    def show(self, start: float, end: float, margin: float = 0.1) -> View:
        """A stretch brought into view with some room about it, the cursor at its start."""
        room = (end - start) * margin
        view = self.window(start - room, max(end - start + 2 * room, self.smallest))
        return replace(view, cursor=min(max(start, self.first), self.last))

    def fit(self) -> View:
        """The whole session."""
        return self.window(self.first, self.whole)

    def marked(self, mark: float | None) -> View:
        """With another beginning of the marked stretch, or none."""
        return replace(self, mark=mark)
