"""The wizard's live preview: waveform, score and resulting labels of one session, counts of all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from textual.app import ComposeResult
from textual.containers import Vertical

from labelloop.errors import UserError, printable
from labelloop.project.labels import Label
from labelloop.project.session import Session
from labelloop.rendering.format import plural
from labelloop.rendering.lanes import Event
from labelloop.rendering.score import highest_per_column
from labelloop.screens.shared.host import Host
from labelloop.services.generating.method import Preview
from labelloop.services.generating.request import GenerateRequest
from labelloop.services.generating.scorer import Scorer
from labelloop.services.generating.tally import Tally
from labelloop.services.labels.class_signs import ClassSign, ClassSigns
from labelloop.widgets.lanes import Channel, ChannelLanes, LabelLanes, RulerRows, ScoreLane, TrackLane
from labelloop.widgets.rows import Line
from labelloop.widgets.view import View

CHANNELS = 3
BUDGET_S = 0.03  # for counting other sessions before the next key is heard


class PreviewPane(Vertical):
    """Lanes of one session at a time; ``step`` goes to the next, ``tick`` catches up with the model."""

    def __init__(self, app: Host, scorer: Scorer) -> None:
        super().__init__(id="preview")
        self._loop = app
        self._at = 0
        self.tally = Tally(app.store, scorer)

    def compose(self) -> ComposeResult:
        """A title, a ruler, some channels, the score, the labels, the counts."""
        yield Line(id="preview-title")
        yield RulerRows(id="preview-ruler")
        yield ChannelLanes(id="preview-channels")
        yield ScoreLane(id="preview-score")
        yield LabelLanes(id="preview-labels")
        yield Line(id="preview-counts")

    def show(self, request: GenerateRequest, sessions: Sequence[Session]) -> None:
        """Preview another request."""
        self.tally.ask(request, sessions)
        self._at = min(self._at, max(0, len(sessions) - 1))
        self.tick()

    def step(self) -> None:
        """The next session."""
        self._at = (self._at + 1) % max(1, len(self.tally.sessions))
        self.tick()

    def tick(self) -> None:
        """Show what is known by now, and count some more sessions."""
        if not self.tally.sessions:
            return
        session = self.tally.sessions[self._at]
        level = self._look(session)
        self.tally.go_on(BUDGET_S)
        if level != self.tally.level:
            self._look(session)  # with what the others brought: a level that is for all
        self._show_counts(session)

    def _look(self, session: Session) -> float | None:
        """Draw a session; the level that its labels are from."""
        try:
            made = self.tally.look(session)
        except UserError as error:
            self.query_one("#preview-title", Line).show([(f" {error}", "error")])
            return self.tally.level
        self._draw(session, made)
        return made.level if made else self.tally.level

    def _show_counts(self, session: Session) -> None:
        tally, here = self.tally, self.tally.of(session)
        known, total = len(tally.outcomes), len(tally.sessions)
        if tally.why:
            text = f" 0 events in {plural(total, 'session')}: {tally.why}"
        elif here is None:
            text = " the model is looking at it ..."
        else:
            text = f" this session {plural(here.added, 'event')} · {known} of {plural(total, 'session')}"
            text += f" {tally.added}"
            text += f" · {tally.unsure} unsure" if tally.by_confidence else ""
            text += f" · {plural(len(tally.problems), 'session')} can't be done" if tally.problems else ""
        self.query_one("#preview-counts", Line).show([(text, "warn" if tally.why else "")])

    def _draw(self, session: Session, made: Preview | None) -> None:
        view = View.of_session(session.start_s, session.end_s, session.length_s, session.rate_hz).fit()
        hint = [("p other session ", "dim")] if len(self.tally.sessions) > 1 else []
        self.query_one("#preview-title", Line).show([(f" preview {printable(session.path)}", "strong")], hint)
        self.query_one("#preview-ruler", RulerRows).show(view)
        self._draw_signal(session, view)
        score = self.query_one("#preview-score", ScoreLane)
        score.display = bool(made and made.scores)
        if made and made.scores:
            best = made.scores.scores[:, 1:].max(axis=1)
            edges = np.linspace(view.start, view.end, score.columns + 1)
            score.show("score", highest_per_column(made.scores.times, best, edges), made.settings.threshold)
        added = made.added if made else ()
        signs = ClassSigns(self._loop.project)
        lane = TrackLane("labels", [_event(signs.of(x.name), x) for x in added])
        self.query_one("#preview-labels", LabelLanes).show(view, [lane])

    def _draw_signal(self, session: Session, view: View) -> None:
        lanes = self.query_one("#preview-channels", ChannelLanes)
        signal = self._loop.signals.cached(self._loop.project.data_path(session))
        if signal is None:
            lanes.show([])
            return
        edges = np.linspace(view.start, view.end, lanes.dots + 1)
        made = []
        for number, name in list(enumerate(signal.names))[:CHANNELS]:
            lo, hi = signal.envelope_at(number, edges)
            low, high = _limits(lo, hi)
            made.append(Channel(printable(name), lo, hi, low, high))
        lanes.show(made, overlay=lanes.size.height < 2 * len(made))


def _limits(lo: np.ndarray, hi: np.ndarray) -> tuple[float, float]:
    finite = np.concatenate([lo[np.isfinite(lo)], hi[np.isfinite(hi)]])
    if not len(finite):
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    return (low, high) if high > low else (low - 1, high + 1)


def _event(sign: ClassSign, label: Label) -> Event:
    return Event(
        label.start,
        label.end,
        sign.letter,
        sign.style,
        label.confirmed,
        label.confidence,
        False,
    )
