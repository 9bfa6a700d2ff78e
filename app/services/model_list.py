"""The project's model list: made by the Model Wizard, changed by hand, and trained."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from app.errors import UserError, printable
from app.formats.improj_layers import window_layers
from app.formats.improj_models import DECAYS, DENSE, ModelFacts, cloned, edited, facts_of, new_model
from app.project.editor import Applied
from app.project.models import ModelEntry, SetModels
from app.project.project import Project
from app.project.sets import TRAIN
from app.services.preprocessing import chosen
from app.storage.store import ProjectStore

if TYPE_CHECKING:
    from app.services.training import TrainingRequest

FAMILIES = (DENSE, "conv1d", "conv1dlstm")  # those that a training job can make
COUNTS = {"quick": 2, "default": 4, "thorough": 6}
EPOCHS = {"quick": "10", "default": "24", "thorough": "40"}
RATES = {"low": "0.0001", "mid": "0.004", "high": "0.01"}  # Studio's
DENSE_RATES = {"low": "0.001", "mid": "0.003", "high": "0.006"}


def generate_list(
    store: ProjectStore, asked: TrainingRequest, append: bool = False, shape: Sequence[int] = ()
) -> Applied:
    """Make the list that the wizard was asked for the project's.

    Raises:
        UserError: the family is unknown, or there is no recording to choose windows for.
    """
    project, family = store.project, asked.family or DENSE
    if family != DENSE and not shape:
        w = chosen(project, asked.classes)
        channels = next((s.shape[-1] for s in project.in_set(TRAIN) if s.shape), 1)
        shape = (round(w.context_s * w.rate_hz), channels)
    values = {key: str(value) for key, value in asked.options.items()}
    if asked.epochs:
        values["epochs"] = str(asked.epochs)
    count = asked.models or COUNTS[asked.preset]
    return put_list(
        store, wizard_list(family, count, values, asked.preset, shape, len(asked.classes)), append
    )


def wizard_list(
    family: str, count: int, values: Mapping[str, str], preset: str, shape: Sequence[int], classes: int
) -> list[ModelEntry]:
    """What the Model Wizard makes of its values; an empty value means the usual one.

    ``shape`` is (window, channels) of the windowed families, ``classes`` the number of classes.
    """
    if family not in FAMILIES:
        raise UserError(f"There is no model family '{printable(family)}': use {', '.join(FAMILIES)}.")
    dense = family == DENSE
    size = values.get("size") or ("large" if dense and preset == "thorough" else "medium")
    optimization = values.get("optimization") or "balanced"
    flavor = values.get("flavor") or "smallkern"
    rate = values.get("learning_rate") or "mid"
    settings = {
        "Epochs": values.get("epochs") or (EPOCHS[preset] if dense else "100"),
        "BatchSize": values.get("batch_size") or ("8" if dense else "32"),
        "Patience": values.get("patience") or "20",
        "LearningRate": (DENSE_RATES if dense else RATES)[rate],
        "WeightDecay": DECAYS[values.get("regularization") or "low"],
    }
    if dense:
        return [new_model(f"{DENSE}-{size}-{n + 1}", settings) for n in range(count)]
    window, lstm = shape[0], family == "conv1dlstm"
    return [
        new_model(
            f"{family}-{size}-{optimization}-{n}",
            settings,
            window_layers(window, classes + 1, n, size, optimization, flavor, lstm),
            shape,
            classes + 1,
        )
        for n in range(count)
    ]


def put_list(store: ProjectStore, new: Sequence[ModelEntry], append: bool = False) -> Applied:
    """Make a list the project's, or put it behind the one that is there."""
    before = store.project.state.models
    after = (*before, *_renamed(before, new)) if append else tuple(new)
    return store.editor.apply(SetModels(before, after))


def _renamed(there: Sequence[ModelEntry], new: Sequence[ModelEntry]) -> list[ModelEntry]:
    taken = {entry.name for entry in there}
    out = []
    for entry in new:
        name = free_name(entry.name, taken)
        taken.add(name)
        out.append(entry if name == entry.name else edited(entry, name, {}))
    return out


def free_name(name: str, taken: set[str]) -> str:
    """A name that nobody has: the number at its end goes up.

    >>> free_name("dense-medium-1", {"dense-medium-1", "dense-medium-2"}), free_name("a", {"a"})
    ('dense-medium-3', 'a-1')
    """
    match = re.fullmatch(r"(.*?)-?(\d+)", name)
    stem, number = (match[1], int(match[2])) if match else (name, 0)
    while name in taken:
        number += 1
        name = f"{stem}-{number}"
    return name


def clone_model(store: ProjectStore, index: int) -> Applied:
    """A copy behind the model, under a name of its own."""
    before = store.project.state.models
    copy = cloned(before[index], free_name(before[index].name, {e.name for e in before}))
    return store.editor.apply(SetModels(before, (*before[: index + 1], copy, *before[index + 1 :])))


def delete_model(store: ProjectStore, index: int) -> Applied:
    """The list without a model."""
    before = store.project.state.models
    return store.editor.apply(SetModels(before, (*before[:index], *before[index + 1 :])))


def edit_model(store: ProjectStore, index: int, name: str, settings: Mapping[str, str]) -> Applied:
    """Another name and other settings of a model.

    Raises:
        UserError: another model has the name, or a dense model's name would not say its size any more.
    """
    before = store.project.state.models
    name = name.strip()
    if any(e.name == name for i, e in enumerate(before) if i != index):
        raise UserError(f"There is a model '{printable(name)}' already; choose another name.")
    after = edited(before[index], name, settings)
    if facts_of(after).size != facts_of(before[index]).size:
        raise UserError(
            "The size of this model is the word small, medium or large in its name; leave it there, "
            "or make another model with the Model Wizard."
        )
    return store.editor.apply(SetModels(before, (*before[:index], after, *before[index + 1 :])))


def rows_to_train(project: Project) -> tuple[list[dict[str, Any]], list[str]]:
    """The list as a training job wants it, and the names of models that it can't make."""
    rows: list[dict[str, Any]] = []
    left: list[str] = []
    taken: set[str] = set()
    for entry in project.state.models:
        facts = facts_of(entry)
        if not can_train(facts):
            left.append(entry.name)
            continue
        name = free_name(re.sub(r"[^\w.-]+", "-", entry.name).strip(".-") or facts.family, taken)
        taken.add(name)
        rows.append(_row(name, facts))
    return rows, left


def has_dense(project: Project) -> bool:
    """Whether the list holds a dense model."""
    return any(facts_of(entry).family == DENSE for entry in project.state.models)


def can_train(facts: ModelFacts) -> bool:
    """Whether a training job can make the model: a dense one, or one with layers of the Model Wizard."""
    return facts.family in FAMILIES and (facts.family == DENSE or facts.number is not None)


def _row(name: str, facts: ModelFacts) -> dict[str, Any]:
    row = {
        "name": name,
        "family": facts.family,
        "size": facts.size,
        "learning_rate": facts.learning_rate,
        "epochs": max(1, facts.epochs),
        "batch_size": max(1, facts.batch),
        "patience": facts.patience or facts.epochs,  # Studio's 0: never stop early
    }
    if facts.family == DENSE:
        return row | {"regularization": regularisation(facts)}
    return row | {"optimization": facts.optimization, "flavor": facts.flavor, "layers": facts.number}


def regularisation(facts: ModelFacts) -> str:
    """How much a dense model is held back, by its weight decay.

    A value between two of the wizard's counts as the next lower one.
    """
    return next((word for word in ("high", "mid") if facts.decay >= float(DECAYS[word])), "low")
