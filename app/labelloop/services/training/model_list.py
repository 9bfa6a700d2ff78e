"""The project's model list: made by the Model Wizard, changed by hand, and trained."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from labelloop.contract.front_end import WIDTHS, choose_front_end, dense_layers, dense_parameters
from labelloop.contract.recipes import COUNTS, DENSE_RATES, EPOCHS, FAMILIES, LEARN_RATES
from labelloop.errors import UserError, printable
from labelloop.formats.improj.factory import USUAL, WIZARD, Settings
from labelloop.formats.improj.layers import Layout, window_layers
from labelloop.formats.improj.model_list import DECAYS, DENSE, ModelFacts, cloned, edited, facts_of, new_model
from labelloop.project.changes import Compound
from labelloop.project.editor import Applied
from labelloop.project.models import ModelEntry, SetFactory, SetModels
from labelloop.project.project import Project
from labelloop.project.sets import TRAIN
from labelloop.services.training.preprocessing import chosen, train_labels, usual_rate
from labelloop.services.training.request import TrainingRequest
from labelloop.storage.store import ProjectStore

FACTORY = {
    "family": "ModelFamily",
    "optimization": "Optimization",
    "flavor": "ModelFlavor",
    "classifier": "ClassifierType",
    "pooling": "Pooling",
    "downscale": "Downscale",
    "learning_rate": "LearnRate",
    "regularization": "RegularizationFactor",
    "epochs": "Epochs",
    "batch_size": "BatchSize",
    "patience": "Patience",
    "append": "AppendModels",
}  # where the project file keeps the wizard's values
STUDIO = ("optimization", "flavor", "classifier", "pooling", "downscale")  # said of Studio's families alone
SPELLED = ("Conv1D", "Conv1DLSTM", "SmallKern", "LargeKern", "GlobalAveragePool", "True", "False")


def generate_list(
    store: ProjectStore, request: TrainingRequest, append: bool = False, shape: Sequence[int] = ()
) -> Applied:
    """Make the list that the wizard was asked for the project's, and keep its settings where Studio does.

    Studio's settings are those of its own families: they stay as they are when dense models are asked for.

    Raises:
        UserError: the family is unknown, or there is no recording to choose windows for.
    """
    project, family = store.project, request.family or DENSE
    values = {key: str(value) for key, value in request.options.items()}
    if request.epochs:
        values["epochs"] = str(request.epochs)
    settings = project.state.factory
    if family != DENSE:
        w = chosen(project, request.classes)
        channels = next((s.shape[-1] for s in project.in_set(TRAIN) if s.shape), 1)
        shape = shape or (round(w.context_s * w.rate_hz), channels)
        count = sum(s.length_s for s in project.in_set(TRAIN)) * w.prediction_hz
        values = {"batch_size": usual_batch(count), **kept_values(project), **values}
        settings = factory_of(family, values, append)
    new = wizard_list(family, request.models or COUNTS[request.preset], values, request.preset, shape,
                      len(request.classes))  # fmt: skip
    return put_list(store, new, append, settings)


def rate_text(rate: float) -> str:
    """A learning rate as the project file spells it.

    >>> rate_text(1e-4), rate_text(1e-2)
    ('0.0001', '0.01')
    """
    return f"{rate:.6f}".rstrip("0")


def usual_batch(windows: float) -> str:
    """Studio's batch size for so many windows in Train, a power of two.

    >>> usual_batch(1000), usual_batch(5000)
    ('32', '128')
    """
    return str(2 ** round(math.log2(min(max(windows / 36, 16), 256))))


def kept_values(project: Project) -> dict[str, str]:
    """The wizard's values that the project file keeps, where they are not the usual ones."""
    found = dict(project.state.factory)
    return {key: found[name].lower() for key, name in FACTORY.items() if name in found}


def factory_of(family: str, values: Mapping[str, str], append: bool) -> Settings:
    """The settings that the project file keeps of a wizard's values: those that are not the usual ones."""
    request = {"family": family, "append": str(append), **{k: v for k, v in values.items() if v}}
    named = [(name, _spelled(request.get(key, ""))) for key, name in FACTORY.items()]
    return tuple((n, v) for n, v in sorted(named, key=lambda x: WIZARD.index(x[0])) if v and v != USUAL[n])


