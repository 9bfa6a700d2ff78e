"""Threshold: events where a channel, or what is computed from several, lies over or under a level."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from labelloop.errors import UserError
from labelloop.jobs.run import RunFolder
from labelloop.labeling import threshold
from labelloop.labeling.matching import Event
from labelloop.project.session import Session
from labelloop.services.generating.merging import Run
from labelloop.services.generating.method import Preview, preview_by_search
from labelloop.services.generating.request import GenerateRequest
from labelloop.services.generating.runs import opening
from labelloop.services.generating.scorer import Scorer
from labelloop.services.generating.search import start_search
from labelloop.services.sessions.signal_of import signal_of
from labelloop.storage.store import ProjectStore


class Threshold:
    """Where a rule holds; its events are of one class."""

    level = None
    title = "labels by threshold"

    def __init__(self, store: ProjectStore, request: GenerateRequest) -> None:
        self._store = store
        if len(request.source) != 1:
            raise UserError("Threshold needs one rule, such as --source 'norm(1,2,3) > 1.5/1.2'.")
        if len(request.classes) != 1:
            raise UserError("Threshold needs the class of its events: --classes NAME.")
        self.name = request.classes[0]
        self._text = request.source[0]
        self.adjust(request)

    def adjust(self, request: GenerateRequest) -> None:
        """Other lengths and gaps."""
        names = ("min_length", "max_length", "gap")
        self._lengths = {f"{n}_s": value for n in names if (value := request.number(n)) is not None}

    @property
    def shortest_s(self) -> float:
        """Any part of a stretch counts: the rule holds in it."""
        return 0.0

    def candidates(self, session: Session) -> Any:
        """The rule as the session's channels are named, and the stretches where it holds."""
        signal = signal_of(self._store, session)
        rule = threshold.parse_rule(self._text, signal.names)
        data, times = signal.read(0, signal.n), signal.times_of(0, signal.n)
        values = threshold.values_of(rule, data, signal.names, signal.rate_hz)
        return rule, threshold.stretches(rule, values, times)

    def settle(self, everything: Sequence[Any]) -> None:
        """A rule needs no other sessions."""

    def events(self, found: Any) -> list[Event]:
        """What is left by lengths and gaps."""
        rule, held = found
        return threshold.from_stretches(threshold.with_lengths(rule, **self._lengths), held, self.name)


class ByThreshold:
    """Where a channel, or several together, lie over or under a level."""

    id = "threshold"
    names_classes = True
    by_confidence = False

    def start(self, store: ProjectStore, request: GenerateRequest, dry: bool, into: RunFolder | None) -> Run:
        """Check the request and start it. Raises UserError when something does not fit."""
        opens = None if dry else opening(store, request.to_json(), into)
        return start_search(store, request, Threshold(store, request), opens)

    def preview(
        self, store: ProjectStore, request: GenerateRequest, session: Session, scorer: Scorer
    ) -> Preview | None:
        """What the request would do to a session. Raises UserError when something does not fit."""
        return preview_by_search(store, request, session, scorer, Threshold)

    def in_place(self, _: GenerateRequest) -> bool:
        """Whether labels are changed where they are."""
        return False
