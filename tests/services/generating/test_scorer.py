"""What previews wait for: scores by a worker, and searches that are kept while settings change."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from labelloop.errors import UserError
from labelloop.jobs.run import RunFolder, write_json
from labelloop.services.generating import scorer as module
from labelloop.services.generating.merging import Target
from labelloop.services.generating.request import GenerateRequest
from labelloop.services.generating.scorer import SERVING, Scorer, session_source
from labelloop.services.generating.threshold import Threshold
from labelloop.storage.store import ProjectStore
from tests.services.conftest import Named

RULE = GenerateRequest("threshold", ("all",), Target.parse("new:auto"), ("x > 0",), classes=("up",))


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[RunFolder]:
    """The runs that were to be started; none is."""
    runs: list[RunFolder] = []
    monkeypatch.setattr(module, "launch", runs.append)
    return runs


def test_a_worker_is_asked_once_for_a_session(
    made: ProjectStore, named: Named, started: list[RunFolder]
) -> None:
    scorer, session = Scorer(made), named("up_00")
    assert scorer.scores(session, Path("m.h5")) is None
    assert scorer.scores(session, Path("m.h5")) is None
    (run,) = started
    (file,) = (run.path / "ask").iterdir()
    request = json.loads(file.read_text())
    assert request["model"] == "m.h5"
    assert run.path.parent == made.layout.home / SERVING
    scorer.stop()


def test_what_the_worker_can_not_do_is_said(
    made: ProjectStore, named: Named, started: list[RunFolder]
) -> None:
    scorer, session = Scorer(made), named("up_00")
    scorer.scores(session, Path("m.h5"))
    (started[0].path / "answers").mkdir()
    write_json(started[0].path / "answers" / f"{session.id}.json", {"problem": "It has 2 channels."})
    with pytest.raises(UserError, match="It has 2 channels"):
        scorer.scores(session, Path("m.h5"))


def test_a_search_is_kept_while_only_levels_change(made: ProjectStore) -> None:
    scorer = Scorer(made)
    search = scorer.search(RULE, Threshold)
    assert scorer.search(replace(RULE, settings={"gap": ("1",)}), Threshold) is search
    other = scorer.search(replace(RULE, source=("y > 0",)), Threshold)
    assert other is not search
    scorer.stop()


def test_a_rule_that_makes_no_sense_leaves_the_search_that_was(made: ProjectStore) -> None:
    scorer = Scorer(made)
    search = scorer.search(RULE, Threshold)
    with pytest.raises(UserError):
        scorer.search(replace(RULE, classes=()), Threshold)
    assert scorer.search(RULE, Threshold) is search
    scorer.stop()


def test_after_the_end_nothing_is_kept(made: ProjectStore, started: list[RunFolder]) -> None:
    scorer = Scorer(made)
    search = scorer.search(RULE, Threshold)
    scorer.start()
    scorer.stop()
    assert scorer.level is None
    assert started[0].stop_requested
    assert scorer.search(RULE, Threshold) is not search
    scorer.stop()


def test_a_worker_reads_the_recording_where_it_is(made: ProjectStore, named: Named) -> None:
    source = session_source(made, named("up_00"))
    assert (source.id, source.name) == (named("up_00").id, "up/up_00")
    assert Path(source.source).is_file()