def is_usual(key: str, value: object) -> bool:
    """Whether a value says nothing of what is tried: one of Studio's families as it comes, or no model's.

    >>> is_usual("pooling", True), is_usual("downscale", True), is_usual("append", True)
    (True, False, True)
    """
    return key == "append" or (key in STUDIO and str(value).lower() == str(USUAL[FACTORY[key]]).lower())


def _spelled(value: str) -> str:
    """A value as Studio spells it."""
    return next((word for word in SPELLED if word.lower() == value.lower()), value.capitalize())


def wizard_list(
    family: str, count: int, values: Mapping[str, str], preset: str, shape: Sequence[int], classes: int
) -> list[ModelEntry]:
    """What the Model Wizard makes of its values; an empty value means the usual one.

    ``shape`` is (window, channels) of the windowed families, ``classes`` the number of classes.
    """
    if family not in FAMILIES:
        raise UserError(f"There is no model family '{printable(family)}': use {', '.join(FAMILIES)}.")
    dense = family == DENSE
    rates = DENSE_RATES if dense else LEARN_RATES
    size = values.get("size") or ("large" if dense and preset == "thorough" else "medium")
    settings = {
        "Epochs": values.get("epochs") or (str(EPOCHS[preset]) if dense else "100"),
        "BatchSize": values.get("batch_size") or ("8" if dense else "32"),
        "Patience": values.get("patience") or "20",
        "LearningRate": rate_text(rates[values.get("learning_rate") or "mid"]),
        "WeightDecay": DECAYS[values.get("regularization") or "low"],
    }
    if dense:
        return [new_model(f"{DENSE}-{size}-{n + 1}", settings) for n in range(count)]
    layout = Layout(
        size,
        values.get("optimization") or "balanced",
        values.get("flavor") or "smallkern",
        family == "conv1dlstm",
        values.get("classifier") or "globalaveragepool",
        values.get("pooling", "true").lower() != "false",
        values.get("downscale", "false").lower() == "true",
    )
    return [
        new_model(
            f"{family}-{size}-{layout.optimization}-{n}",
            settings,
            window_layers(shape[0], classes + 1, n, layout),
            shape,
            classes + 1,
        )
        for n in range(count)
    ]


def put_list(
    store: ProjectStore, new: Sequence[ModelEntry], append: bool = False, settings: Settings | None = None
) -> Applied:
    """Make a list the project's, or put it behind the one that is there; with the wizard's settings."""
    state = store.project.state
    after = (*state.models, *_renamed(state.models, new)) if append else tuple(new)
    change = SetModels(state.models, after)
    if settings is None or settings == state.factory:
        return store.editor.apply(change)
    title = change.describe(store.project)
    return store.editor.apply(Compound((change, SetFactory(state.factory, settings)), title))


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
        UserError: there is no name, another model has it, or it would not say a dense model's size any more.
    """
    before = store.project.state.models
    name = name.strip()
    if not name:
        raise UserError("A model needs a name.")
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


def dense_sizes(project: Project) -> dict[str, tuple[int, int]]:
    """Layers and weights of dense models by size, for Train's classes; empty where no labels can be read.

    A job that learns some of the classes only, or from other sessions, may come to slightly other numbers.
    """
    try:
        labels = [label for labels in train_labels(project) for label in labels]
    except UserError:  # told where labels are needed; the list is shown without the sizes
        return {}
    channels = next((s.shape[-1] for s in project.in_set(TRAIN) if s.shape), 0)
    if not labels or not channels:
        return {}
    front = choose_front_end(usual_rate(project), [label.length for label in labels], channels)
    classes = len({label.name for label in labels})
    features = front.groups * channels
    return {size: (dense_layers(), dense_parameters(features, classes, w)) for size, w in WIDTHS.items()}


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
    return row | {key: getattr(facts, key) for key in STUDIO} | {"layers": facts.number}


def regularisation(facts: ModelFacts) -> str:
    """How much a dense model is held back, by its weight decay.

    A value between two of the wizard's counts as the next lower one.
    """
    return next((word for word in ("high", "mid") if facts.decay >= float(DECAYS[word])), "low")
