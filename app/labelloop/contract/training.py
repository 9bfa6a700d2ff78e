"""A training job as both sides know it: what is requested, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from labelloop.contract.recipes import IOUS
from labelloop.contract.values import Json, items, mapping, names, number, rows, text, whole

SETS = ("train", "validation", "test")


@dataclass(frozen=True, slots=True)
class LabelledSession:
    """A session with a snapshot of its labels.

    ``labels`` are (start, end, class) in seconds; ``ignore`` are stretches of which nothing is known, and
    what follows ``ignore_after`` is not known either. A set that no training uses is not learned from.
    """

    id: str
    name: str
    set: str
    source: str
    labels: tuple[tuple[float, float, str], ...] = ()
    ignore: tuple[tuple[float, float], ...] = ()
    ignore_after: float | None = None

    def to_json(self) -> dict[str, Any]:
        """As request.json holds it."""
        return {
            "id": self.id,
            "name": self.name,
            "set": self.set,
            "source": self.source,
            "labels": [list(label) for label in self.labels],
            "ignore": [list(stretch) for stretch in self.ignore],
            "ignore_after": self.ignore_after,
        }

    @classmethod
    def from_json(cls, data: Json) -> LabelledSession:
        """Read one back. Raises ValueError or TypeError for times that are no numbers."""
        return cls(
            text(data.get("id")),
            text(data.get("name")),
            text(data.get("set")),
            text(data.get("source")),
            tuple((float(a), float(b), str(c)) for a, b, c in items(data.get("labels"))),
            tuple((float(a), float(b)) for a, b in items(data.get("ignore"))),
            number(data.get("ignore_after")),
        )


@dataclass(frozen=True, slots=True)
class UnlabelledSession:
    """A session whose recording may be learned from, without labels."""

    name: str
    source: str

    def to_json(self) -> dict[str, Any]:
        """As request.json holds it."""
        return {"name": self.name, "source": self.source}

    @classmethod
    def from_json(cls, data: Json) -> UnlabelledSession:
        """Read one back."""
        return cls(text(data.get("name")), text(data.get("source")))


@dataclass(frozen=True, slots=True)
class TrainingJob:
    """What a training job is to do; what is None or empty is chosen from the data.

    ``models`` is the project's own list, a mapping of settings a model; ``options`` are settings for all
    models at once, in the words of the Model Wizard. ``start`` is a model file to go on from, and
    ``start_train`` the ids of the sessions that it learned from. Context length and prediction rate are
    those of the windowed families.
    """

    name: str = ""
    description: str = ""
    project: str = ""
    preset: str = "default"
    family: str | None = None
    model_count: int | None = None
    models: tuple[Json, ...] | None = None
    classes: tuple[str, ...] = ()
    epochs: int | None = None
    seed: int = 0
    cache_dir: str = ""
    sessions: tuple[LabelledSession, ...] = ()
    unlabelled: tuple[UnlabelledSession, ...] = ()
    resample: bool = False
    curve: bool = False
    start: str = ""
    start_train: tuple[str, ...] = ()
    context_s: float | None = None
    prediction_hz: float | None = None
    options: Json = field(default_factory=dict)
    models_dir: str = ""  # where models go, if not into the run's folder
    class_weights: Mapping[str, float] = field(default_factory=dict)  # where they are not all alike
    by_position: bool = False  # channels are taken in their order, whatever they are called

    def of_set(self, name: str) -> list[LabelledSession]:
        """The sessions of a set."""
        return [session for session in self.sessions if session.set == name]

    def to_json(self) -> dict[str, Any]:
        """As request.json holds it, less what every run adds."""
        body: dict[str, Any] = {
            "version": 1,
            "name": self.name,
            "description": self.description,
            "project": self.project,
            "preset": self.preset,
            "family": self.family,
            "model_count": self.model_count,
            "models": None if self.models is None else [dict(row) for row in self.models],
            "classes": list(self.classes),
            "epochs": self.epochs,
            "seed": self.seed,
            "cache_dir": self.cache_dir,
            "sessions": [session.to_json() for session in self.sessions],
            "unlabelled": [session.to_json() for session in self.unlabelled],
            "resample": self.resample,
            "curve": self.curve,
        }
        if self.start:
            body |= {"from": self.start, "from_train": list(self.start_train)}
        windows = {"context_s": self.context_s, "prediction_hz": self.prediction_hz}
        body |= {key: value for key, value in windows.items() if value is not None}
        if self.models_dir:
            body["models_dir"] = self.models_dir
        if self.class_weights:
            body["class_weights"] = dict(self.class_weights)
        if self.by_position:
            body["by_position"] = True
        return body | dict(self.options)

    @classmethod
    def from_json(cls, data: Json) -> TrainingJob:
        """Read a request back. Raises ValueError or TypeError when its sessions make no sense."""
        return cls(
            name=text(data.get("name")),
            description=text(data.get("description")),
            project=text(data.get("project")),
            preset=text(data.get("preset")) or "default",
            family=text(data.get("family")) or None,
            model_count=whole(data.get("model_count")),
            models=tuple(rows(data["models"])) if data.get("models") else None,
            classes=names(data.get("classes")),
            epochs=whole(data.get("epochs")),
            seed=whole(data.get("seed")) or 0,
            cache_dir=text(data.get("cache_dir")),
            sessions=tuple(map(LabelledSession.from_json, rows(data.get("sessions")))),
            unlabelled=tuple(map(UnlabelledSession.from_json, rows(data.get("unlabelled")))),
            resample=bool(data.get("resample")),
            curve=bool(data.get("curve")),
            start=text(data.get("from")),
            start_train=names(data.get("from_train")),
            context_s=number(data.get("context_s")),
            prediction_hz=number(data.get("prediction_hz")),
            options={key: value for key, value in data.items() if key not in _KNOWN},
            models_dir=text(data.get("models_dir")),
            class_weights={c: number(w) or 0.0 for c, w in mapping(data.get("class_weights")).items()},
            by_position=bool(data.get("by_position")),
        )


_OF_EVERY_RUN = {"kind", "created"}
_KNOWN = {
    *TrainingJob().to_json(),
    *("from", "from_train", "context_s", "prediction_hz", "models_dir", "class_weights", "by_position"),
    *_OF_EVERY_RUN,
}


@dataclass(frozen=True, slots=True)
class Metrics:
    """How good a model's events are on a set; None where nothing was measured."""

    event_f1_30: float | None = None
    event_f1_50: float | None = None
    event_f1_70: float | None = None
    precision: float | None = None
    recall: float | None = None
    accuracy: float | None = None
    f1: float | None = None

    @property
    def event_f1(self) -> float | None:
        """What models are compared by: the mean of the event F1s; None without one of them."""
        known = [v for iou in IOUS if (v := getattr(self, f"event_f1_{iou}")) is not None]
        return sum(known) / len(known) if known else None

    def at(self, iou: int) -> float | None:
        """Event F1 at an IoU in per cent."""
        found: float | None = getattr(self, f"event_f1_{iou}")
        return found

    @classmethod
    def from_json(cls, data: object) -> Metrics:
        """Read metrics back; what is missing or no number is None."""
        found = mapping(data)
        return cls(**{name: number(found.get(name)) for name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class FoundEvent:
    """One event of a set: what it is and what was found; None for one that was missed, or that is not."""

    session: str
    start: float
    end: float
    actual: str | None
    predicted: str | None


@dataclass(frozen=True, slots=True)
class Statistics:
    """What a model found on a set: confusion with missed and false events last, edge errors (s), events."""

    classes: tuple[str, ...] = ()
    confusion: tuple[tuple[float, ...], ...] = ()
    onset_error_s: float | None = None
    offset_error_s: float | None = None
    actual: Mapping[str, int] = field(default_factory=dict)
    predicted: Mapping[str, int] = field(default_factory=dict)
    events: tuple[FoundEvent, ...] = ()

    @classmethod
    def from_json(cls, data: object) -> Statistics:
        """Read statistics back; what makes no sense is left out."""
        found = mapping(data)
        table = tuple(tuple(number(v) or 0.0 for v in items(row)) for row in items(found.get("confusion")))
        return cls(
            names(found.get("classes")),
            table,
            number(found.get("onset_error_s")),
            number(found.get("offset_error_s")),
            {str(k): whole(v) or 0 for k, v in mapping(found.get("actual")).items()},
            {str(k): whole(v) or 0 for k, v in mapping(found.get("predicted")).items()},
            tuple(_event(row) for row in rows(found.get("events"))),
        )

    def __bool__(self) -> bool:
        return bool(self.classes or self.confusion or self.actual)


def _event(row: Json) -> FoundEvent:
    start, end = number(row.get("start")) or 0.0, number(row.get("end")) or 0.0
    actual, predicted = row.get("actual"), row.get("predicted")
    return FoundEvent(
        text(row.get("session")),
        start,
        end,
        None if actual is None else str(actual),
        None if predicted is None else str(predicted),
    )


@dataclass(frozen=True, slots=True)
class ModelResult:
    """What came of one model; ``path`` is empty while it has no file."""

    name: str
    path: str = ""
    parameters: int | None = None
    metrics: Mapping[str, Metrics] = field(default_factory=dict)
    statistics: Mapping[str, Statistics] = field(default_factory=dict)

    def on(self, name: str) -> Metrics:
        """The metrics on a set; empty ones where it was not measured."""
        return self.metrics.get(name) or Metrics()

    @classmethod
    def from_json(cls, data: Json) -> ModelResult:
        """Read a model's entry back."""
        shown = mapping(data.get("statistics"))
        return cls(
            text(data.get("name")),
            text(data.get("path")),
            whole(data.get("parameters")),
            {name: Metrics.from_json(data[name]) for name in SETS if data.get(name)},
            {name: Statistics.from_json(shown[name]) for name in SETS if shown.get(name)},
        )


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One point of a learning curve: events that were learned from, and event F1 on Validation."""

    events: int
    event_f1_30: float
    event_f1_50: float
    event_f1_70: float

    def to_json(self) -> dict[str, Any]:
        """As result.json holds it."""
        return {
            "events": self.events,
            **{f"event_f1_{iou}": getattr(self, f"event_f1_{iou}") for iou in IOUS},
        }

    @classmethod
    def from_json(cls, data: Json) -> CurvePoint:
        """Read a point back."""
        return cls(
            whole(data.get("events")) or 0, *(number(data.get(f"event_f1_{iou}")) or 0.0 for iou in IOUS)
        )


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """What came of a training job: its models and which of them is the best, or its learning curve."""

    state: str = ""
    message: str = ""
    best: ModelResult | None = None
    models: tuple[ModelResult, ...] = ()
    curve: tuple[CurvePoint, ...] = ()

    @classmethod
    def from_json(cls, data: Json | None) -> TrainingResult:
        """Read result.json back; an empty result where there is none yet."""
        data = data or {}
        best = mapping(data.get("best"))
        found = tuple(map(ModelResult.from_json, rows(data.get("models"))))
        return cls(
            text(data.get("state")),
            text(data.get("message")),
            _whole(ModelResult.from_json(best), found) if best.get("name") else None,
            found,
            tuple(map(CurvePoint.from_json, rows(data.get("curve")))),
        )


def _whole(best: ModelResult, models: tuple[ModelResult, ...]) -> ModelResult:
    """The best model with the size that its own entry gives."""
    own = next((m for m in models if m.name == best.name), None)
    return best if own is None else replace(best, parameters=own.parameters)
