"""From the open session to others: neighbours in the list, labels to confirm, the wizard, the review."""

from __future__ import annotations

from typing import ClassVar

from labelloop.errors import printable
from labelloop.project.changes import primitives
from labelloop.project.label_changes import EditLabels
from labelloop.rendering.format import plural
from labelloop.screens import routes
from labelloop.screens.shared.parts import Commands, Part
from labelloop.screens.viewer.moves import Moves
from labelloop.screens.viewer.opener import Opener
from labelloop.screens.viewer.pane import EVERYTHING, SessionPane
from labelloop.services.labels.history import Reversed


class Walk(Part):
    """Commands that lead to another session or screen."""

    def __init__(self, pane: SessionPane, opener: Opener, moves: Moves) -> None:
        self.pane = pane
        self.opener = opener
        self.moves = moves

    def _neighbour(self, way: int) -> None:
        pane = self.pane
        ids = [sid for sid in pane.order if sid in pane.host.project]
        here = ids.index(pane.session_id) if pane.session_id in ids else 0
        rest = ids[here + 1 :] if way > 0 else ids[:here][::-1]
        usable = (sid for sid in rest if not pane.host.project.session(sid).broken)
        following = next(usable, None)
        if following is None:
            pane.report("This is the last session." if way > 0 else "This is the first session.")
            return
        self.opener.open(following)
        pane.host.autosave()

    def next_session(self, _: str) -> None:
        """The next session of the list."""
        self._neighbour(1)

    def previous_session(self, _: str) -> None:
        """The session before."""
        self._neighbour(-1)

    def generate(self, _: str) -> None:
        """The wizard for this session."""
        self.pane.screen.app.push_screen(routes.screen("generate", [self.pane.session_id]))

    def open_review(self, _: str) -> None:
        """The review queue over this session."""
        self.pane.screen.app.push_screen(routes.screen("review", [self.pane.session_id]))

    def toggle_score(self, _: str) -> None:
        """Show or hide the model's score."""
        self.pane.host.view.hide_score = not self.pane.host.view.hide_score
        self.pane.paint(EVERYTHING)

    def next_unconfirmed(self, _: str) -> None:
        """To the next label that nobody confirmed, here or in a later session."""
        pane, project = self.pane, self.pane.host.project
        here = pane.track.unsure()
        following = next((x for x in here if x.start > pane.view.cursor), None)
        if following is not None:
            self.moves.go_to_label(following, "")
            pane.report(f"{plural(len(here), 'label')} here to confirm: a confirms, x deletes, a digit changes.")
            return
        ids = [sid for sid in pane.order if sid in project]
        start = ids.index(pane.session_id) + 1 if pane.session_id in ids else 0
        for sid in [*ids[start:], *ids[:start]]:
            session = project.session(sid)
            if not session.broken and pane.host.store.unconfirmed(session):
                if sid != pane.session_id:
                    self.opener.open(sid)
                self.moves.go_to_label(project.track(sid).unsure()[0], "")
                pane.report(f"{printable(session.name)}: a confirms, x deletes, a digit changes the class.")
                return
        pane.report("Every label is confirmed.")

    COMMANDS: ClassVar[Commands] = {
        "viewer.next_session": next_session,
        "viewer.previous_session": previous_session,
        "viewer.generate": generate,
        "viewer.open_review": open_review,
        "viewer.next_unconfirmed": next_unconfirmed,
        "viewer.score": toggle_score,
    }


def show_done(pane: SessionPane, opener: Opener, moves: Moves, done: Reversed) -> None:
    """Show the labels that an undo or redo touched, in their session."""
    edits = [p for p in primitives(done.last.entry.change) if isinstance(p, EditLabels)]
    own = [e for e in edits if e.session == pane.session_id]
    chosen = next(iter(own or edits), None)
    if chosen is None or chosen.session not in pane.host.project:
        return
    if chosen.session != pane.session_id:
        opener.open(chosen.session)
    label = next(iter(chosen.added or chosen.removed), None)
    if label is None:
        return
    moves.bring(label.start, label.end)
    if label in pane.track:
        pane.pick(label)
