"""One model of the project's model list, as the project file writes it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model to train. ``xml`` is its whole element, so that what we do not understand stays."""

    name: str
    id: str
    xml: str
