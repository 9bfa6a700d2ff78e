"""Generating labels with a trained model: a job finds the events, the lock's holder applies them."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from labelloop.contract.generation import GenerationJob, SessionEvents, SessionSource
from labelloop.errors import UserError, printable
from labelloop.formats.model.info import ModelInfo
from labelloop.jobs.launch import launch
from labelloop.jobs.progress import JobStatus
from labelloop.jobs.run import RunFolder, list_runs, write_json
from labelloop.jobs.status import JobFollower
from labelloop.labeling.postprocess import PostSettings, to_events
from labelloop.project.history import UNDO, Entry
from labelloop.project.session import Session
from labelloop.services.generating.merging import (
    Outcome,
    Rules,
    Run,
    SessionOutcome,
    Target,
    check_classes,
    check_target,
    chosen_sessions,
    labels_from_events,
    put_events,
    session_change,
)
from labelloop.services.generating.method import Preview, merged
from labelloop.services.generating.request import GenerateRequest, model_settings
from labelloop.services.generating.runs import CLOSED
from labelloop.services.generating.scorer import Scorer, session_source
from labelloop.services.labels.history import REVERT, RUN
from labelloop.services.training.models import find_model, model_info
from labelloop.storage.store import ProjectStore


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """What a user asks of a model: its source, sessions by word, settings that differ from its own.

    ``resample`` brings recordings of another rate to the model's.
    """

    source: str
    sessions: tuple[str, ...]
    rules: Rules
    settings: Mapping[str, Any] = field(default_factory=dict)
    resample: bool = False
    by_position: bool = False


@dataclass
class ModelRun:
    """A running generation. ``poll`` applies each session that is whole; call it until it says so."""

    store: ProjectStore
    run: RunFolder
    sessions: list[Session]
    rules: Rules
    classes: tuple[str, ...]
    dry: bool = False
    outcome: Outcome = field(init=False)
    status: JobStatus | None = None
    _done: set[int] = field(default_factory=set)
    _follower: JobFollower = field(init=False)

    def __post_init__(self) -> None:
        self.outcome = Outcome(self.run.id)
        self._follower = JobFollower(self.run)

    def poll(self) -> bool:
        """Apply what is new; True when the run is over.

        Raises:
            UserError: the worker failed as a whole; sessions that were applied stay, and can be reverted.
        """
        self.status = self._follower.poll()
        for index, found in self.run.results():
            if index not in self._done:
                self._done.add(index)
                events = SessionEvents.from_json(found)
                self.outcome.sessions.append(self._apply(self.sessions[index], events))
        if not self.status.ended_somehow:
            return False
        self._close()
        if self.status.state in ("failed", "lost") and len(self._done) < len(self.sessions):
            raise UserError(f"Generating labels ended early: {self.status.message}")
        return True

    def _apply(self, session: Session, found: SessionEvents) -> SessionOutcome:
        if found.error:
            return SessionOutcome(session, problem=found.error)
        try:
            current = self.store.project.session(session.id)
            labels = labels_from_events(found.events, self.run.id)
            if self.dry:
                outcome = session_change(self.store, current, labels, self.rules, self.classes)[1]
            else:
                outcome = put_events(self.store, self.run.id, current, labels, self.rules, self.classes)
            return replace(outcome, dropped=found.dropped)
        except UserError as error:
            return SessionOutcome(session, problem=str(error))

    def skip(self, session_ids: frozenset[str]) -> None:
        """Pass over sessions that were applied before."""
        self._done |= {i for i, session in enumerate(self.sessions) if session.id in session_ids}

    def cancel(self) -> None:
        """Stop the worker; sessions that are whole were applied and stay."""
        self.run.stop()

    def _close(self) -> None:
        if self.dry:
            self.run.delete()
            return
        state = self.status.state if self.status else ""
        write_json(self.run.path / CLOSED, {"t": time.time(), "state": state})


def start_model_run(store: ProjectStore, request: ModelRequest, dry: bool = False) -> ModelRun:
    """Check what is asked and start the worker.

    Raises:
        UserError: the model, the sessions or the target don't fit together; the message says which.
    """
    path = find_model(store, request.source)
    info = model_info(path)
    classes = _wanted_classes(info, request.rules.classes)
    sessions = chosen_sessions(store.project, request.sessions, classes)
    check_fit(info, sessions)
    check_target(store, sessions, request.rules.target)
    rules = replace(request.rules, least_part=least_parts(info, request.settings))
    additions = check_classes(store.project, classes, request.rules.add_classes)
    job = GenerationJob(
        str(path),
        tuple(session_source(store, s) for s in sessions),
        classes,
        str(store.layout.cache),
        dict(request.settings),
        str(request.rules.target),
        request.rules.existing,
        rules.min_length_s,
        dict(rules.least_part),
        dry,
        request.resample,
        request.by_position,
    )
    run = RunFolder.create(store.layout.runs, "generate", f"labels by {info.name}", job.to_json())
    if not dry:
        for change in additions:
            store.editor.apply(change, tag=f"run:{run.id}")
    launch(run)
    return ModelRun(store, run, sessions, rules, classes, dry)


def least_parts(info: ModelInfo, settings: Mapping[str, Any]) -> dict[str, float]:
    """The shortest part of each class's event that counts as one: its smallest length, half its usual one."""
    post = PostSettings.from_json(info.post).merged(settings)
    return {
        name: max(post.of(name, "min_length_s") or 0.0, info.lengths.get(name, 0.0) / 2)
        for name in info.classes
    }


