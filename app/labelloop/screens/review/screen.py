"""Review: unconfirmed labels over all sessions, the likeliest to be wrong first, each in its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual import events
from textual.app import ComposeResult

from labelloop.commands.command import Context, Group
from labelloop.screens.review.edges import ItemEdges
from labelloop.screens.review.judging import Judging
from labelloop.screens.review.subject import ReviewSubject
from labelloop.screens.shared.parts import Commands
from labelloop.screens.shared.project_screen import ProjectScreen
from labelloop.screens.viewer.edges import Edges
from labelloop.screens.viewer.moves import Moves
from labelloop.screens.viewer.opener import Opener
from labelloop.screens.viewer.painting import Painter, lanes
from labelloop.screens.viewer.pane import EVERYTHING, SessionPane
from labelloop.screens.viewer.walk import show_done
from labelloop.services.labels.history import Reversed
from labelloop.services.review.queue import Item

PASSIVE = frozenset({"help", "palette", "glyphs", "escape"})  # commands that are no keys of the work


class ReviewScreen(ProjectScreen):
    """The queue over some sessions."""

    GROUP: ClassVar[Group] = Group.REVIEW
    AUTO_FOCUS = ""  # every key is the screen's own

    def __init__(self, session_ids: Sequence[str]) -> None:
        super().__init__()
        self.pane = self.body = pane = SessionPane(self, session_ids[0], session_ids)
        self.opener = Opener(pane)
        self.moves = Moves(pane)
        self.judging = Judging(pane, self.opener)
        self.subject = ReviewSubject(self.judging)
        pane.painter = Painter(pane, self.opener, self.subject).paint
        self.use(self.judging, ItemEdges(pane, self.judging, Edges(pane)))

    def compose_body(self) -> ComposeResult:
        """Overview, ruler, channels, score, labels."""
        yield from lanes()

    def first_show(self) -> None:
        """Make the queue and show its first item."""
        self.judging.begin()

    @property
    def item(self) -> Item | None:
        """What is to be looked at."""
        return self.judging.item

    def on_resize(self, _: events.Resize) -> None:
        """Draw for the new size when the lanes have theirs."""
        self.call_after_refresh(self.pane.paint, EVERYTHING)

    def context(self) -> Context:
        """Whether there is something to judge."""
        base = self.pane.context()
        undo = base.undo or ("a place without a label" if self.judging.can_undo_dismissal else "")
        return replace(base, unconfirmed=int(self.item is not None), step=self.judging.queue.at, undo=undo)

    def action_command(self, command_id: str, key: str) -> None:
        """Count the key, then run the command."""
        self.subject.keys += command_id not in PASSIVE
        super().action_command(command_id, key)

    def undo_judgement(self, key: str) -> None:
        """The last judgement back, also one that changed nothing in the project."""
        if not self.judging.undo_dismissal():
            self.undo(key)

    def left(self, key: str) -> None:
        """One column left."""
        self.moves.left(key)

    def right(self, key: str) -> None:
        """One column right."""
        self.moves.right(key)

    def bring_into_view(self, done: Reversed) -> None:
        """The item that was judged is open again."""
        if not self.judging.reopen(done):
            show_done(self.pane, self.opener, self.moves, done)

    def leave(self) -> None:
        """Remember the place, save what was edited."""
        self.opener.leave()

    ACTIONS: ClassVar[Commands] = {
        "undo": undo_judgement,
        "review.left": left,
        "review.right": right,
    }
