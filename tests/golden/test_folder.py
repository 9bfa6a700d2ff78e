"""A project's folder as version 0.1.0 left it is opened, told of, and gone on with."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from labelloop.jobs.run import RunFolder
from labelloop.jobs.status import status
from labelloop.services.generating.model import orphaned_runs
from labelloop.services.generating.runs import label_runs
from labelloop.services.labels.history import redo
from labelloop.services.projects.demo import copy_demo
from labelloop.services.training.jobs import curve_of, finished, jobs
from labelloop.services.training.models import known_models
from labelloop.services.training.wording import details, log_lines
from labelloop.storage.opening import open_project
from labelloop.storage.store import ProjectStore
from tests.golden.files import HERE, value


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ProjectStore]:
    project = copy_demo(tmp_path / "demo")
    shutil.copytree(HERE, project.parent / ".labelloop")
    home = project.parent / ".labelloop"
    (home / "mark.json").unlink()  # so that the journal is read from its beginning ...
    shutil.rmtree(home / "state")  # ... and nothing says that the files hold it already
    opened = open_project(project, "a test")
    yield opened
    opened.close()


def test_its_journal_is_recovered(store: ProjectStore) -> None:
    assert store.warnings == []
    assert store.recovered == 3
    assert [s.path for s in store.project.in_set("train") if s.path == "down/down_01"] == ["down/down_01"]
    assert store.journal.last_seq == 3


def test_what_it_undid_can_be_done_again(store: ProjectStore) -> None:
    session = next(s for s in store.project.sessions() if s.path == "down/down_10")
    before = len(store.project.track(session.id))
    redo(store.editor)
    labels = store.project.track(session.id)
    assert len(labels) == before + 7
    assert [x.origin for x in labels if not x.confirmed] == ["run:g2"] * 7


def test_its_jobs_are_told_of(store: ProjectStore) -> None:
    assert [run.id for run in jobs(store)] == ["t1", "g2", "t3"]
    assert [status(run).state for run in jobs(store)] == ["done", "done", "done"]
    assert [run.id for run in finished(jobs(store))] == ["t1"]
    training = RunFolder.open(store.layout.runs, "t1")
    assert details(training)[0] == "description: for the files"
    assert details(training)[1].startswith("best: dense-distilled, one model distilled from all dense ones")
    assert any("held out instead" in line for line in log_lines(training))
    assert [point.events for point in curve_of(RunFolder.open(store.layout.runs, "t3"))] == [2, 4, 7]


def test_its_models_are_known_where_their_files_are(store: ProjectStore) -> None:
    assert known_models(store) == []  # the files were left out of what is kept here
    assert value("runs/t1/result.json")["best"]["path"].endswith("dense-distilled.h5")


def test_its_runs_that_ended_are_not_taken_over(store: ProjectStore) -> None:
    assert [(run.id, run.in_force) for run in label_runs(store)] == [("g2", False)]
    assert orphaned_runs(store) == []
