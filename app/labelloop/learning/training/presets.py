"""The lists of models that a training job makes when nobody chose one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from labelloop.contract.front_end import WIDTHS as WIDTHS
from labelloop.contract.recipes import (
    COUNTS,
    DENSE,
    DENSE_RATES,
    EPOCHS,
    FAMILIES,
    LEARN_RATES,
    PRESETS,
    RECURRENT,
)
from labelloop.contract.training import TrainingJob
from labelloop.errors import UserError, printable
from labelloop.formats.improj.layers import KERNELS, Layout
from labelloop.learning.data.prepared import GLOBAL, SESSION
from labelloop.learning.networks.studio import CLASSIFIERS, OPTIMIZATIONS

REGULARISATION = {"low": 0.15, "mid": 0.25, "high": 0.4}  # share of values that are dropped


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """One model to train. ``norm`` is how features are scaled, ``variant`` counts the models of a list.

    The last six are for the windowed families alone, with Studio's words.
    """

    name: str
    family: str = DENSE
    size: str = "medium"
    norm: str = GLOBAL
    variant: int = 0
    epochs: int = EPOCHS["default"]
    steps: int = 16
    batch: int | None = None
    patience: int = 20
    rate: str | float = "mid"
    regularisation: str = "low"
    optimization: str = "balanced"
    flavor: str = "smallkern"
    classifier: str = "globalaveragepool"
    pooling: bool = True
    downscale: bool = False
    layers: int | None = None  # whose layers of the wizard's list it has, if not those of its own place

    @property
    def layout(self) -> Layout:
        """What a windowed network is made from."""
        return Layout(
            self.size,
            self.optimization,
            self.flavor,
            lstm=self.family == RECURRENT,
            classifier=self.classifier,
            pooling=self.pooling,
            downscale=self.downscale,
        )

    @property
    def width(self) -> int:
        """Filters of a dense network."""
        return WIDTHS[self.size]

    @property
    def dropout(self) -> float:
        """Share of values dropped in training."""
        return REGULARISATION[self.regularisation]

    @property
    def learn_rate(self) -> float:
        """The highest learning rate."""
        if isinstance(self.rate, str):
            return (DENSE_RATES if self.family == DENSE else LEARN_RATES)[self.rate]
        return float(self.rate)


BASES: dict[str, dict[str, Any]] = {
    "quick": {"epochs": EPOCHS["quick"], "steps": 12},
    "default": {},
    "thorough": {"epochs": EPOCHS["thorough"], "steps": 24, "size": "large"},
}  # what a preset changes of a dense model's defaults
_WORDS: dict[str, Collection[str]] = {
    "size": WIDTHS,
    "regularisation": REGULARISATION,
    "optimization": OPTIMIZATIONS,
    "flavor": KERNELS,
    "classifier": CLASSIFIERS,
}
_EVERY = (
    "family",
    "size",
    "epochs",
    "learning_rate",
    "regularization",
    "batch_size",
    "patience",
    "optimization",
    "flavor",
    "classifier",
    "pooling",
    "downscale",
)  # what a request may say for all models at once


def model_list(job: TrainingJob) -> list[ModelSpec]:
    """The models that a job is to make: those of its own list, or the preset's.

    Raises:
        UserError: the preset, a family or a setting is unknown.
    """
    if job.preset not in PRESETS:
        raise UserError(f"There is no preset '{printable(job.preset)}': use {', '.join(PRESETS)}.")
    rows = job.models or ({},) * (job.model_count or COUNTS[job.preset])
    given = {"family": job.family, "epochs": job.epochs, **job.options}
    common = {k: given[k] for k in _EVERY if given.get(k) is not None}
    return [_spec(n, {**BASES[job.preset], **common, **row}) for n, row in enumerate(rows)]


def _spec(number: int, row: Mapping[str, Any]) -> ModelSpec:
    family = str(row.get("family") or DENSE).lower()
    if family not in FAMILIES:
        raise UserError(f"There is no model family '{printable(family)}': use {', '.join(FAMILIES)}.")
    size = str(row.get("size") or "medium").lower()
    optimization = str(row.get("optimization") or "balanced").lower()
    usual = f"{family}-{size}-{number + 1}" if family == DENSE else f"{family}-{size}-{optimization}-{number}"
    name = str(row.get("name") or usual)
    spec = ModelSpec(name, family, size, (GLOBAL, SESSION)[number % 2], number)
    if family != DENSE:
        spec = replace(spec, epochs=100, batch=32)
    chosen = {
        "epochs": row.get("epochs"),
        "steps": row.get("steps"),
        "batch": row.get("batch_size"),
        "patience": row.get("patience"),
        "rate": row.get("learning_rate"),
        "regularisation": row.get("regularization"),
        "norm": row.get("norm"),
        "optimization": row.get("optimization"),
        "flavor": row.get("flavor"),
        "classifier": row.get("classifier"),
        "pooling": row.get("pooling"),
        "downscale": row.get("downscale"),
        "layers": row.get("layers"),
    }
    spec = replace(spec, **{k: _plain(v) for k, v in chosen.items() if v is not None})
    for key, known in _WORDS.items():
        if getattr(spec, key) not in known:
            raise UserError(f"The setting {key} of {printable(name)} must be one of {', '.join(known)}.")
    if isinstance(spec.rate, str) and spec.rate not in LEARN_RATES:
        raise UserError(
            f"The learning rate of {printable(name)} must be a number or one of {', '.join(LEARN_RATES)}."
        )
    if spec.epochs < 1:
        raise UserError(f"{printable(name)} needs at least one epoch.")
    return spec


def _plain(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value
