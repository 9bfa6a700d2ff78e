"""Find similar: example events are the pattern, before any model exists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from labelloop.errors import UserError, printable
from labelloop.jobs.run import RunFolder
from labelloop.labeling import similar
from labelloop.labeling.matching import Event
from labelloop.project.labels import Label
from labelloop.project.session import Session
from labelloop.services.generating.merging import Run
from labelloop.services.generating.method import Preview, preview_by_search
from labelloop.services.generating.request import GenerateRequest
from labelloop.services.generating.runs import opening
from labelloop.services.generating.scorer import Scorer
from labelloop.services.generating.search import start_search
from labelloop.services.sessions.select import select
from labelloop.services.sessions.signal_of import signal_of
from labelloop.storage.store import ProjectStore


class Similar:
    """Places that look like example events; all examples are of one class."""

    title = "similar events"

    def __init__(self, store: ProjectStore, request: GenerateRequest) -> None:
        self._store = store
        self._least = 0.0
        self._wanted: float | None = None
        self._threshold = 0.5
        self.adjust(request)
        labels = same_class(store, request.source)
        self.name = labels[0][1].name
        self._shortest = min(label.length for _, label in labels)
        self._examples = [self._cut(session, label) for session, label in labels]
        self._alike = similar.agreement(self._examples)

    def adjust(self, request: GenerateRequest) -> None:
        """Another threshold or smallest length."""
        self._least = request.number("min_length") or 0.0
        self._wanted = request.number("threshold")
        self._threshold = self._wanted if self._wanted is not None else self._threshold

    @property
    def shortest_s(self) -> float:
        """The shortest example's length."""
        return self._shortest

    def _cut(self, session: Session, label: Label) -> similar.Example:
        signal = signal_of(self._store, session)
        first, last = int(signal.index_of(label.start)), int(signal.index_of(label.end))
        if last - first < 2:
            raise UserError(f"The example at {label.start:g} s in {printable(session.path)} is too short.")
        return similar.Example.cut(signal.read(0, signal.n), first, last, signal.rate_hz)

    def candidates(self, session: Session) -> Any:
        """Ranked suggestions with the times of the session."""
        signal = signal_of(self._store, session)
        channels = self._examples[0].values.shape[1]
        if len(signal.names) != channels:
            raise UserError(f"It has {len(signal.names)} channels, the examples have {channels}.")
        shortest = min(e.length / e.rate_hz for e in self._examples) * min(similar.STRETCHES)
        if signal.n < shortest * signal.rate_hz:
            raise UserError(f"It is too short for the examples: they take {shortest:.3g} s or more.")
        found = similar.suggest(signal.read(0, signal.n), signal.rate_hz, self._examples)
        return found, signal.times_of(0, signal.n)

    def settle(self, everything: Sequence[Any]) -> None:
        """A threshold from all scores, unless one was given."""
        if self._wanted is None:
            scores = [s.score for found, _ in everything for s in found]
            self._threshold = similar.default_threshold(scores, self._alike)

    def events(self, found: Any) -> list[Event]:
        """Suggestions from the threshold on."""
        suggestions, times = found
        events = similar.to_events(suggestions, times, self.name, self._threshold)
        return [e for e in events if e.end - e.start >= self._least]

    @property
    def level(self) -> float:
        """The similarity from which a place counts."""
        return self._threshold


def example_label(store: ProjectStore, word: str) -> tuple[Session, Label]:
    """The labelled event that ``SESSION@start`` means: the one that is there, or starts nearest to it.

    Raises:
        UserError: the word is not of that form, or no label is near.
    """
    name, at, text = word.rpartition("@")
    try:
        start = float(text)
    except ValueError:
        at = ""
        start = 0.0
    if not at:
        raise UserError(f"'{printable(word)}' is no example: write SESSION@start, the start in seconds.")
    found = select(store.project, [name])
    if len(found) != 1:
        raise UserError(f"'{printable(name)}' means {len(found)} sessions; an example lies in one.")
    track = store.project.track(found[0].id)
    label = track.at(start) or min(track, key=lambda x: abs(x.start - start), default=None)
    if label is None or abs(label.start - start) > max(1.0, label.length):
        raise UserError(f"There is no label at {start:g} s in {printable(found[0].path)} to be an example.")
    return found[0], label


def same_class(store: ProjectStore, words: Sequence[str]) -> list[tuple[Session, Label]]:
    """The examples that words mean, all of one class.

    Raises:
        UserError: there is none, or they are of several classes.
    """
    labels = [example_label(store, word) for word in words]
    names = {label.name for _, label in labels}
    if not labels:
        raise UserError("Find similar needs an example: --source SESSION@start, which can be given again.")
    if len(names) > 1:
        shown = ", ".join(map(printable, sorted(names)))
        raise UserError(f"The examples are of several classes ({shown}): search for one class at a time.")
    return labels


class BySimilarity:
    """Example events are the pattern."""

    id = "similar"
    names_classes = False
    by_confidence = False

    def start(self, store: ProjectStore, request: GenerateRequest, dry: bool, into: RunFolder | None) -> Run:
        """Check the request and start it. Raises UserError when something does not fit."""
        opens = None if dry else opening(store, request.to_json(), into)
        return start_search(store, request, Similar(store, request), opens)

    def preview(
        self, store: ProjectStore, request: GenerateRequest, session: Session, scorer: Scorer
    ) -> Preview | None:
        """What the request would do to a session. Raises UserError when something does not fit."""
        return preview_by_search(store, request, session, scorer, Similar)

    def in_place(self, _: GenerateRequest) -> bool:
        """Whether labels are changed where they are."""
        return False
