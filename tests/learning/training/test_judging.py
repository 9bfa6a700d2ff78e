"""Candidates are tuned, measured and compared."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from labelloop.labeling.matching import Event
from labelloop.learning.data.prepared import Example
from labelloop.learning.training.job import Job
from tests.learning.jobs import Notes, job_of, request, shelf
from tests.learning.made import Made


@pytest.mark.training
def test_a_model_that_finds_nothing_is_never_the_best(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    noise = Example("noise", Made(np.arange(3000) / 50, rng.normal(size=(3000, 2))), (Event(5.0, 5.1, "a"),))
    far = Example("far", noise.recording, (Event(50.0, 50.1, "a"),))
    parts = {"train": [noise], "validation": [far]}
    notes = Notes()
    result = Job(tmp_path, job_of(request(parts, model_count=1, epochs=1)), shelf(parts), notes).run()
    assert result["best"] is None
    assert "No model found any" in result["message"]
    assert "found none" in notes.texts
