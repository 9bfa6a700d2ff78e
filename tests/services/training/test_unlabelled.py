"""Sessions without labels: which a training may look at, and which labels are generated for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from labelloop.project.label import Label
from labelloop.project.label_changes import EditLabels
from labelloop.services.projects.demo import copy_demo
from labelloop.services.sessions.assign import assign
from labelloop.services.sessions.select import to_generate, totals
from labelloop.services.training import unlabelled
from labelloop.services.training.jobs import training_job
from labelloop.services.training.request import TrainingRequest
from labelloop.storage.opening import open_project
from labelloop.storage.store import ProjectStore


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ProjectStore]:
    opened = open_project(copy_demo(tmp_path / "demo"), "a test")
    assign(opened.editor, list(opened.project.sessions()), "unassigned")
    labelled = [s for s in opened.project.sessions() if s.path.startswith("down/down_0")]
    assign(opened.editor, labelled[:2], "train")
    assign(opened.editor, labelled[2:3], "validation")
    assign(opened.editor, labelled[3:4], "test")
    yield opened
    opened.close()


def test_unassigned_sessions_alone_are_looked_at(store: ProjectStore) -> None:
    rows = training_job(store, TrainingRequest()).unlabelled
    expected = {s.path for s in store.project.in_set("unassigned")}
    assert expected
    assert {row.name for row in rows} == expected
    assert all(Path(row.source).is_file() for row in rows)


def test_a_recording_that_is_gone_is_passed_by(store: ProjectStore) -> None:
    gone, *rest = unlabelled.unlabelled_sessions(store)
    Path(gone.source).unlink()
    assert {r.name for r in unlabelled.unlabelled_sessions(store)} == {r.name for r in rest}


def test_no_more_is_read_than_is_quick(store: ProjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    every = unlabelled.unlabelled_sessions(store)
    sizes = [Path(row.source).stat().st_size for row in every]
    monkeypatch.setattr(unlabelled, "BYTES", sum(sizes[:3]))
    few = unlabelled.unlabelled_sessions(store)
    assert sum(Path(row.source).stat().st_size for row in few) <= sum(sizes[:3])
    monkeypatch.setattr(unlabelled, "MOST", 1)
    assert len(unlabelled.unlabelled_sessions(store)) == 1
    assert every != unlabelled.unlabelled_sessions(store, seed=1)


def test_labels_are_generated_anew_for_what_nobody_reviewed_when_nothing_is_unlabelled(
    store: ProjectStore,
) -> None:
    first = to_generate(store)
    assert first
    assert not any(totals(store.project, s) for s in first)
    for session in first:
        found = Label(session.start_s, 0.5, "down", 0.7, origin="model:m", confirmed=False)
        store.editor.apply(EditLabels(session.id, session.label_track, (), (found,)))
    again = to_generate(store)
    assert [s.id for s in again] == [s.id for s in first]
    keep = next(iter(store.project.track(again[0].id)))
    store.editor.apply(
        EditLabels(again[0].id, again[0].label_track, (keep,), (replace(keep, confirmed=True),))
    )
    assert [s.id for s in to_generate(store)] == [s.id for s in first[1:]]
