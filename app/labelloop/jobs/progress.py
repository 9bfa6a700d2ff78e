"""A job's events folded into one value to show."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from labelloop.contract import recipes

QUEUED, RUNNING, DONE, STOPPED, FAILED, LOST = "queued", "running", "done", "stopped", "failed", "lost"
FINAL = (DONE, STOPPED, FAILED)  # what a worker says at its end
_SCORES = ("loss", "val_loss", "accuracy", "val_accuracy", "f1", "val_f1", "event_f1")


@dataclass(frozen=True, slots=True)
class EpochRecord:
    """The figures of one epoch; None where the worker gave none."""

    epoch: int
    loss: float | None = None
    val_loss: float | None = None
    accuracy: float | None = None
    val_accuracy: float | None = None
    f1: float | None = None
    val_f1: float | None = None
    event_f1: float | None = None


@dataclass(frozen=True, slots=True)
class ModelProgress:
    """One candidate model of a training job."""

    index: int
    name: str = ""
    state: str = QUEUED
    parameters: int | None = None
    epochs: int = 0
    history: tuple[EpochRecord, ...] = ()

    @property
    def last(self) -> EpochRecord | None:
        """The latest epoch's figures."""
        return self.history[-1] if self.history else None

    @property
    def best(self) -> EpochRecord | None:
        """The epoch with the highest validation event F1, the first of equals."""
        scored = [r for r in self.history if r.event_f1 is not None]
        return max(scored, key=lambda r: r.event_f1 or 0.0, default=None)


@dataclass(frozen=True, slots=True)
class JobStatus:
    """What is shown of a job. ``model`` counts from 0, ``epoch`` from 1; 0 when none has ended."""

    id: str
    kind: str
    name: str
    description: str
    state: str
    message: str
    model: int = 0
    epoch: int = 0
    epochs: int = 0
    batch: int = 0
    batches: int = 0
    sessions_done: int = 0
    sessions: int = 0
    events_found: int = 0
    eta_s: float | None = None
    created: float = 0.0
    started: float | None = None
    ended: float | None = None
    models: tuple[ModelProgress, ...] = ()

    @property
    def active(self) -> bool:
        """Whether a worker is at it or about to be."""
        return self.state in (QUEUED, RUNNING)

    @property
    def ended_somehow(self) -> bool:
        """Whether nothing more will come unless the user resumes it."""
        return not self.active


