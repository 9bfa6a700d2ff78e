"""A training job from request to result: models in turn, then their ensemble, and the best of them all.

Each model of the list learns from Train and is chosen and tuned by Validation. The ensemble is judged and
tuned the same way; then its members go on learning for a while from Train and Validation together. What
ships first is one network that learned from all of them, on unlabelled sessions too. Figures and settings for
Validation stay those of the members that never saw Validation.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from labelloop.contract.recipes import DENSE, DISTILLED, ENSEMBLE, FINAL
from labelloop.contract.training import TrainingJob
from labelloop.errors import UserError, printable
from labelloop.learning.data.prepared import known
from labelloop.learning.data.sessions import Sets, Store, read_sets
from labelloop.learning.predicting.model import Model
from labelloop.learning.predicting.model_io import load_model
from labelloop.learning.training import checkpoints
from labelloop.learning.training.candidates import FeatureCache, combine, make_task
from labelloop.learning.training.choosing import choose_best, disagreement
from labelloop.learning.training.curve import learning_curve
from labelloop.learning.training.distilling import distilled_spec, distilling, stretches
from labelloop.learning.training.earlier import (
    check_fits,
    earlier_cache,
    earlier_members,
    earlier_specs,
    seen_before,
)
from labelloop.learning.training.fit import Fitted, Schedule, Task, Watch, Weights, fit
from labelloop.learning.training.judging import Candidate, judge, measure_seen, save
from labelloop.learning.training.presets import ModelSpec, model_list

Array = npt.NDArray[Any]
AGAIN = 0.5  # share of its epochs that a member goes on learning, from Train and Validation together
MIX = 0.75  # share of the weights after that in what ships; the rest are those before
AGAIN_RATE = 0.5  # and the learning rate then, as a share of its own


class Reporter(Protocol):
    """Who a job tells of its progress; app.jobs' Worker is one."""

    def report(self, type: str, **values: Any) -> None:
        """Append one event."""

    @property
    def stopped(self) -> bool:
        """Whether the user asked to stop."""


def again_spec(spec: ModelSpec) -> ModelSpec:
    """How a model of the list goes on learning from Train and Validation together."""
    epochs = max(2, round(AGAIN * spec.epochs))
    return replace(
        spec, name=spec.name + FINAL, epochs=epochs, patience=epochs, rate=spec.learn_rate * AGAIN_RATE
    )


def mixed(
    before: Mapping[str, Sequence[Array]], after: Mapping[str, Sequence[Array]], share: float
) -> Weights:
    """Weights between two that lie on one way of learning: ``share`` of those after.

    Averages along the way generalise better than its end (stochastic weight averaging, Izmailov et al. 2018).
    """
    return {
        name: [
            np.asarray((1 - share) * a + share * b, dtype=np.float32)
            for a, b in zip(old, after[name], strict=True)
        ]
        for name, old in before.items()
    }


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


