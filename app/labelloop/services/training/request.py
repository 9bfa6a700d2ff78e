"""What a user asks of a training job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class TrainingRequest:
    """What a user asks of a training job; what is None is chosen from the data.

    ``classes`` are learnt, events of others count as background. ``ignore_rest`` leaves out what follows the
    last label of a session that is not done: it was labelled in part. ``unconfirmed`` makes labels that
    nobody confirmed train too; otherwise the stretches that they cover are left out. ``start`` is a model to
    go on from, ``resample`` brings sessions of other rates to the usual one, ``by_position``
    takes channels in their order, whatever they are called. ``curve`` asks for the
    learning curve instead of models. ``own_list`` trains the project's model list where neither family
    nor number of models is asked for: always, never, or (None) when the list holds dense models. A list of
    window classifiers alone, as Studio leaves it, is trained only on request: they label far worse.
    """

    name: str = ""
    description: str = ""
    preset: str = "default"
    family: str | None = None
    models: int | None = None
    classes: tuple[str, ...] = ()
    epochs: int | None = None
    seed: int = 0
    unconfirmed: bool = False
    ignore_rest: bool = False
    start: str = ""
    resample: bool = False
    by_position: bool = False
    curve: bool = False
    own_list: bool | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
