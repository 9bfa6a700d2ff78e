"""Moving through a session: columns, screens, events, edges, unlabelled stretches, typed times, zoom."""

from __future__ import annotations

from typing import ClassVar

from labelloop.labeling import walk
from labelloop.project.labels import Label
from labelloop.screens.shared.parts import Commands, Part
from labelloop.screens.viewer.drawing import moment
from labelloop.screens.viewer.pane import COMING, Paint, SessionPane
from labelloop.screens.viewer.typed import parse_time


class Moves(Part):
    """Commands that move the cursor and the view."""

    def __init__(self, pane: SessionPane) -> None:
        self.pane = pane

    def bring(self, start: float, end: float) -> None:
        """A stretch into view, the cursor at its start."""
        view = self.pane.view
        if not (view.start <= start and end <= view.end):
            room = view if end - start < view.shown else view.show(start, end)
            view = room.window((start + end - room.shown) / 2, room.shown)
        self.pane.show_view(view.at(start))

    def step(self, columns: int) -> None:
        """The cursor by columns, never by less than a sample."""
        smallest = (
            max(1, round(self.pane.sample_s / self.pane.column_s))
            if self.pane.column_s < self.pane.sample_s
            else 1
        )
        if columns:
            self.pane.show_view(self.pane.view.step(columns * smallest, self.pane.columns))

    def go(self, time: float | None, otherwise: str = "") -> None:
        """The cursor to a time, or say why not."""
        if time is None:
            self.pane.report(COMING if self.pane.labels_coming else otherwise)
        else:
            self.pane.show_view(self.pane.view.at(time))

    def go_to_label(self, label: Label | None, otherwise: str) -> None:
        """The cursor to a label's start; the label is the meant one and its end in view if it can be."""
        if label is None:
            self.pane.report(COMING if self.pane.labels_coming else otherwise)
            return
        view = self.pane.view.at(label.start)
        if label.end > view.end and label.length < view.shown * 0.8:
            view = view.window(label.start - view.shown * 0.1, view.shown)
        self.pane.show_view(view)
        self.pane.pick(label)
        self.pane.paint(Paint.CURSOR)

    def left(self, _: str) -> None:
        """One column left."""
        self.step(-1)

    def right(self, _: str) -> None:
        """One column right."""
        self.step(1)

    def tenth_left(self, _: str) -> None:
        """A tenth of a screen left."""
        self.step(-max(1, self.pane.columns // 10))

    def tenth_right(self, _: str) -> None:
        """A tenth of a screen right."""
        self.step(max(1, self.pane.columns // 10))

    def page_left(self, _: str) -> None:
        """A screen left."""
        self.pane.show_view(self.pane.view.page(-1))

    def page_right(self, _: str) -> None:
        """A screen right."""
        self.pane.show_view(self.pane.view.page(1))

    def to_start(self, _: str) -> None:
        """To the session's start."""
        self.go(self.pane.view.first)

    def to_end(self, _: str) -> None:
        """To the session's end."""
        self.go(self.pane.view.last)

    def next_event(self, _: str) -> None:
        """To the next event."""
        self.go_to_label(
            self.pane.track.next_after(self.pane.view.cursor), "There is no event after this one."
        )

    def previous_event(self, _: str) -> None:
        """To the event before."""
        self.go_to_label(
            self.pane.track.last_before(self.pane.view.cursor), "There is no event before this one."
        )

    def next_edge(self, _: str) -> None:
        """To the next edge."""
        self.go(walk.next_edge(self.pane.track, self.pane.view.cursor), "There is no edge after this one.")

    def previous_edge(self, _: str) -> None:
        """To the edge before."""
        self.go(
            walk.previous_edge(self.pane.track, self.pane.view.cursor), "There is no edge before this one."
        )

    def next_gap(self, _: str) -> None:
        """To the next unlabelled stretch."""
        gap = walk.next_gap(self.pane.track, self.pane.view.cursor, self.pane.ends, 2 * self.pane.sample_s)
        self.go(gap.start if gap else None, "No unlabelled stretch follows.")

    def previous_gap(self, _: str) -> None:
        """To the unlabelled stretch before."""
        gap = walk.previous_gap(
            self.pane.track, self.pane.view.cursor, self.pane.ends, 2 * self.pane.sample_s
        )
        self.go(gap.start if gap else None, "There is no unlabelled stretch before this one.")

    def go_to_time(self, _: str) -> None:
        """Ask for a time."""
        pane = self.pane

        def move(text: str) -> None:
            if text.strip():
                time = parse_time(text, pane.view.cursor, pane.view.first)
                pane.show_view(pane.view.at(time))
                if not pane.view.first <= time <= pane.view.last:
                    pane.report(f"The session goes from {moment(pane.view.first)} to {moment(pane.view.last)}.")

        hint = f"12.5, 1:23.4, +5, -3; from {moment(pane.view.first)} to {moment(pane.view.last)}"
        pane.screen.ask("go", " go to", move, "", hint)

    def zoom_in(self, _: str) -> None:
        """Half the time."""
        self.pane.show_view(self.pane.view.zoom(2))

    def zoom_out(self, _: str) -> None:
        """Twice the time."""
        self.pane.show_view(self.pane.view.zoom(0.5))

    def zoom_selection(self, _: str) -> None:
        """The marked stretch on the screen."""
        selection = self.pane.view.selection
        if selection:
            self.pane.show_view(self.pane.view.show(*selection))

    def fit(self, _: str) -> None:
        """The whole session on the screen."""
        self.pane.show_view(self.pane.view.fit())

    COMMANDS: ClassVar[Commands] = {
        "viewer.left": left,
        "viewer.right": right,
        "viewer.tenth_left": tenth_left,
        "viewer.tenth_right": tenth_right,
        "viewer.page_left": page_left,
        "viewer.page_right": page_right,
        "viewer.start": to_start,
        "viewer.end": to_end,
        "viewer.next": next_event,
        "viewer.previous": previous_event,
        "viewer.next_edge": next_edge,
        "viewer.previous_edge": previous_edge,
        "viewer.next_gap": next_gap,
        "viewer.previous_gap": previous_gap,
        "viewer.go": go_to_time,
        "viewer.zoom_selection": zoom_selection,
        "viewer.fit": fit,
    }
