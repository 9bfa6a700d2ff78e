"""The learning curve: what parts of Train's labels bring."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelloop.learning.training.job import Job
from tests.learning.jobs import MOVES, Notes, job_of, request, shelf


@pytest.mark.training
def test_the_learning_curve_grows_with_the_labels(tmp_path: Path) -> None:
    notes = Notes()
    result = Job(tmp_path, job_of(request(MOVES, curve=True)), shelf(MOVES), notes).run()
    assert [point["events"] for point in result["curve"]] == [6, 12, 24]
    assert result["curve"][-1]["event_f1_50"] > 0.8
    assert result["models"] == []
    assert [e["events"] for e in notes.said if e["type"] == "curve"] == [6, 12, 24]
