"""Facts that app and learning process hold alike: families, presets, rates, tolerances, names, the goal."""

from __future__ import annotations

# Families of models, as requests and model files name them.
DENSE, WINDOWED, RECURRENT = "dense", "conv1d", "conv1dlstm"
FAMILIES = (DENSE, WINDOWED, RECURRENT)

# Names of the models that a job makes of those of its list.
ENSEMBLE, DISTILLED = "dense-ensemble", "dense-distilled"
FINAL = "-final"  # behind the name of a model that goes on learning, from Validation too

# Presets: how many models, and for how many epochs each learns.
COUNTS = {"quick": 2, "default": 4, "thorough": 6}
EPOCHS = {"quick": 10, "default": 24, "thorough": 40}
PRESETS = tuple(COUNTS)

# Learning rates by word: Studio's for its families, and those of dense models.
LEARN_RATES = {"low": 1e-4, "mid": 4e-3, "high": 1e-2}
DENSE_RATES = {"low": 1e-3, "mid": 3e-3, "high": 6e-3}

GOAL = 80  # events by hand before a model is to be trusted
FEW = 20  # events in Train below which a model is a first try

RATE_TOLERANCE = 1.25  # rates that differ by less than this factor count as one
IOUS = (30, 50, 70)  # in per cent, at which event F1 is given


def rates_alike(rate_hz: float, other_hz: float) -> bool:
    """Whether two rates count as one.

    >>> rates_alike(50, 52), rates_alike(50, 100)
    (True, False)
    """
    return other_hz / RATE_TOLERANCE < rate_hz < other_hz * RATE_TOLERANCE
