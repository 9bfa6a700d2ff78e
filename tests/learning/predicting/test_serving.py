"""A process that scores sessions as they are asked for, and ends when nobody is there."""

from __future__ import annotations

import json
import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from labelloop.contract.generation import ScoreRequest, SessionSource
from labelloop.jobs.scores import read_scores, scores_file
from labelloop.learning.predicting import serving
from labelloop.learning.predicting.model_io import save_model
from tests.learning.predicting.test_job import _Notes, _Shelf
from tests.learning.predicting.test_model import made_model


class _Stopped(_Notes):
    """Asked to stop from outside."""

    now = False

    @property
    def stopped(self) -> bool:
        return self.now


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_model(tmp_path / "m.h5", made_model(), {}, {}, {})
    (tmp_path / "cache").mkdir()
    (tmp_path / "run" / "ask").mkdir(parents=True)
    return tmp_path / "run"


def _ask(folder: Path, name: str) -> None:
    model = str(folder.parent / "m.h5")
    body = ScoreRequest(model, SessionSource(f"id-{name}", name, f"/data/{name}")).to_json()
    (folder / "ask" / f"{name}.json").write_text(json.dumps(body))


def _serve(folder: Path, notes: _Notes, **more: Any) -> str:
    request = {"cache_dir": str(folder.parent / "cache"), "asker": os.getpid(), **more}
    return serving.serve(folder, request, _Shelf(), notes)


def test_answers_and_scores_lie_where_they_are_looked_for(folder: Path) -> None:
    for name in ("a", "gone"):
        _ask(folder, name)
    (folder / "ask" / "junk.json").write_text("{")
    notes = _Stopped()
    thread = threading.Thread(target=_serve, args=(folder, notes))
    thread.start()
    until = time.monotonic() + 20
    while len(list((folder / "answers").glob("*.json"))) < 3 and time.monotonic() < until:
        time.sleep(0.02)
    notes.now = True
    thread.join()
    answers = {p.stem: json.loads(p.read_text())["problem"] for p in (folder / "answers").glob("*.json")}
    assert answers["a"] == ""
    assert answers["gone"] == "gone can't be read."
    assert answers["junk"]
    assert list((folder / "ask").iterdir()) == []
    assert read_scores(scores_file(folder.parent / "cache", "id-a", folder.parent / "m.h5")) is not None


def test_it_ends_with_the_process_that_asks(folder: Path) -> None:
    assert _serve(folder, _Notes(), asker=2**22 + 1) == "done"


def test_it_ends_when_nothing_comes_for_long(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "LONELY_S", 0.05)
    assert _serve(folder, _Notes(), asker=0) == "done"
