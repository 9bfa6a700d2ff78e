"""The viewer: one session's signals and labels, moved through and labelled by keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult

from labelloop.commands.command import Context, Group
from labelloop.screens.shared.project_screen import ProjectScreen
from labelloop.screens.viewer.edges import Edges
from labelloop.screens.viewer.edits import Edits
from labelloop.screens.viewer.moves import Moves
from labelloop.screens.viewer.opener import Opener
from labelloop.screens.viewer.painting import Painter, lanes
from labelloop.screens.viewer.pane import EVERYTHING, Paint, SessionPane
from labelloop.screens.viewer.play import Play
from labelloop.screens.viewer.tracks import Tracks
from labelloop.screens.viewer.walk import Walk, show_done
from labelloop.services.labels.history import Reversed


class ViewerScreen(ProjectScreen):
    """One session, and the way to its neighbours in the list."""

    GROUP: ClassVar[Group] = Group.VIEWER
    AUTO_FOCUS = ""  # every key is the screen's own

    def __init__(self, session_id: str, session_ids: Sequence[str] = ()) -> None:
        super().__init__()
        self.pane = self.body = pane = SessionPane(self, session_id, session_ids)
        self.opener = Opener(pane)
        self.moves = Moves(pane)
        self.edits = Edits(pane, Edges(pane))
        self.play = Play(pane, self.edits, self.moves)
        self.opener.leaving = self.play.stop
        self._wanted: tuple[float, float] | None = None
        pane.painter = Painter(pane, self.opener).paint
        self.use(self.moves, self.edits, self.edits.edges, self.play)
        self.use(Tracks(pane, self.opener), Walk(pane, self.opener, self.moves))

    def compose_body(self) -> ComposeResult:
        """Overview, ruler, channels, score, labels."""
        yield from lanes()

    def first_show(self) -> None:
        """Open the session, at a stretch if one was asked for."""
        self.opener.open(self.pane.session_id)
        if self._wanted is not None:
            self.go_to(*self._wanted)

    def go_to(self, start: float, end: float) -> None:
        """Bring a stretch into view, the cursor at its start; also before the screen is shown."""
        self._wanted = None if self.is_mounted else (start, end)
        if self.is_mounted:
            self.moves.bring(start, end)

    def on_resize(self, _: events.Resize) -> None:
        """Draw for the new size when the lanes have theirs."""
        self.call_after_refresh(self.pane.paint, EVERYTHING)

    def context(self) -> Context:
        """The facts of this moment."""
        return self.pane.context()

    def escape(self) -> bool:
        """Leave playback, then the mark, then the comparison."""
        pane = self.pane
        if self.play.playing:
            self.play.stop()
        elif pane.view.mark is not None:
            pane.view = pane.view.marked(None)
        elif pane.compared:
            pane.compared = ""
        else:
            return False
        pane.report("")
        pane.paint(Paint.LABELS)
        return True

    def leave(self) -> None:
        """Remember the place, save what was edited."""
        self.opener.leave()

    def bring_into_view(self, done: Reversed) -> None:
        """Show the labels that an undo or redo touched, in their session."""
        show_done(self.pane, self.opener, self.moves, done)
