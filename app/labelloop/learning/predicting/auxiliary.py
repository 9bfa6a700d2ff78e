"""An auxiliary model: an ensemble's network, run together with one of the models it learned from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from labelloop.contract.recipes import DENSE, DISTILLED, ENSEMBLE
from labelloop.formats.model.child import read_infos
from labelloop.formats.model.info import ModelInfo
from labelloop.learning.predicting.model import Model
from labelloop.learning.predicting.model_io import load_model
from labelloop.learning.predicting.scores import Second


def load_with_auxiliary(path: Path) -> Model:
    """A model; one that was made from an ensemble also asks the best of the models beside it.

    Where the two differ, a user should look first. Raises UserError when the model can't be used.
    """
    model = load_model(path)
    if model.name != DISTILLED:
        return model
    for other in _beside(path):
        member = load_model(other)
        if member.classes == model.classes and member.front == model.front:
            return asking(model, member)
    return model


def _beside(path: Path) -> Sequence[Path]:
    """The files of the models that an ensemble was made from, the best on Validation first."""
    found: list[tuple[float, Path]] = []
    paths = sorted(path.parent.glob(f"{DENSE}-*.h5"))
    for other, info in zip(paths, read_infos(paths), strict=True):
        if isinstance(info, ModelInfo) and info.name not in (ENSEMBLE, DISTILLED):
            figures = info.validation or {}
            found.append((-sum(float(figures.get(f"event_f1_{n}") or 0) for n in (30, 50, 70)), other))
    return [other for _, other in sorted(found)]


def asking(model: Model, other: Model) -> Model:
    """A model that is run together with another; what it finds stays the same."""
    width = other.network.nodes[0]["config"]["shape"][-1]
    first = width * [norm.mode for norm in model.norms].index(other.norms[0].mode)
    return replace(model, second=Second(other.network, other.weights, slice(first, first + width)))