class Job:
    """One training job in its run folder."""

    def __init__(self, folder: Path, request: TrainingJob, store: Store, reporter: Reporter) -> None:
        self.folder, self.request, self.store, self.reporter = folder, request, store, reporter
        self.models_dir = Path(request.models_dir or folder / "models")
        self.seed = request.seed
        self._said = 0.0
        self._starts: list[Weights] = []

    def run(self) -> dict[str, Any]:
        """Train everything; the value of result.json.

        Raises:
            UserError: nothing can be learned from what is there.
        """
        specs = model_list(self.request)
        sets = read_sets(self.request, self.store, self._report)
        if self.request.curve:
            return self._curve(sets)
        cache = FeatureCache(
            sets, self.seed, self._report, self.request.context_s, self.request.prediction_hz
        )
        if self.request.start:
            specs, cache = self._earlier(specs, cache)
        dense = [s for s in specs if s.family == DENSE]
        rows = [s.name for s in (*specs, *map(again_spec, dense))] + [DISTILLED] * bool(dense)
        for index, name in enumerate(rows):
            self.reporter.report("model", index=index, name=name, state="queued")
        began = time.perf_counter()
        found: list[Candidate] = []
        for index, spec in enumerate(specs):
            if self.reporter.stopped:
                break
            candidate = self._train(index, spec, cache, Clock(began, index, len(rows)))
            if candidate is not None:
                found.append(candidate)
        members = {c.model.name: c for c in found if c.row["family"] == DENSE and c.value >= 0}
        if members:
            found += self._ensembles(members, dense, cache, began, len(specs))
        if told := disagreement(list(members.values())):
            self._report(told)
        return self._result(found, "stopped" if self.reporter.stopped else "done", cache.sets)

    def _curve(self, sets: Sets) -> dict[str, Any]:
        """No models but the learning curve; the value of result.json."""
        points = learning_curve(
            sets,
            self.seed,
            self._report,
            lambda: self.reporter.stopped,
            lambda point: self.reporter.report("curve", **point.to_json()),
        )
        state = "stopped" if self.reporter.stopped else "done"
        return {
            "state": state,
            "best": None,
            "models": [],
            "message": "",
            "curve": [p.to_json() for p in points],
        }

    def _earlier(
        self, specs: Sequence[ModelSpec], cache: FeatureCache
    ) -> tuple[list[ModelSpec], FeatureCache]:
        """The list and the bench for going on from an earlier model. Raises UserError if it does not fit."""
        members = earlier_members(Path(self.request.start))
        check_fits(members, cache.sets)
        self._starts = [{k: list(v) for k, v in m.weights.items()} for m in members]
        if seen := seen_before(self.request, cache.sets):
            self._report(
                f"The earlier model learned from {', '.join(map(printable, seen))} of Validation: its "
                f"figures there flatter."
            )
        return earlier_specs(members, specs), earlier_cache(members, cache)

    def _report(self, text: str) -> None:
        self.reporter.report("message", text=text)

    def _train(self, index: int, spec: ModelSpec, cache: FeatureCache, clock: Clock) -> Candidate | None:
        """One model of the list, trained on Train and judged on Validation; None when stopped too early."""
        kept = checkpoints.finished(self.folder, index)
        if kept is not None:
            self._report_model(index, spec.name, "done", int(kept["parameters"]))
            return Candidate(load_model(Path(kept["path"])), kept)
        start = Fitted(self._starts[index]) if self._starts else None
        trained = self._fit(index, spec, make_task(spec, cache), cache.seed_of(spec), clock, start)
        if trained is None:
            return None
        model, fitted = trained
        candidate = judge(model, cache.sets, fitted.history)
        save(candidate, candidate.model, self.models_dir, cache.sets, self.seed)
        if not self.reporter.stopped:
            checkpoints.finish(self.folder, index, candidate.row)
        if candidate.value < 0:
            self._report(f"{spec.name} found none of Validation's events; it is never taken as the best.")
        state = "stopped" if self.reporter.stopped else "done"
        self._report_model(index, spec.name, state, model.network.parameters)
        return candidate

    def _fit(
        self,
        index: int,
        spec: ModelSpec,
        made: tuple[Task, Model],
        seed: int,
        clock: Clock,
        start: Fitted | None = None,
    ) -> tuple[Model, Fitted] | None:
        """A model with the weights that its task brings; ``start`` is where to begin without a checkpoint."""
        task, model = made
        self._report_model(index, spec.name, "running", model.network.parameters)
        steps = spec.steps if spec.family == DENSE else getattr(task, "steps", spec.steps)
        schedule = Schedule(spec.epochs, steps, spec.patience, spec.learn_rate)
        start = checkpoints.started(self.folder, index) or start
        fitted = fit(task, schedule, seed, self._watch(index, spec, clock), start)
        if not fitted.history:
            self._report_model(index, spec.name, "stopped", model.network.parameters)
            return None
        return replace(model, weights=fitted.weights), fitted

    def _report_model(self, index: int, name: str, state: str, parameters: int) -> None:
        self.reporter.report("model", index=index, name=name, state=state, parameters=parameters)

    def _watch(self, index: int, spec: ModelSpec, clock: Clock) -> Watch:
        def on_epoch(row: dict[str, float], fitted: Fitted) -> bool:
            left = clock.left(row["epoch"] / spec.epochs)
            shown = {k: v for k, v in row.items() if k not in ("choice", "seconds", "epoch")}
            number = int(row["epoch"])
            self.reporter.report("epoch", model=index, epoch=number, epochs=spec.epochs, eta_s=left, **shown)
            self._keep(index, fitted)
            return not self.reporter.stopped

        def on_batch(number: int, steps: int) -> bool:
            if time.monotonic() - self._said < 0.5:
                return True
            self._said = time.monotonic()
            self.reporter.report("batch", model=index, batch=number, batches=steps)
            return not self.reporter.stopped

        return Watch(on_epoch, on_batch)

    def _keep(self, index: int, fitted: Fitted) -> None:
        """A checkpoint; where the disk does not take it, training goes on all the same."""
        try:
            checkpoints.keep(self.folder, index, fitted)
        except UserError as error:
            self._report(f"No checkpoint could be kept, so this job can't be resumed: {error}")

    def _ensembles(
        self,
        members: Mapping[str, Candidate],
        specs: Sequence[ModelSpec],
        cache: FeatureCache,
        began: float,
        index: int,
    ) -> list[Candidate]:
        """The average of the members, which then learn from Validation too, and one network made from it."""
        first = {name: c.model for name, c in members.items()}
        candidate = judge(replace(combine(list(first.values())), name=ENSEMBLE), cache.sets, [])
        both, models = cache.with_validation(), dict(first)
        learned_from, count = list(first.values()), index + len(specs) + 1
        for n, spec in enumerate(map(again_spec, specs)):
            name = spec.name.removesuffix(FINAL)
            if name not in models or self.reporter.stopped:
                continue
            clock = Clock(began, index + n, count)
            start = Fitted({k: list(v) for k, v in models[name].weights.items()})
            made, seed = make_task(spec, both), both.seed_of(spec)
            trained = self._fit(index + n, spec, made, seed, clock, start)
            if trained is not None and not self.reporter.stopped:
                learned_from.append(trained[0])
                weights = mixed(models[name].weights, trained[0].weights, MIX)
                models[name] = replace(trained[0], weights=weights)
                self._report_model(index + n, spec.name, "done", trained[0].network.parameters)
        post = candidate.model.post
        final = replace(combine(list(models.values())), name=ENSEMBLE, post=post)
        save(candidate, final, self.models_dir, cache.sets, self.seed)
        teacher = replace(combine(learned_from), post=post)
        one = self._distilled(count - 1, teacher, specs, candidate, cache, Clock(began, count - 1, count))
        return [candidate] if one is None else [candidate, one]

    def _distilled(
        self,
        index: int,
        teacher: Model,
        specs: Sequence[ModelSpec],
        ensemble: Candidate,
        cache: FeatureCache,
        clock: Clock,
    ) -> Candidate | None:
        """One network that answers like the teacher, with the ensemble's figures for Validation."""
        if self.reporter.stopped:
            return None
        spec = distilled_spec(specs)
        both = cache.with_validation()
        cache.release()
        made = distilling(teacher, spec, both, stretches(self.request, self.store, both, self.seed))
        trained = self._fit(index, spec, made, both.seed_of(spec), clock)
        if trained is None or self.reporter.stopped:
            return None
        row = {k: ensemble.row[k] for k in ("family", "validation")}
        shown = {"validation": ensemble.row["statistics"]["validation"]}
        row |= {"name": DISTILLED, "history": trained[1].history, "statistics": shown}
        candidate = Candidate(trained[0], row)
        measure_seen(candidate, cache.sets)
        save(candidate, trained[0], self.models_dir, cache.sets, self.seed)
        self._report_model(index, spec.name, "done", trained[0].network.parameters)
        return candidate

    def _result(self, found: Sequence[Candidate], state: str, sets: Sets) -> dict[str, Any]:
        choice = choose_best(found, sum(len(known(x.events, x.ignore)) for x in sets.validation))
        best = choice.best
        out: dict[str, Any] = {"state": state, "best": None, "models": [c.row for c in found], "message": ""}
        if best is not None:
            out["best"] = {k: best.row[k] for k in ("name", "path", "validation")} | {"reason": choice.reason}
            self._report(f"The best: {choice.reason}.")
        elif found:
            out["message"] = (
                "No model found any of Validation's events: label more events, or check that the labels fit."
            )
        elif state == "stopped":
            out["message"] = "Stopped before the first epoch ended; there is no model."
        return out
