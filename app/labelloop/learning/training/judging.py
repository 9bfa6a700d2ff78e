"""Trained models as candidates: tuned on Validation, measured on every set, saved, and compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from labelloop.contract.recipes import DENSE, DISTILLED, ENSEMBLE
from labelloop.labeling.matching import Event
from labelloop.labeling.postprocess import to_events
from labelloop.labeling.tuning import Scored, tune
from labelloop.learning.data.frames import snapped_to_samples
from labelloop.learning.data.prepared import Example, known
from labelloop.learning.data.sessions import Sets
from labelloop.learning.predicting.model import Model
from labelloop.learning.predicting.model_io import save_model
from labelloop.learning.training.assess import assess

Array = npt.NDArray[Any]
Scores = tuple[Array, Array | None, Array]


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


def judge(model: Model, sets: Sets, history: list[dict[str, float]]) -> Candidate:
    """A candidate from a model that never saw Validation: its settings tuned there, and its figures."""
    scores = [model.scores(x.recording) for x in sets.validation]
    items = [
        Scored(a, b, t, known(x.events, x.ignore), x.ignore)
        for x, (a, b, t) in zip(sets.validation, scores, strict=True)
    ]
    touching = any(item.boundary is not None for item in items)
    model = replace(model, post=tune(items, sets.classes, sets.lengths, touching=touching))
    row: dict[str, Any] = {"history": history, "statistics": {}}
    _measure(row, "validation", model, sets, sets.validation, scores)
    return Candidate(model, row | {"name": model.name, "family": model.family})


def save(candidate: Candidate, model: Model, folder: Path, sets: Sets, seed: int) -> None:
    """Write a candidate's file. ``model`` is what goes into it; figures for Validation stay the candidate's.

    Raises:
        UserError: the file can't be written.
    """
    row = candidate.row
    row["parameters"] = model.network.parameters
    row["path"] = str(folder / f"{model.name}.h5")
    _measure(row, "train", model, sets, sets.train)
    row["test"] = None
    if sets.test:
        _measure(row, "test", model, sets, sets.test)
    usual = {c: float(np.median(v)) for c, v in sets.lengths.items() if v}
    report = {"history": row["history"], "statistics": row["statistics"], "seed": seed}
    metrics = {k: row[k] for k in ("train", "validation", "test")}
    save_model(Path(row["path"]), model, metrics, usual, report)
    candidate.model = model


def _measure(
    row: dict[str, Any],
    name: str,
    model: Model,
    sets: Sets,
    examples: Sequence[Example],
    scores: Sequence[Scores] | None = None,
) -> None:
    """Put a set's metrics and statistics into a result's row."""
    scores = scores if scores is not None else [model.scores(x.recording) for x in examples]
    found = [events_of(model, x, s) for x, s in zip(examples, scores, strict=True)]
    row[name], row["statistics"][name] = assess(examples, found, sets.classes)


def events_of(model: Model, example: Example, scores: Scores) -> list[Event]:
    """The events that scores of an example give with the model's settings."""
    events = to_events(scores[0], scores[2], model.classes, model.post, scores[1])
    return snapped_to_samples(events, example.recording.times)


def choose_best(found: Sequence[Candidate]) -> Candidate | None:
    """The highest event F1 on Validation; a model that found no event is never the best.

    Of the dense models, the one that was made from the ensemble goes first, then the ensemble, then its
    members: both also learned from Validation, which their figures don't show, and an average of models is
    a safer choice than the one that came first on a few events.
    """
    good = [c for c in found if c.value >= 0]
    for name in (DISTILLED, ENSEMBLE):
        if any(c.row["name"] == name for c in good):
            good = [c for c in good if c.row["name"] == name or c.row["family"] != DENSE]
            break
    return max(good, key=lambda c: c.value, default=None)
