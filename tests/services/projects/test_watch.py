"""Files that another program changes while the project is open are noticed, and nothing is overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelloop.formats.labels.label_file import EMPTY_LABELS
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.services.projects.demo import copy_demo
from labelloop.services.projects.watch import Watch, paths_of, settle, take_in
from labelloop.storage.opening import open_project
from labelloop.storage.saving import Saver
from labelloop.storage.store import ProjectStore

THEIRS = EMPTY_LABELS + b"1.5,0.5,up,1,theirs\n"


@pytest.fixture
def store(tmp_path: Path) -> ProjectStore:
    return open_project(copy_demo(tmp_path / "demo"), "a test")


def _first(store: ProjectStore) -> tuple[str, Path]:
    session = next(store.project.sessions())
    return session.id, store.project.folder / session.label_file


def test_a_changed_file_is_read_again(store: ProjectStore) -> None:
    session_id, path = _first(store)
    assert len(store.project.track(session_id)) == 9
    watch = Watch()
    assert watch.look(paths_of(store)) == ([], [])
    path.write_bytes(THEIRS)
    labels, recordings = watch.look(paths_of(store))
    assert (labels, recordings) == ([session_id], [])
    noticed = take_in(store, labels, recordings)
    assert [s.id for s in noticed.reread] == [session_id]
    assert [x.comment for x in store.project.track(session_id)] == ["theirs"]
    assert [(t.name, t.count) for t in store.project.session(session_id).totals] == [("up", 1)]


def test_our_own_saving_is_no_change_of_others(store: ProjectStore) -> None:
    session_id, _ = _first(store)
    watch = Watch()
    watch.look(paths_of(store))
    store.editor.apply(EditLabels(session_id, "label", added=(Label(0.1, 0.2, "up"),)))
    Saver(store).save()
    labels, _ = watch.look(paths_of(store))
    assert labels == [session_id]
    assert not take_in(store, labels, []).reread


@pytest.mark.parametrize("ours", [True, False])
def test_a_conflict_is_settled_and_both_versions_are_kept(store: ProjectStore, ours: bool) -> None:
    session_id, path = _first(store)
    watch, saver = Watch(), Saver(store)
    watch.look(paths_of(store))
    store.editor.apply(EditLabels(session_id, "label", added=(Label(0.1, 0.2, "up", comment="ours"),)))
    path.write_bytes(THEIRS)
    labels, _ = watch.look(paths_of(store))
    noticed = take_in(store, labels, [])
    assert [s.id for s in noticed.conflicts] == [session_id]
    settle(store, noticed.conflicts[0], ours)
    assert saver.save().problems == []
    text = path.read_text()
    assert ("ours" in text) == ours
    assert ("theirs" in text) != ours
    aside = [p.read_text() for p in store.layout.conflicts.iterdir()]
    assert len(aside) == 1
    assert ("theirs" in aside[0]) == ours
