"""A training job from request to result: models in turn, their ensemble, the best of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from app.errors import UserError, printable
from app.labeling.postprocess import PostSettings, to_events
from app.labeling.tuning import Scored, tune
from app.learning import checkpoints
from app.learning.assess import assess
from app.learning.candidates import Bench, combine, make_task
from app.learning.data import Example, known
from app.learning.fit import Fitted, Schedule, Watch, fit
from app.learning.frames import snapped_to_samples
from app.learning.model_io import Model, load_model, save_model
from app.learning.presets import DENSE, ModelSpec, model_list
from app.learning.sessions import Sets, Store, read_sets

Array = npt.NDArray[Any]
ENSEMBLE_LEAD = 0.01  # validation F1 by which a single model must beat the ensemble


class Reporter(Protocol):
    """Who a job tells of its progress; app.jobs' Worker is one."""

    def say(self, type: str, **values: Any) -> None:
        """Append one event."""

    @property
    def stopped(self) -> bool:
        """Whether somebody asked to stop."""


@dataclass(slots=True)
class Candidate:
    """A trained model with its figures. ``row`` is its entry in the result."""

    model: Model
    row: dict[str, Any]

    @property
    def value(self) -> float:
        """What candidates are compared by: mean event F1 on Validation; -1 when it found no event there."""
        v = self.row["validation"]
        if not v["recall"]:
            return -1.0
        return float(v["event_f1_30"] + v["event_f1_50"] + v["event_f1_70"]) / 3


