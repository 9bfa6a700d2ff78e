"""A generation job: one result a session, problems as sentences, stopping between sessions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labelloop.contract.generation import GenerationJob, SessionSource
from labelloop.errors import UserError
from labelloop.jobs.scores import read_scores, scores_file
from labelloop.labeling.matching import Event
from labelloop.learning.predicting.job import as_row, generate
from labelloop.learning.predicting.model_io import save_model
from tests.learning.made import Made
from tests.learning.predicting.test_model import made_model


class _Notes:
    """What a job reports and leaves; it is asked to stop once it has left ``stop_after`` results."""

    def __init__(self, stop_after: int = 99) -> None:
        self.said: list[dict[str, Any]] = []
        self.parts: dict[int, dict[str, Any]] = {}
        self._stop_after = stop_after

    def report(self, type: str, **values: Any) -> None:
        self.said.append({"type": type, **values})

    def part(self, index: int, value: dict[str, Any]) -> None:
        self.parts[index] = value

    @property
    def stopped(self) -> bool:
        return len(self.parts) >= self._stop_after


class _Shelf:
    """A recording of three channels for each name but ``narrow``, and none for ``gone``."""

    def load(self, source: Path) -> Any:
        if source.name == "gone":
            raise UserError("gone can't be read.")
        samples = np.zeros((200, 2 if source.name == "narrow" else 3))
        return Made(np.arange(200) / 50, samples)


@pytest.fixture
def job(tmp_path: Path) -> GenerationJob:
    save_model(tmp_path / "m.h5", made_model(), {}, {}, {})
    names = ("a", "narrow", "gone", "b")
    sessions = tuple(SessionSource(f"id-{name}", name, f"/data/{name}") for name in names)
    (tmp_path / "cache").mkdir()
    return GenerationJob(str(tmp_path / "m.h5"), sessions, (), str(tmp_path / "cache"))


def test_each_session_has_its_result(job: GenerationJob) -> None:
    notes = _Notes()
    assert generate(job, _Shelf(), notes) == "done"
    assert [notes.parts[n]["id"] for n in range(4)] == ["id-a", "id-narrow", "id-gone", "id-b"]
    assert "narrow lacks c2" in notes.parts[1]["error"]
    assert notes.parts[2]["error"] == "gone can't be read."
    assert not notes.parts[0].get("error")
    assert [note["index"] for note in notes.said] == [0, 1, 2, 3]
    assert notes.said[-1]["eta_s"] == 0


def test_scores_are_kept_for_the_viewer(job: GenerationJob) -> None:
    generate(job, _Shelf(), _Notes())
    kept = read_scores(scores_file(Path(job.cache_dir), "id-a", Path(job.model)))
    assert kept is not None
    assert kept.classes == ("up", "down")
    assert read_scores(scores_file(Path(job.cache_dir), "id-gone", Path(job.model))) is None


def test_what_is_done_is_not_done_again(job: GenerationJob) -> None:
    notes = _Notes()
    generate(job, _Shelf(), notes, done=[0, 2])
    assert sorted(notes.parts) == [1, 3]


def test_it_stops_between_sessions(job: GenerationJob) -> None:
    notes = _Notes(stop_after=1)
    assert generate(job, _Shelf(), notes) == "stopped"
    assert list(notes.parts) == [0]


def test_a_class_that_the_model_lacks_is_refused(job: GenerationJob) -> None:
    from dataclasses import replace

    with pytest.raises(UserError, match="The model m does not know the class jump"):
        generate(replace(job, classes=("up", "jump")), _Shelf(), _Notes())


def test_confidences_are_rounded() -> None:
    assert as_row(Event(1.0, 2.0, "up", 0.123456)) == (1.0, 2.0, "up", 0.1235)
