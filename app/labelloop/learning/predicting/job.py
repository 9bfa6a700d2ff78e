"""A generation job: the events that a model finds in each session, one result file a session."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from labelloop.contract.generation import FoundRow, GenerationJob, SessionEvents, SessionSource
from labelloop.errors import UserError, printable
from labelloop.jobs.scores import Scores, keep_scores, scores_file
from labelloop.labeling.matching import Event
from labelloop.labeling.postprocess import PostSettings
from labelloop.learning.data.frames import snapped_to_samples
from labelloop.learning.data.sessions import Store, at_rate
from labelloop.learning.predicting.auxiliary import load_with_auxiliary
from labelloop.learning.predicting.model import Array, Model


class Reporter(Protocol):
    """Who a job tells of its progress and gives its results; app.jobs' Worker is one."""

    def report(self, type: str, **values: Any) -> None:
        """Append one event."""

    def part(self, index: int, value: dict[str, Any]) -> None:
        """Leave one session's result, whole."""

    @property
    def stopped(self) -> bool:
        """Whether the user asked to stop."""


def generate(job: GenerationJob, store: Store, reporter: Reporter, done: Sequence[int] = ()) -> str:
    """Find events in every session of a job but those ``done`` already; the state it ended in.

    Raises:
        UserError: the model can't be used, or a setting makes no sense.
    """
    path = Path(job.model)
    model = load_with_auxiliary(path)
    settings = model.post.merged(job.settings)
    classes = job.classes or model.classes
    if unknown := [c for c in classes if c not in model.classes]:
        raise UserError(f"The model {printable(model.name)} does not know the class {printable(unknown[0])}.")
    began = time.perf_counter()
    sessions = job.sessions
    todo = [n for n in range(len(sessions)) if n not in set(done)]
    for count, index in enumerate(todo):
        if reporter.stopped:
            return "stopped"
        kept = scores_file(Path(job.cache_dir), sessions[index].id, path)
        result = session_result(
            model, sessions[index], store, settings, classes, kept, job.resample, job.by_position
        )
        reporter.part(index, result.to_json())
        left = (time.perf_counter() - began) / (count + 1) * (len(todo) - count - 1)
        values = {"error": result.error} if result.error else {}
        reporter.report("session", index=index, events=len(result.events), eta_s=round(left, 1), **values)
    return "done"


def session_result(
    model: Model,
    session: SessionSource,
    store: Store,
    settings: PostSettings,
    classes: Sequence[str],
    kept: Path,
    resample: bool = False,
    by_position: bool = False,
) -> SessionEvents:
    """The events of one session, or the sentence that says why there are none; its scores are kept.

    ``resample`` brings a recording of another rate to the model's; edges stay times of the recording.
    """
    rows: list[FoundRow] = []
    dropped: dict[str, int] = {}
    try:
        recording = whole = store.load(Path(session.source))
        if resample and model.rate_hz:
            recording = at_rate(whole, model.rate_hz)
        recording = model.fitted(recording, session.name, by_position)
        if len(recording.times) >= 2:
            looked = model.look(recording)
            keep_scores(kept, as_scores(model, looked))
            found = snapped_to_samples(model.events_of(looked[:3], recording, settings, dropped), whole.times)
            rows = [as_row(e) for e in found if e.name in classes]
    except UserError as error:
        return SessionEvents(session.id, error=str(error))
    return SessionEvents(session.id, tuple(rows), dropped=dropped)


def as_scores(model: Model, looked: tuple[Array, Array | None, Array, Array | None]) -> Scores:
    """What ``Model.look`` gave, as it is kept."""
    scores, boundary, times, agreement = looked
    return Scores(model.name, model.classes, times, scores, boundary, model.post.to_json(), agreement)


def as_row(event: Event) -> FoundRow:
    """An event as results hold it: start, end, class, confidence."""
    return event.start, event.end, event.name, round(event.confidence, 4)
