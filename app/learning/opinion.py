"""A second opinion: a network made from an ensemble, run together with one of the models it learned from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from app.errors import UserError
from app.formats.model_file import read_model_info
from app.learning.candidates import widened
from app.learning.judging import DISTILLED, ENSEMBLE
from app.learning.model_io import Model, load_model
from app.learning.networks import CLASSES, Network
from app.learning.presets import DENSE

SECOND = "second_"  # before the names of its layers


def load_with_opinion(path: Path) -> Model:
    """A model; one that was made from an ensemble also asks the best of the models beside it.

    Where the two differ, a person should look first. Raises UserError when the model can't be used.
    """
    model = load_model(path)
    if model.name != DISTILLED:
        return model
    for other in _beside(path):
        second = load_model(other)
        if second.classes == model.classes and second.front == model.front:
            return asking(model, second)
    return model


def _beside(path: Path) -> Sequence[Path]:
    """The files of the models that an ensemble was made from, the best on Validation first."""
    found: list[tuple[float, Path]] = []
    for other in sorted(path.parent.glob(f"{DENSE}-*.h5")):
        try:
            info = read_model_info(other)
        except UserError:
            continue
        if info.name not in (ENSEMBLE, DISTILLED):
            figures = info.validation or {}
            found.append((-sum(float(figures.get(f"event_f1_{n}") or 0) for n in (30, 50, 70)), other))
    return [other for _, other in sorted(found)]


def asking(model: Model, second: Model) -> Model:
    """A model whose network also says what another thinks; what it finds stays the same."""
    nodes, weights = widened(second, [norm.mode for norm in model.norms])
    renamed = [
        node
        | {
            "name": SECOND + node["name"],
            "inputs": ["frames" if name == "frames" else SECOND + name for name in node["inputs"]],
        }
        for node in nodes[1:]
    ]
    return replace(
        model,
        network=Network((*model.network.nodes, *renamed), model.network.outputs),
        weights={**model.weights, **{SECOND + name: arrays for name, arrays in weights.items()}},
        opinions=(SECOND + CLASSES,),
    )