class Job:
    """One training job in its run folder."""

    def __init__(self, folder: Path, request: Mapping[str, Any], store: Store, reporter: Reporter) -> None:
        self.folder, self.request, self.store, self.reporter = folder, request, store, reporter
        self.models_dir = Path(request.get("models_dir") or folder / "models")
        self.seed = int(request.get("seed") or 0)
        self._said = 0.0

    def run(self) -> dict[str, Any]:
        """Train everything; the value of result.json.

        Raises:
            UserError: nothing can be learned from what is there.
        """
        specs = model_list(self.request)
        sets = read_sets(self.request, self.store, lambda text: self.reporter.say("message", text=text))
        bench = Bench(sets, self.seed, lambda text: self.reporter.say("message", text=text))
        found: list[Candidate] = []
        for index, spec in enumerate(specs):
            self.reporter.say("model", index=index, name=spec.name, state="queued")
        began = time.perf_counter()
        for index, spec in enumerate(specs):
            if self.reporter.stopped:
                break
            candidate = self._train(index, spec, bench, Clock(began, index, len(specs)))
            if candidate is not None:
                found.append(candidate)
        dense = [c for c in found if c.row["family"] == DENSE]
        if len(dense) > 1:
            found.append(self._ensemble(dense, bench, len(specs)))
        return self._result(found, "stopped" if self.reporter.stopped else "done")

    def _train(self, index: int, spec: ModelSpec, bench: Bench, clock: Clock) -> Candidate | None:
        kept = checkpoints.finished(self.folder, index)
        if kept is not None:
            return Candidate(load_model(Path(kept["path"])), kept)
        task, model = make_task(spec, bench)
        say = self.reporter.say
        say("model", index=index, name=spec.name, state="running", parameters=model.network.parameters)
        steps = spec.steps if spec.family == DENSE else getattr(task, "steps", spec.steps)
        schedule = Schedule(spec.epochs, steps, spec.patience, spec.learn_rate)
        start = checkpoints.started(self.folder, index)
        watch = self._watch(index, spec, clock)
        fitted = fit(task, schedule, bench.seed_of(spec), watch, start)
        if not fitted.history:
            say("model", index=index, name=spec.name, state="stopped")
            return None
        model = replace(model, weights=fitted.weights)
        candidate = self._finish(model, bench, fitted.history)
        checkpoints.finish(self.folder, index, candidate.row)
        state = "stopped" if self.reporter.stopped else "done"
        say("model", index=index, name=spec.name, state=state, parameters=model.network.parameters)
        return candidate

    def _watch(self, index: int, spec: ModelSpec, clock: Clock) -> Watch:
        def on_epoch(row: dict[str, float], fitted: Fitted) -> bool:
            left = clock.left(row["epoch"] / spec.epochs)
            shown = {k: v for k, v in row.items() if k not in ("choice", "seconds", "epoch")}
            number = int(row["epoch"])
            self.reporter.say("epoch", model=index, epoch=number, epochs=spec.epochs, eta_s=left, **shown)
            checkpoints.keep(self.folder, index, fitted)
            return not self.reporter.stopped

        def on_batch(number: int, steps: int) -> bool:
            if time.monotonic() - self._said < 0.5:
                return True
            self._said = time.monotonic()
            self.reporter.say("batch", model=index, batch=number, batches=steps)
            return not self.reporter.stopped

        return Watch(on_epoch, on_batch)

    def _finish(self, model: Model, bench: Bench, history: list[dict[str, float]]) -> Candidate:
        """Tune the model's post-processing on Validation, measure it on every set, and save it."""
        sets = bench.sets
        scored = {name: [model.scores(x.recording) for x in part] for name, part in parts_of(sets).items()}
        items = [
            Scored(a, b, t, known(x.events, x.ignore), x.ignore)
            for x, (a, b, t) in zip(sets.validation, scored["validation"], strict=True)
        ]
        model = replace(
            model, post=tune(items, sets.classes, sets.lengths, touching=items[0].boundary is not None)
        )
        row: dict[str, Any] = {
            "name": model.name,
            "family": model.family,
            "parameters": model.network.parameters,
            "path": str(self.models_dir / f"{model.name}.h5"),
            "statistics": {},
            "history": history,
        }
        for name, part in parts_of(sets).items():
            row[name] = None
            if part:
                found = [events_of(model, x, s) for x, s in zip(part, scored[name], strict=True)]
                row[name], row["statistics"][name] = assess(part, found, sets.classes)
        usual = {c: float(np.median(v)) for c, v in sets.lengths.items() if v}
        report = {"history": history, "statistics": row["statistics"], "seed": self.seed}
        save_model(Path(row["path"]), model, {k: row[k] for k in parts_of(sets)}, usual, report)
        if not row["validation"]["recall"]:
            text = f"{model.name} found none of Validation's events; it is never taken as the best."
            self.reporter.say("message", text=text)
        return Candidate(model, row)

    def _ensemble(self, members: Sequence[Candidate], bench: Bench, index: int) -> Candidate:
        model = combine([c.model for c in members])
        say = self.reporter.say
        say("model", index=index, name=model.name, state="running", parameters=model.network.parameters)
        candidate = self._finish(model, bench, [])
        say("model", index=index, name=model.name, state="done", parameters=model.network.parameters)
        return candidate

    def _result(self, found: Sequence[Candidate], state: str) -> dict[str, Any]:
        best = choose_best(found)
        out: dict[str, Any] = {"state": state, "best": None, "models": [c.row for c in found], "message": ""}
        if best is not None:
            out["best"] = {k: best.row[k] for k in ("name", "path", "validation")}
        elif found:
            out["message"] = (
                "No model found any of Validation's events: label more events, or check that the labels fit."
            )
        elif state == "stopped":
            out["message"] = "Stopped before the first epoch ended; there is no model."
        return out


def choose_best(found: Sequence[Candidate]) -> Candidate | None:
    """The candidate with the highest event F1 on Validation; the ensemble (the last) unless another leads clearly."""
    good = [c for c in found if c.value >= 0]
    if not good:
        return None
    return max(good, key=lambda c: c.value + (ENSEMBLE_LEAD if c.model.name.endswith("ensemble") else 0.0))


def parts_of(sets: Sets) -> dict[str, list[Example]]:
    """The sets by name."""
    return {"train": sets.train, "validation": sets.validation, "test": sets.test}


def events_of(model: Model, example: Example, scores: tuple[Array, Array | None, Array]) -> list[Any]:
    """The events that scores of an example give with the model's settings."""
    events = to_events(scores[0], scores[2], model.classes, model.post, scores[1])
    return snapped_to_samples(events, example.recording.times)


@dataclass(frozen=True, slots=True)
class Clock:
    """Tells how long a job will still take: models before this one, and all of them."""

    began: float
    before: int
    models: int

    def left(self, share: float) -> float:
        """Seconds, when ``share`` of the present model is done."""
        done = max(1e-6, self.before + share)
        return round((time.perf_counter() - self.began) / done * (self.models - done), 1)


__all__ = ["Candidate", "Job", "PostSettings", "UserError", "Callable", "choose_best", "printable"]
