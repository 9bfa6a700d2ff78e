"""Renaming a label track renames its file: the old one goes once the new one is there, and comes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from labelloop.project.session import Session
from labelloop.services.labels.history import redo, undo
from labelloop.services.labels.track_edits import rename
from labelloop.services.projects.demo import copy_demo
from labelloop.storage.opening import open_project
from labelloop.storage.saving import Saver
from labelloop.storage.store import ProjectStore


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return copy_demo(tmp_path / "demo")


@pytest.fixture
def store(path: Path) -> Iterator[ProjectStore]:
    opened = open_project(path, "a test")
    yield opened
    opened.close()


def labelled(store: ProjectStore) -> Session:
    return next(s for s in store.project.sessions() if len(store.project.track(s.id)) > 2)


def test_the_file_gets_the_new_name_and_undo_brings_the_old_one_back(store: ProjectStore) -> None:
    session = labelled(store)
    old = store.project.folder / session.label_file
    with old.open("ab") as file:
        file.write(b"# a note\n")
    store.reread_track(session.id, "label")
    before, labels = old.read_bytes(), list(store.project.track(session.id))
    rename(store, session, "label", "events")
    assert not Saver(store).save().problems
    new = store.project.folder / store.project.session(session.id).label_file
    assert new != old
    assert new.exists()
    assert not old.exists()
    assert [x.read_bytes() for x in store.layout.conflicts.iterdir()] == [before], "the note is kept"
    undo(store.editor)
    assert not Saver(store).save().problems
    assert old.read_bytes() == before
    assert not new.exists()
    redo(store.editor)
    assert not Saver(store).save().problems
    assert (old.exists(), new.exists()) == (False, True)
    assert list(store.project.track(session.id)) == labels


def test_undo_after_a_restart(path: Path) -> None:
    store = open_project(path, "a test")
    session = labelled(store)
    old = store.project.folder / session.label_file
    before = old.read_bytes()
    rename(store, session, "label", "events")
    assert not Saver(store).save().problems
    store.close()
    again = open_project(path, "a test")
    undo(again.editor)
    assert not Saver(again).save().problems
    again.close()
    assert old.read_bytes() == before
    assert again.project.session(session.id).label_track == "label"


def test_the_old_file_stays_until_the_new_one_is_there(
    store: ProjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = labelled(store)
    old = store.project.folder / session.label_file
    before = old.read_bytes()
    rename(store, session, "label", "events")
    new = store.project.folder / store.project.session(session.id).label_file
    new.mkdir()  # it can't be written
    report = Saver(store).save()
    assert report.problems
    assert old.read_bytes() == before
    new.rmdir()
    assert not Saver(store).save().problems
    assert (old.exists(), new.exists()) == (False, True)
