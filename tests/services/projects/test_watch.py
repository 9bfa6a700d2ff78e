"""Files that another program changes while the project is open are noticed, and nothing is overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelloop.formats.labels.label_file import EMPTY_LABELS
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.services.projects.demo import copy_demo
from labelloop.services.projects.watch import Watch, paths_of, take_in
from labelloop.storage.atomic import replace_file
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


def test_a_file_that_is_being_saved_on_another_thread_is_no_change_of_others(
    store: ProjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_id, _ = _first(store)
    watch, noticed = Watch(), list[object]()
    watch.look(paths_of(store))
    store.editor.apply(EditLabels(session_id, "label", added=(Label(0.1, 0.2, "up"),)))
    real = replace_file

    def looked_at_once(path: Path, data: bytes) -> None:
        """The watcher looks when the file is there and the saving thread does not know it yet."""
        real(path, data)
        labels, _ = watch.look(paths_of(store))
        found = take_in(store, labels, [])
        noticed.extend([*found.reread, *found.conflicts])

    monkeypatch.setattr("labelloop.storage.documents.replace_file", looked_at_once)
    assert Saver(store).save().problems == []
    assert noticed == []


def test_edits_in_a_changed_file_are_a_conflict(store: ProjectStore) -> None:
    session_id, path = _first(store)
    watch = Watch()
    watch.look(paths_of(store))
    store.editor.apply(EditLabels(session_id, "label", added=(Label(0.1, 0.2, "up"),)))
    path.write_bytes(THEIRS)
    labels, _ = watch.look(paths_of(store))
    assert [s.id for s in take_in(store, labels, []).conflicts] == [session_id]
