"""The wizard's live preview: waveform, score and resulting labels of one session, counts of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from textual.app import ComposeResult
from textual.containers import Vertical

from app.errors import UserError, printable
from app.project.labels import Label
from app.project.session import Session
from app.rendering.format import plural
from app.rendering.lanes import Event
from app.rendering.score import highest_per_column
from app.services.class_signs import ClassSign, ClassSigns
from app.services.generate_request import GenerateRequest
from app.services.preview import Preview, Scorer, preview
from app.widgets.lanes import Channel, ChannelLanes, LabelLanes, RulerRows, ScoreLane, TrackLane
from app.widgets.rows import Line
from app.widgets.view import View

if TYPE_CHECKING:
    from app.app import LabelloopApp

UNSURE = 0.6  # below this confidence an event wants a look
CHANNELS = 3


@dataclass
class Counts:
    """What is known of all chosen sessions so far."""

    events: dict[str, int] = field(default_factory=dict)
    unsure: dict[str, int] = field(default_factory=dict)


class PreviewPane(Vertical):
    """Lanes of one session at a time; ``step`` goes to the next, ``tick`` catches up with the model."""

    def __init__(self, app: LabelloopApp, scorer: Scorer) -> None:
        super().__init__(id="preview")
        self._loop = app
        self._scorer = scorer
        self._sessions: Sequence[Session] = ()
        self._at = 0
        self._request: GenerateRequest | None = None
        self._counts = Counts()

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
        self._request, self._sessions = request, sessions
        self._at = min(self._at, max(0, len(sessions) - 1))
        self._counts = Counts()
        self.tick()

    def step(self) -> None:
        """The next session."""
        self._at = (self._at + 1) % max(1, len(self._sessions))
        self.tick()

    @property
    def complete(self) -> bool:
        """Whether all sessions are counted."""
        return len(self._counts.events) == len(self._sessions)

    def tick(self) -> None:
        """Show what is known by now, and count some more sessions."""
        if self._request is None or not self._sessions:
            return
        session = self._sessions[self._at]
        try:
            made = preview(self._loop.store, self._request, session, self._scorer)
            self._draw(session, made)
            self._count(session, made)
            for other in [s for s in self._sessions if s.id not in self._counts.events][:8]:
                self._count(other, preview(self._loop.store, self._request, other, self._scorer))
        except UserError as error:
            self.query_one("#preview-title", Line).show([(f" {error}", "error")])
            return
        self._show_counts(session)

    def _count(self, session: Session, made: Preview | None) -> None:
        if made is not None:
            self._counts.events[session.id] = len(made.added)
            self._counts.unsure[session.id] = sum(x.confidence < UNSURE for x in made.added)

    def _show_counts(self, session: Session) -> None:
        here = self._counts.events.get(session.id)
        counted, total = len(self._counts.events), len(self._sessions)
        events, unsure = sum(self._counts.events.values()), sum(self._counts.unsure.values())
        if here is None:
            text = " the model is looking at it ..."
        else:
            text = f" this session {plural(here, 'event')} · {counted} of {plural(total, 'session')} {events}"
            text += f" · {unsure} unsure" if self._request and self._request.method == "model" else ""
        style = "warn" if counted == total and not events else ""
        nothing = " · these settings drop everything" if style else ""
        self.query_one("#preview-counts", Line).show([(text + nothing, style)])

    @property
    def counted(self) -> str:
        """What the preview has found so far with the settings that it shows."""
        events, done = sum(self._counts.events.values()), len(self._counts.events)
        if not done:
            return "labels are counted while it runs"
        return (
            f"{plural(events, 'event')} found in {done} of {plural(len(self._sessions), 'session')} looked at"
        )

    def _draw(self, session: Session, made: Preview | None) -> None:
        view = View.of_session(session.start_s, session.end_s, session.length_s, session.rate_hz).fit()
        hint = [("p other session ", "dim")] if len(self._sessions) > 1 else []
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
