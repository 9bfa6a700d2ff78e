"""Runs of generated labels: applied by whoever writes next, once; reverted as far as users left them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from labelloop.errors import UserError
from labelloop.jobs.run import RunFolder, write_json
from labelloop.labeling.tracks import Adjustments
from labelloop.project.label_changes import EditLabels
from labelloop.project.session import Session
from labelloop.services.generating.merging import Rules, Target
from labelloop.services.generating.model import orphaned_runs
from labelloop.services.generating.runs import CLOSED, opening
from labelloop.services.generating.track import TrackRequest, generate_from_track
from labelloop.services.labels.history import redo, revert_run, undo
from labelloop.services.projects.info import look_at_files
from labelloop.services.projects.rescan import rescan
from labelloop.services.sessions.marks import activate_track
from labelloop.storage.opening import open_project
from labelloop.storage.saving import Saver
from labelloop.storage.store import ProjectStore
from tests.end_to_end.support import state_of
from tests.made_project import ROWS, make_project, tree, write_labels


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ProjectStore]:
    opened = open_project(make_project(tmp_path / "p", 3), "test")
    yield opened
    opened.close()


def sessions(store: ProjectStore) -> list[Session]:
    return list(store.project.sessions())


def worker_run(store: ProjectStore, **more: Any) -> RunFolder:
    """A run whose worker found something in two of three sessions before everything went dark."""
    body = {
        "sessions": [{"id": s.id, "name": s.path, "source": ""} for s in sessions(store)],
        "target": "new:auto",
        "existing": "keep",
        "min_length_s": 0.0,
        "classes": ["up"],
        "dry": False,
    }
    run = RunFolder.create(store.layout.runs, "generate", "labels by m", body | more)
    for index, session in enumerate(sessions(store)[:2]):
        events = [[1.0, 1.5, "up", 0.9], [3.0, 3.25, "up", 0.6]]
        write_json(
            run.path / "results" / f"{index}.json", {"id": session.id, "events": events, "error": None}
        )
    run.append({"type": "state", "state": "stopped"})
    return run


def test_what_a_dead_app_left_is_applied_once(store: ProjectStore) -> None:
    run = worker_run(store)
    orphan = orphaned_runs(store)[0]
    assert orphan.poll()
    assert (orphan.outcome.added, len(orphan.outcome.sessions)) == (4, 2)
    track = store.project.track(sessions(store)[0].id, "auto")
    assert [(x.start, x.confidence, x.origin, x.confirmed) for x in track] == [
        (1.0, 0.9, f"run:{run.id}", False),
        (3.0, 0.6, f"run:{run.id}", False),
    ]
    (run.path / CLOSED).unlink()  # as if the app had died before it could say so
    again = orphaned_runs(store)[0]
    again.poll()
    assert again.outcome.added == 0
    assert orphaned_runs(store) == []


def test_a_run_that_a_user_took_back_is_not_finished(store: ProjectStore) -> None:
    before = state_of(store)
    run = worker_run(store)
    orphaned_runs(store)[0].poll()
    (run.path / CLOSED).unlink()
    assert undo(store.editor).count == 2
    assert orphaned_runs(store) == []
    assert state_of(store) == before
    again = redo(store.editor)
    assert (again.count, again.title) == (2, f"labels of run {run.id} in 2 sessions")


def test_a_dry_run_is_never_applied(store: ProjectStore) -> None:
    worker_run(store, dry=True)
    assert orphaned_runs(store) == []


def test_reverting_keeps_what_people_did(store: ProjectStore) -> None:
    run = worker_run(store)
    orphaned_runs(store)[0].poll()
    first, second = sessions(store)[:2]
    label = store.project.track(first.id, "auto")[0]
    confirmed = replace(label, confirmed=True)
    store.editor.apply(EditLabels(first.id, "auto", (label,), (confirmed,)))
    done = revert_run(store.editor, run.id)
    assert (done.removed, done.kept, done.sessions) == (3, 1, 2)
    assert list(store.project.track(first.id, "auto")) == [confirmed]
    assert "auto" not in store.project.label_tracks_of(second.id)
    with pytest.raises(UserError, match="reverted already"):
        revert_run(store.editor, run.id)
    with pytest.raises(UserError, match="no run"):
        revert_run(store.editor, "g77")


def test_another_active_track_brings_its_counts(store: ProjectStore) -> None:
    before = tree(store.project.folder)
    request = TrackRequest("label", ("all",), Rules(Target.parse("new:auto")), Adjustments(), ("up",))
    generate_from_track(store, request, opening(store))
    activate_track(store, sessions(store), "auto", "label track")
    Saver(store).save()
    fresh = open_project(store.path, "test", write=False)
    assert {t.name: t.count for t in sessions(fresh)[0].totals} == {"up": 2}
    fresh.close()
    undo(store.editor)
    undo(store.editor)
    Saver(store).save()
    assert tree(store.project.folder) == before


def test_a_rescan_can_be_followed_by_edits_and_undone(store: ProjectStore) -> None:
    session = sessions(store)[0]
    assert len(store.project.track(session.id)) == 3
    write_labels(store.inside(session.label_file, "it"), (*ROWS, "9,0.5,jump,1,"))
    before = tree(store.project.folder)
    assert rescan(store).changed == [session.path]
    assert len(store.project.track(session.id)) == 4
    Saver(store).save()
    label = store.project.track(session.id)[0]
    store.editor.apply(EditLabels(session.id, "label", (label,), ()))
    Saver(store).save()
    undo(store.editor)
    undo(store.editor)
    Saver(store).save()
    after = tree(store.project.folder)
    assert after.keys() == before.keys()
    assert {k for k in after if after[k] != before[k]} <= {"Made.improj"}
    assert rescan(store).changed == [], "a saved label file has its true summary"


def test_links_out_of_the_project_are_seen(store: ProjectStore, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    data = store.inside(sessions(store)[0].data_file, "it")
    data.rename(outside / "data.csv")
    data.symlink_to(outside / "data.csv")
    folder = store.inside(sessions(store)[1].data_file, "it").parent
    folder.rename(outside / "folder")
    folder.symlink_to(outside / "folder")
    look_at_files(store)
    assert ["outside" in s.message for s in sessions(store)] == [True, True, False]
