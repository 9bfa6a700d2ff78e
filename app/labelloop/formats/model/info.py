"""What a model file says of itself, whoever made it, and the first look into one."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

OURS, REPORT, STUDIO = "labelloop", "labelloop_report", "immodel_config"


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What a model file says of itself, read without TensorFlow.

    maker: "labelloop" or "studio". rate_hz: None when the model does not say. post: post-processing settings.
    train, validation, test: metrics (event_f1_30, event_f1_50, event_f1_70, accuracy, f1) or None.
    lengths: usual length of each class's events in seconds. meta: all of it.
    """

    path: Path
    name: str
    maker: str
    family: str
    classes: tuple[str, ...]
    channels: tuple[str, ...]
    rate_hz: float | None
    parameters: int
    post: dict[str, Any] = field(default_factory=dict)
    train: dict[str, float] | None = None
    validation: dict[str, float] | None = None
    test: dict[str, float] | None = None
    lengths: dict[str, float] = field(default_factory=dict)
    meta: dict[str, Any] = field(default_factory=dict, repr=False)


def attribute(file: Any, name: str) -> str | None:
    """A text attribute of the root; a scalar or an array of one."""
    if name not in file.attrs:
        return None
    value = file.attrs[name]
    if isinstance(value, np.ndarray):
        value = value.reshape(-1)[0] if value.size else ""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
