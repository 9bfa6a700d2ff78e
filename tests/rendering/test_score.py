"""Scores as rising blocks."""

from __future__ import annotations

import numpy as np

from labelloop.rendering.glyphs import Glyphs
from labelloop.rendering.score import score_row, spark


def test_score() -> None:
    assert spark(np.array([np.inf, -np.inf, 0.5]), glyphs=Glyphs.ASCII) == "@.+"
    assert score_row(np.array([0.1, 0.9, 0.9]), 0.5) == [("▂", "dim"), ("▇▇", "score")]