@dataclass
class Progress:
    """The running fold of a job's events."""

    id: str
    kind: str
    name: str
    description: str
    created: float
    sessions: int
    state: str = ""
    text: str = ""
    model: int = 0
    epoch: int = 0
    epochs: int = 0
    batch: int = 0
    batches: int = 0
    eta: tuple[float, float] | None = None  # when it was said, and how long it was then
    started: float | None = None
    ended: float | None = None
    found: dict[int, int] = field(default_factory=dict)
    models: dict[int, ModelProgress] = field(default_factory=dict)

    @classmethod
    def of_request(cls, run_id: str, request: Mapping[str, Any]) -> Progress:
        """Where a job stands that has told nothing yet."""
        sessions = request.get("sessions")
        return cls(
            run_id,
            str(request.get("kind", "")),
            str(request.get("name", "")),
            str(request.get("description", "")),
            _number(request.get("created")) or 0.0,
            len(sessions) if isinstance(sessions, list) else 0,
        )

    def take(self, event: Mapping[str, Any]) -> None:
        """Fold one event in; unknown ones change nothing."""
        handler = {
            "state": self._state,
            "model": self._model,
            "epoch": self._epoch,
            "batch": self._batch,
            "session": self._session,
            "message": self._message,
        }.get(str(event.get("type")))
        if handler is not None:
            handler(event, _number(event.get("t")) or 0.0)

    def _state(self, event: Mapping[str, Any], when: float) -> None:
        self.state = str(event.get("state", ""))
        self.text = str(event.get("message") or "")
        self.eta = None
        self.ended = when if self.state in FINAL else None
        if self.state == RUNNING and self.started is None:
            self.started = when

    def _model(self, event: Mapping[str, Any], _when: float) -> None:
        index = _count(event.get("index"))
        old = self.models.get(index, ModelProgress(index))
        state = str(event.get("state") or old.state)
        self.models[index] = replace(
            old,
            name=str(event.get("name") or old.name),
            state=state,
            parameters=_count(event["parameters"]) if event.get("parameters") is not None else old.parameters,
        )
        if state == RUNNING:
            self.model, self.epoch, self.batch, self.batches = index, len(old.history), 0, 0

    def _epoch(self, event: Mapping[str, Any], when: float) -> None:
        index, number, of = (_count(event.get(key)) for key in ("model", "epoch", "epochs"))
        record = EpochRecord(number, **{key: _number(event.get(key)) for key in _SCORES})
        old = self.models.get(index, ModelProgress(index, state=RUNNING))
        before = tuple(r for r in old.history if r.epoch < number)  # a resumed model repeats some
        self.models[index] = replace(old, epochs=of, history=(*before, record))
        self.model, self.epoch, self.epochs, self.batch = index, number, of, 0
        self._report_eta(event, when)

    def _batch(self, event: Mapping[str, Any], when: float) -> None:
        self.model = _count(event.get("model"))
        self.batch, self.batches = _count(event.get("batch")), _count(event.get("batches"))
        self._report_eta(event, when)

    def _session(self, event: Mapping[str, Any], when: float) -> None:
        self.found[_count(event.get("index"))] = _count(event.get("events"))
        self._report_eta(event, when)

    def _message(self, event: Mapping[str, Any], _when: float) -> None:
        self.text = str(event.get("text") or "")

    def _report_eta(self, event: Mapping[str, Any], when: float) -> None:
        left = _number(event.get("eta_s"))
        if left is not None:
            self.eta = (when, left)

    def status(self, state: str, stopping: bool, now: float, why_lost: str = "") -> JobStatus:
        """The value to show, given what is known of the worker's life, and of its end when it is lost."""
        eta = max(0.0, self.eta[1] - max(0.0, now - self.eta[0])) if self.eta and state == RUNNING else None
        return JobStatus(
            self.id,
            self.kind,
            self.name,
            self.description,
            state,
            why_lost or self._words(state, stopping, eta),
            self.model,
            self.epoch,
            self.epochs,
            self.batch,
            self.batches,
            len(self.found),
            self.sessions,
            sum(self.found.values()),
            eta,
            self.created,
            self.started,
            self.ended,
            tuple(self.models[i] for i in sorted(self.models)),
        )

    def _words(self, state: str, stopping: bool, eta: float | None) -> str:
        where = self._where()
        if state == LOST:
            after = f" after {where}" if where else ""
            return f"worker lost{after}, killed or out of memory; resume goes on from there"
        if state == RUNNING:
            parts = [where or self.text or "starting", f"{duration(eta)} left" if eta is not None else ""]
            return ("stopping: " if stopping else "") + ", ".join(part for part in parts if part)
        if state == QUEUED:
            return "stopping" if stopping else self.text or "waiting to start"
        return self.text or where

    def _where(self) -> str:
        """How far the job has come, in words; empty before its first step."""
        if self.kind == "generate" or self.found:
            return f"session {len(self.found)} of {self.sessions}" if self.found else ""
        if not self.epochs:
            return ""
        name = self.models[self.model].name if self.model in self.models else ""
        more = " (+ Validation)" if name.endswith(recipes.FINAL) else ""
        which = f"model {self.model + 1} of {len(self.models)}{more}, " if len(self.models) > 1 else ""
        return f"{which}epoch {self.epoch} of {self.epochs}"


def duration(seconds: float) -> str:
    """A length of time as users say it.

    >>> duration(40.2), duration(185), duration(7300)
    ('40 s', '3 min 5 s', '2 h 1 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def _number(value: object) -> float | None:
    """A finite number, or None for all else that a file may hold."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def _count(value: object) -> int:
    return max(0, int(_number(value) or 0))
