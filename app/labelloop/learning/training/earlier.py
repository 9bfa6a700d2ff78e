"""Going on from a model that was trained before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from labelloop.contract.recipes import DENSE, DISTILLED, ENSEMBLE
from labelloop.contract.training import TrainingJob
from labelloop.errors import UserError, printable
from labelloop.learning.data.frames import FrontEnd
from labelloop.learning.data.sessions import Sets
from labelloop.learning.predicting.model import Model
from labelloop.learning.predicting.model_io import load_model
from labelloop.learning.training.candidates import FeatureCache
from labelloop.learning.training.presets import WIDTHS, ModelSpec

RATE = 0.5  # the learning rate then, as a share of a first training's


def earlier_members(path: Path) -> list[Model]:
    """The dense models to go on from: a single one, or those beside an ensemble that it was made from.

    An ensemble, and the network made from it, also learned from Validation, the members on the disk did not:
    figures stay honest.

    Raises:
        UserError: the file holds no such model.
    """
    model = load_model(path)
    if model.family != DENSE or not isinstance(model.front, FrontEnd):
        raise UserError(
            f"{printable(path.name)} is of the family {printable(model.family)}: training goes on from "
            f"{DENSE} models only."
        )
    if model.name not in (ENSEMBLE, DISTILLED):
        return [model]
    beside = [load_model(p) for p in sorted(path.parent.glob(f"{DENSE}-*.h5"))]
    alike = [m for m in beside if m.classes == model.classes and m.front == model.front]
    members = [m for m in alike if m.name not in (ENSEMBLE, DISTILLED)]
    if not members:
        raise UserError(
            f"{printable(path.name)} learned from its Validation sessions too, and the models that it was "
            f"made from do not lie beside it: choose a single model."
        )
    return members


def check_fits(members: Sequence[Model], sets: Sets) -> None:
    """The earlier models know these classes and channels. Raises UserError with what differs."""
    first = members[0]
    if set(first.classes) != set(sets.classes):
        raise UserError(
            f"The earlier model {printable(first.name)} knows {_listed(first.classes)}, but "
            f"{_listed(sets.classes)} are to be learned: training goes on only with the same classes."
        )
    first.fitted(sets.train[0].recording, sets.train[0].name)


def earlier_cache(members: Sequence[Model], cache: FeatureCache) -> FeatureCache:
    """The bench with the earlier models' order of classes, front end and normalisations."""
    front = members[0].front
    assert isinstance(front, FrontEnd)
    sets = replace(cache.sets, classes=members[0].classes)
    norms = {m.norms[0].mode: m.norms[0] for m in reversed(members)}
    return FeatureCache(sets, cache.seed, cache.report, _front=front, _norms=norms)


def earlier_specs(members: Sequence[Model], listed: Sequence[ModelSpec]) -> list[ModelSpec]:
    """How each earlier model goes on learning, by the settings of the list that was asked for."""
    sizes = {width: size for size, width in WIDTHS.items()}
    out = []
    for n, member in enumerate(members):
        spec = listed[n % len(listed)]
        width = next(x["config"]["filters"] for x in member.network.nodes if x["layer"] == "Conv1D")
        if width not in sizes:
            raise UserError(f"The model {printable(member.name)} has a size that can't be trained here.")
        out.append(
            replace(
                spec,
                name=member.name,
                family=DENSE,
                size=sizes[width],
                norm=member.norms[0].mode,
                variant=n,
                rate=spec.learn_rate * RATE,
            )
        )
    return out


def seen_before(job: TrainingJob, sets: Sets) -> list[str]:
    """Names of Validation's sessions that the earlier model learned from."""
    return [x.name for x in sets.validation if x.id in job.start_train]


def _listed(classes: Sequence[str]) -> str:
    return ", ".join(printable(c) for c in classes)
