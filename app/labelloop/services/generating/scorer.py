"""What previews wait for: scores that a worker makes, and searches; kept while settings change."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from labelloop.contract.generation import ScoreRequest, SessionSource
from labelloop.errors import UserError
from labelloop.jobs.launch import launch
from labelloop.jobs.run import SERVE, RunFolder, read_json, write_json
from labelloop.jobs.scores import Scores, read_scores, scores_file
from labelloop.project.session import Session
from labelloop.services.generating.request import GenerateRequest
from labelloop.services.generating.search import Finder, Search
from labelloop.storage.store import ProjectStore

SERVING = "serving"
MakeFinder = Callable[[ProjectStore, GenerateRequest], Finder]


class Scorer:
    """A worker that scores sessions while the user looks at a preview."""

    def __init__(self, store: ProjectStore) -> None:
        self._store = store
        self._run: RunFolder | None = None
        self._requested: set[tuple[str, Path]] = set()
        self._read: dict[Path, Scores] = {}
        self._search: tuple[object, Search] | None = None
        self._adjusted: GenerateRequest | None = None

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
        if (session.id, model) in self._requested:
            if answer and answer.get("problem"):
                raise UserError(str(answer["problem"]))
            return
        self._requested.add((session.id, model))
        (self._run.path / "ask").mkdir(exist_ok=True)
        request = ScoreRequest(str(model), session_source(self._store, session)).to_json()
        write_json(self._run.path / "ask" / name, request)

    def search(self, request: GenerateRequest, make: MakeFinder) -> Search:
        """The search of a request for a method that looks at the signal; kept while only levels change.

        Raises:
            UserError: the examples or the rule make no sense.
        """
        key = (request.method, request.source, request.classes)
        if self._search is None or self._search[0] != key:
            finder = make(self._store, request)
            if self._search is not None:
                self._search[1].stop()
            self._search = (key, Search(finder))
            self._adjusted = None
        if self._adjusted != request:
            self._search[1].adjust(request)
            self._adjusted = request
        return self._search[1]

    @property
    def level(self) -> float | None:
        """The threshold that the search has found by now, if it finds one."""
        return self._search[1].finder.level if self._search else None

    def stop(self) -> None:
        """Let the worker and the search end."""
        if self._search is not None:
            self._search[1].stop()
            self._search = None
        if self._run is not None:
            self._run.stop()
            self._run = None


def session_source(store: ProjectStore, session: Session) -> SessionSource:
    """A session as a worker needs it. Raises UserError when its recording lies outside the project."""
    source = str(store.inside(session.data_file, "a recording"))
    return SessionSource(session.id, session.path, source)