def _wanted_classes(info: ModelInfo, request: Sequence[str]) -> tuple[str, ...]:
    unknown = [name for name in request if name not in info.classes]
    if unknown:
        known = ", ".join(printable(c) for c in info.classes)
        name, model = printable(unknown[0]), printable(info.name)
        raise UserError(f"{model} does not know the class '{name}' (it finds {known}).")
    return tuple(request) or tuple(info.classes)


def check_fit(info: ModelInfo, sessions: Sequence[Session]) -> None:
    """Refuse sessions with too few channels for the model; more are left out by name. Raises UserError."""
    wrong = [s for s in sessions if s.shape and s.shape[-1] < len(info.channels)]
    if wrong:
        names = ", ".join(f"{printable(s.path)} has {s.shape[-1]}" for s in wrong[:3])
        more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        raise UserError(
            f"{printable(info.name)} was trained on {len(info.channels)} channels, but {names}{more}: choose "
            f"other sessions or another model."
        )


def orphaned_runs(store: ProjectStore) -> list[ModelRun]:
    """Generation runs whose app died before all was applied; polling them applies what is whole.

    One that a user took back is closed: nothing more of it is wanted.
    """
    out = []
    for run in list_runs(store.layout.runs, "generate"):
        if (run.path / CLOSED).exists():
            continue
        entries = store.journal.entries()
        if any(reverts(entry, run.id) for entry in entries):
            write_json(run.path / CLOSED, {"t": time.time(), "state": "taken back"})
            continue
        job = GenerationJob.from_json(run.request())
        if not job.dry and job.target:
            out.append(_adopted(store, run, job, entries))
    return out


def _adopted(store: ProjectStore, run: RunFolder, job: GenerationJob, entries: Sequence[Entry]) -> ModelRun:
    """A run that another process began; sessions that it was applied to are passed over."""
    rules = Rules(
        Target.parse(job.target), job.existing, min_length_s=job.min_length_s, least_part=job.least_part
    )
    known = store.project.state.sessions
    sessions = [known.get(row.id) or _removed(row) for row in job.sessions]
    orphan = ModelRun(store, run, sessions, rules, job.classes)
    applied = {sid for e in entries if e.tag == RUN + run.id for sid in e.change.touched().sessions}
    orphan.skip(frozenset(applied))
    return orphan


def _removed(row: SessionSource) -> Session:
    """What is known of a session that the project has no more: its result is told as a problem."""
    path = row.name or row.id
    return Session(row.id, path.rpartition("/")[2], path, "", "", "")


def reverts(entry: Entry, run_id: str) -> bool:
    """Whether an entry is a user taking a run back."""
    return (entry.tag == RUN + run_id and entry.op == UNDO) or entry.tag == REVERT + run_id


class ByModel:
    """A trained model finds the events."""

    id = "model"
    names_classes = False
    by_confidence = True

    def start(self, store: ProjectStore, request: GenerateRequest, dry: bool, into: RunFolder | None) -> Run:
        """Check the request and start it. Raises UserError when something does not fit."""
        of_model = ModelRequest(
            request.one_source,
            request.sessions,
            request.rules,
            model_settings(request),
            resample=request.resample,
            by_position=request.by_position,
        )
        return start_model_run(store, of_model, dry)

    def preview(
        self, store: ProjectStore, request: GenerateRequest, session: Session, scorer: Scorer
    ) -> Preview | None:
        """What the request would do to a session. Raises UserError when something does not fit."""
        path = find_model(store, request.one_source)
        scores = scorer.scores(session, path)
        if scores is None:
            return None
        info = model_info(path)
        given = model_settings(request)
        settings = PostSettings.from_json(info.post).merged(given)
        wanted = request.classes or scores.classes
        events = to_events(scores.scores, scores.times, scores.classes, settings, scores.boundary)
        rows = [(e.start, e.end, e.name, e.confidence) for e in events if e.name in wanted]
        parts = least_parts(info, given)
        made = merged(store, request, session, labels_from_events(rows, ""), wanted, parts)
        return Preview(made.outcome, made.added, made.removed, scores, settings)

    def in_place(self, _: GenerateRequest) -> bool:
        """Whether labels are changed where they are."""
        return False
