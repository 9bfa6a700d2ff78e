"""What a request would do to one session, told at once: the wizard's live preview."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from labelloop.contract.generation import ScoreRequest
from labelloop.errors import UserError
from labelloop.jobs.launch import launch
from labelloop.jobs.run import SERVE, RunFolder, read_json, write_json
from labelloop.jobs.scores import Scores, read_scores, scores_file
from labelloop.labeling.postprocess import PostSettings, to_events
from labelloop.labeling.tracks import adjust
from labelloop.project.changes import primitives
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.project.segment import Segment
from labelloop.project.session import Session
from labelloop.services.generating.generate import SessionOutcome, labels_from_events, session_change
from labelloop.services.generating.model import least_parts, session_source
from labelloop.services.generating.request import (
    GenerateRequest,
    model_settings,
    signal_request,
    track_adjustments,
)
from labelloop.services.generating.signal import METHODS, Search, SignalRequest
from labelloop.services.generating.track import class_of_folder
from labelloop.services.training.models import find_model, model_info
from labelloop.storage.store import ProjectStore

SERVING = "serving"


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """One session as it would be: the labels that come, what they replace, the model's scores if any."""

    outcome: SessionOutcome
    added: tuple[Label, ...] = ()
    removed: tuple[Label, ...] = ()
    scores: Scores | None = None
    settings: PostSettings = field(default_factory=PostSettings)
    level: float | None = None  # the threshold that was found from all sessions


class Scorer:
    """A worker that scores sessions while somebody looks at a preview."""

    def __init__(self, store: ProjectStore) -> None:
        self._store = store
        self._run: RunFolder | None = None
        self._asked: set[tuple[str, Path]] = set()
        self._read: dict[Path, Scores] = {}
        self._search: tuple[object, Search] | None = None
        self._adjusted: SignalRequest | None = None

    def start(self) -> None:
        """Start the worker, so that it is ready when it is asked. Raises UserError."""
        if self._run is None:
            body = {"version": 1, "cache_dir": str(self._store.layout.cache), "asker": os.getpid()}
            self._run = RunFolder.create(self._store.layout.home / SERVING, SERVE, "preview", body)
            launch(self._run)

    def scores(self, session: Session, model: Path) -> Scores | None:
        """A session's scores; None while they are being made, which this asks for.

        Raises:
            UserError: the worker says why there are none.
        """
        path = scores_file(self._store.layout.cache, session.id, model)
        if path not in self._read:
            found = read_scores(path)
            if found is None:
                self._ask(session, model)
                return None
            self._read[path] = found
        return self._read[path]

    def _ask(self, session: Session, model: Path) -> None:
        self.start()
        assert self._run is not None
        name = f"{session.id.replace('/', '_')}.json"
        answer = read_json(self._run.path / "answers" / name)
        if (session.id, model) in self._asked:
            if answer and answer.get("problem"):
                raise UserError(str(answer["problem"]))
            return
        self._asked.add((session.id, model))
        (self._run.path / "ask").mkdir(exist_ok=True)
        asked = ScoreRequest(str(model), session_source(self._store, session)).to_json()
        write_json(self._run.path / "ask" / name, asked)

    def search(self, asked: GenerateRequest) -> Search:
        """The search of a request for a method that looks at the signal; kept while only levels change.

        Raises:
            UserError: the examples or the rule make no sense.
        """
        request = signal_request(asked)
        key = (asked.method, asked.source, asked.classes)
        if self._search is None or self._search[0] != key:
            method = METHODS[asked.method](self._store, request)
            if self._search is not None:
                self._search[1].stop()
            self._search = (key, Search(method))
            self._adjusted = None
        if self._adjusted != request:
            self._search[1].adjust(request)
            self._adjusted = request
        return self._search[1]

    @property
    def level(self) -> float | None:
        """The threshold that the search has found by now, if it finds one."""
        return self._search[1].method.level if self._search else None

    def stop(self) -> None:
        """Let the worker and the search end."""
        if self._search is not None:
            self._search[1].stop()
            self._search = None
        if self._run is not None:
            self._run.stop()
            self._run = None


def preview(store: ProjectStore, asked: GenerateRequest, session: Session, scorer: Scorer) -> Preview | None:
    """What a request would do to a session; None while the model is at it.

    Raises:
        UserError: something of the request does not fit.
    """
    if asked.method == "model":
        return _by_model(store, asked, session, scorer)
    if asked.method == "track":
        return _by_track(store, asked, session)
    if asked.method in METHODS:
        return _by_signal(store, asked, session, scorer)
    name = class_of_folder(store, session, asked.rules)
    whole = Label.spanning(session.start_s, session.end_s, name, confirmed=False, origin="run:")
    return _merged(store, asked, session, [whole], [name])


def _by_model(
    store: ProjectStore, asked: GenerateRequest, session: Session, scorer: Scorer
) -> Preview | None:
    path = find_model(store, asked.one_source)
    scores = scorer.scores(session, path)
    if scores is None:
        return None
    info = model_info(path)
    given = model_settings(asked)
    settings = PostSettings.from_json(info.post).merged(given)
    wanted = asked.classes or scores.classes
    events = to_events(scores.scores, scores.times, scores.classes, settings, scores.boundary)
    rows = [(e.start, e.end, e.name, e.confidence) for e in events if e.name in wanted]
    parts = least_parts(info, given)
    made = _merged(store, asked, session, labels_from_events(rows, ""), wanted, parts)
    return Preview(made.outcome, made.added, made.removed, scores, settings)


def _by_signal(
    store: ProjectStore, asked: GenerateRequest, session: Session, scorer: Scorer
) -> Preview | None:
    search = scorer.search(asked)
    search.ask([session])
    if not search.ready(session):
        return None
    search.settle()
    events = search.method.events(search.result(session))
    rows = [(e.start, e.end, e.name, e.confidence) for e in events]
    made = _merged(store, asked, session, labels_from_events(rows, ""), [search.method.name])
    return replace(made, level=search.method.level)


def _by_track(store: ProjectStore, asked: GenerateRequest, session: Session) -> Preview:
    source = [
        x
        for x in store.project.track(session.id, asked.one_source)
        if not asked.classes or x.name in asked.classes
    ]
    ends = Segment(session.start_s, max(session.start_s, session.end_s))
    adjusted = adjust(source, track_adjustments(asked), ends)
    if asked.target.track == asked.one_source:
        added = tuple(x for x in adjusted if x not in set(source))
        removed = tuple(x for x in source if x not in set(adjusted))
        outcome = SessionOutcome(session, len(added), len(source) - len(removed), len(removed))
        return Preview(outcome, added, removed)
    return _merged(store, asked, session, adjusted, asked.classes or sorted({x.name for x in adjusted}))


def _merged(
    store: ProjectStore,
    asked: GenerateRequest,
    session: Session,
    events: Sequence[Label],
    classes: Sequence[str],
    parts: dict[str, float] | None = None,
) -> Preview:
    change, outcome = session_change(store, session, events, asked.rules.with_parts(parts or {}), classes)
    edits = [p for p in primitives(change) if isinstance(p, EditLabels)] if change else []
    added = tuple(x for e in edits for x in e.added)
    return Preview(outcome, added, tuple(x for e in edits for x in e.removed))
