"""Trained models as candidates: tuned on Validation, measured on every set, saved, and compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

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
SEEN = "validation_seen"  # figures on Validation of a network that learned from it


@dataclass(slots=True)
class Candidate:
    """A trained model with its figures. ``row`` is its entry in the result."""

    model: Model
    row: dict[str, Any]

    @property
    def value(self) -> float:
        """What candidates are compared by: mean event F1 on Validation; -1 when it found no event there.

        A network that learned from Validation counts no more than it reaches there itself.
        """
        value = _event_f1(self.row["validation"])
        seen = self.row.get(SEEN)
        return value if seen is None else min(value, _event_f1(seen))


def _event_f1(figures: Mapping[str, Any]) -> float:
    if not figures["recall"]:
        return -1.0
    return float(figures["event_f1_30"] + figures["event_f1_50"] + figures["event_f1_70"]) / 3


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


def measure_seen(candidate: Candidate, sets: Sets) -> None:
    """Note how a network that learned from Validation does there: these figures flatter, and are a bound."""
    scores = [candidate.model.scores(x.recording) for x in sets.validation]
    found = [events_of(candidate.model, x, s) for x, s in zip(sets.validation, scores, strict=True)]
    candidate.row[SEEN], _ = assess(sets.validation, found, sets.classes)


def events_of(model: Model, example: Example, scores: Scores) -> list[Event]:
    """The events that scores of an example give with the model's settings."""
    events = to_events(scores[0], scores[2], model.classes, model.post, scores[1])
    return snapped_to_samples(events, example.recording.times)
