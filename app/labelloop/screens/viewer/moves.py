"""Moving through a session: columns, screens, events, edges, unlabelled stretches, typed times, zoom."""

from __future__ import annotations

from labelloop.labeling import walk
from labelloop.project.labels import Label
from labelloop.screens.viewer.base import COMING, Part, ViewerBase
from labelloop.screens.viewer.drawing import moment
from labelloop.screens.viewer.typed import parse_time


class ViewerMoves(ViewerBase):
    """Commands that move the cursor and the view."""

    def step(self, columns: int) -> None:
        """The cursor by columns, never by less than a sample."""
        smallest = max(1, round(self.sample_s / self.column_s)) if self.column_s < self.sample_s else 1
        if columns:
            self.show_view(self.place.step(columns * smallest, self.columns))

    def go(self, time: float | None, otherwise: str = "") -> None:
        """The cursor to a time, or say why not."""
        if time is None:
            self.say(COMING if self.labels_coming else otherwise)
        else:
            self.show_view(self.place.at(time))

    def go_to_label(self, label: Label | None, otherwise: str) -> None:
        """The cursor to a label's start; the label is the meant one and its end in view if it can be."""
        if label is None:
            self.say(COMING if self.labels_coming else otherwise)
            return
        view = self.place.at(label.start)
        if label.end > view.end and label.length < view.shown * 0.8:
            view = view.window(label.start - view.shown * 0.1, view.shown)
        self.show_view(view)
        self.pick(label)
        self.paint(Part.CURSOR)

    def do_viewer_left(self, _: str) -> None:
        """One column left."""
        self.step(-1)

    def do_viewer_right(self, _: str) -> None:
        """One column right."""
        self.step(1)

    def do_viewer_tenth_left(self, _: str) -> None:
        """A tenth of a screen left."""
        self.step(-max(1, self.columns // 10))

    def do_viewer_tenth_right(self, _: str) -> None:
        """A tenth of a screen right."""
        self.step(max(1, self.columns // 10))

    def do_viewer_page_left(self, _: str) -> None:
        """A screen left."""
        self.show_view(self.place.page(-1))

    def do_viewer_page_right(self, _: str) -> None:
        """A screen right."""
        self.show_view(self.place.page(1))

    def do_viewer_start(self, _: str) -> None:
        """To the session's start."""
        self.go(self.place.first)

    def do_viewer_end(self, _: str) -> None:
        """To the session's end."""
        self.go(self.place.last)

    def do_viewer_next(self, _: str) -> None:
        """To the next event."""
        self.go_to_label(self.track.next_after(self.place.cursor), "There is no event after this one.")

    def do_viewer_previous(self, _: str) -> None:
        """To the event before."""
        self.go_to_label(self.track.last_before(self.place.cursor), "There is no event before this one.")

    def do_viewer_next_edge(self, _: str) -> None:
        """To the next edge."""
        self.go(walk.next_edge(self.track, self.place.cursor), "There is no edge after this one.")

    def do_viewer_previous_edge(self, _: str) -> None:
        """To the edge before."""
        self.go(walk.previous_edge(self.track, self.place.cursor), "There is no edge before this one.")

    def do_viewer_next_gap(self, _: str) -> None:
        """To the next unlabelled stretch."""
        gap = walk.next_gap(self.track, self.place.cursor, self.ends, 2 * self.sample_s)
        self.go(gap.start if gap else None, "No unlabelled stretch follows.")

    def do_viewer_previous_gap(self, _: str) -> None:
        """To the unlabelled stretch before."""
        gap = walk.previous_gap(self.track, self.place.cursor, self.ends, 2 * self.sample_s)
        self.go(gap.start if gap else None, "There is no unlabelled stretch before this one.")

    def do_viewer_go(self, _: str) -> None:
        """Ask for a time."""

        def move(text: str) -> None:
            if text.strip():
                time = parse_time(text, self.place.cursor, self.place.first)
                self.show_view(self.place.at(time))
                if not self.place.first <= time <= self.place.last:
                    self.say(
                        f"The session goes from {moment(self.place.first)} to {moment(self.place.last)}."
                    )

        hint = f"12.5, 1:23.4, +5, -3; from {moment(self.place.first)} to {moment(self.place.last)}"
        self.ask("go", " go to", move, "", hint)

    def do_viewer_zoom_in(self, _: str) -> None:
        """Half the time."""
        self.show_view(self.place.zoom(2))

    def do_viewer_zoom_out(self, _: str) -> None:
        """Twice the time."""
        self.show_view(self.place.zoom(0.5))

    def do_viewer_zoom_selection(self, _: str) -> None:
        """The marked stretch on the screen."""
        selection = self.place.selection
        if selection:
            self.show_view(self.place.show(*selection))

    def do_viewer_fit(self, _: str) -> None:
        """The whole session on the screen."""
        self.show_view(self.place.fit())
