"""Opening, saving and opening again: what is on disk is what was done, and no more than that."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from labelloop.errors import UserError
from labelloop.project.changes import Compound
from labelloop.project.label_changes import AttachTrack, EditLabels
from labelloop.project.labels import Label
from labelloop.project.session import TrackRef
from labelloop.services.labels.classes import rename
from labelloop.services.sessions.assign import assign, set_locked
from labelloop.storage.opening import open_project
from labelloop.storage.saving import Saver, SaveReport
from labelloop.storage.store import ProjectStore
from tests.end_to_end.support import state_of, undo_everything
from tests.made_project import make_project, tree
from tests.where import SHARED, needs_shared

STUDIO = SHARED / "studio" / "IndoorOutdoorDetector"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path / "p", 3)


@pytest.fixture
def store(project: Path) -> Iterator[ProjectStore]:
    opened = open_project(project, "test")
    yield opened
    opened.close()


def again(store: ProjectStore) -> ProjectStore:
    """Close without saving, as a crash does, and open again."""
    store.close()
    return open_project(store.path, "test")


def save(store: ProjectStore) -> SaveReport:
    report = Saver(store).save()
    assert report.problems == []
    return report


def first(store: ProjectStore) -> str:
    return next(s.id for s in store.project.sessions() if s.path == "up/up_00")


def add(store: ProjectStore, *labels: Label, track: str = "label") -> None:
    store.editor.apply(EditLabels(first(store), track, (), labels))


def test_opening_and_saving_writes_nothing(store: ProjectStore, project: Path) -> None:
    before = tree(project.parent)
    for session in store.project.sessions():
        store.project.track(session.id)
    assert not save(store).saved
    assert tree(project.parent) == before


def test_confirmation_and_origin_survive(store: ProjectStore) -> None:
    same = Label(2, 0.5, "down", 0.5, "", "run:g1", False)
    add(store, same, replace(same, origin="track:x"), replace(same, origin="", confirmed=True))
    state = state_of(store)
    save(store)
    fresh = again(store)
    assert state_of(fresh) == state
    assert fresh.unconfirmed(fresh.project.session(first(fresh))) == 2
    fresh.close()


def test_a_generated_track_is_gone_when_undone_and_back_when_redone(
    store: ProjectStore, project: Path
) -> None:
    before = tree(project.parent)
    ref = TrackRef("auto", "Data/up/up_00/auto.label")
    found = tuple(Label(i, 0.5, "up", 0.5, "", "run:g1", False) for i in range(4))
    edit = EditLabels(first(store), "auto", (), found)
    store.editor.apply(Compound((AttachTrack(first(store), ref), edit)))
    state = state_of(store)
    for restarts in (False, True):
        save(store)
        assert "Data/up/up_00/auto.label" in tree(project.parent)
        store = again(store) if restarts else store
        store.editor.undo()
        save(store)
        assert tree(project.parent) == before
        store = again(store) if restarts else store
        store.editor.redo()
        assert state_of(store) == state
    store.close()


def test_what_studio_changed_between_is_not_undone(store: ProjectStore, project: Path) -> None:
    set_locked(store.editor, [store.project.session(first(store))], True)
    save(store)
    store.close()
    studio = project.read_bytes().replace(b"<Models", b"<Future>1</Future>\n  <Models")
    assert studio != project.read_bytes()
    project.write_bytes(studio)
    fresh = open_project(project, "test")
    assert fresh.warnings == []
    fresh.editor.undo()
    save(fresh)
    assert b"<Future>1</Future>" in project.read_bytes()
    fresh.editor.redo()
    save(fresh)
    assert project.read_bytes() == studio
    shutil.rmtree(project.parent / ".labelloop" / "state")
    project.write_bytes(studio.replace(b"<Future>1", b"<Future>2"))
    fresh = again(fresh)
    fresh.editor.undo()
    save(fresh)
    assert b"<Future>2</Future>" in project.read_bytes()
    fresh.close()


def test_a_renamed_class_is_renamed_everywhere_and_back(store: ProjectStore, project: Path) -> None:
    before = tree(project.parent)
    rename(store, "up", "rise & <fall>")
    save(store)
    fresh = again(store)
    assert fresh.project.class_names == ["rise & <fall>", "down"]
    assert fresh.project.track(first(fresh))[0].name == "rise & <fall>"
    fresh.editor.undo()
    save(fresh)
    assert tree(project.parent) == before
    fresh.close()


def test_a_reread_track_is_what_others_wrote(store: ProjectStore, project: Path) -> None:
    assert len(store.project.track(first(store))) == 3
    path = project.parent / "Data/up/up_00/label.label"
    path.write_text(path.read_text() + "9,0.5,up,1,\n")
    assert store.reread_track(first(store), "label")
    assert len(store.project.track(first(store))) == 4
    assert not store.reread_track(first(store), "label")


@pytest.mark.parametrize(
    "written", ["/../../outside.label", "/Data/link/x.label", "C:\\x.label", "//host/x.label"]
)
def test_paths_outside_are_neither_read_nor_written(project: Path, written: str) -> None:
    outside = project.parent.parent / "outside.label"
    outside.write_text("secret")
    (project.parent.parent / "there").mkdir()
    (project.parent / "Data" / "link").symlink_to(project.parent.parent / "there")
    text = project.read_text(encoding="utf-8-sig").replace("/Data/up/up_00/label.label", written)
    project.write_text(text, encoding="utf-8-sig")
    store = open_project(project, "test")
    with pytest.raises(UserError, match="outside the project"):
        store.project.track(first(store))
    with pytest.raises(UserError, match="outside the project"):
        add(store, Label(1, 1, "up"))
    save(store)
    store.close()
    assert outside.read_text() == "secret"
    assert list((project.parent.parent / "there").iterdir()) == []


@pytest.mark.parametrize(
    "written", ["/Made.improj", "/.labelloop/journal.jsonl", "/Data/up/up_00/up_00.imsession"]
)
def test_our_own_files_are_no_label_files(project: Path, written: str) -> None:
    text = project.read_text(encoding="utf-8-sig").replace("/Data/up/up_00/label.label", written)
    project.write_text(text, encoding="utf-8-sig")
    store = open_project(project, "test")
    with pytest.raises(UserError, match="can't be a label file"):
        add(store, Label(1, 1, "up"))
    store.close()


def test_a_payload_outside_is_listed_but_not_read(project: Path) -> None:
    file = project.parent / "Data/up/up_00/up_00.imsession"
    text = (
        file.read_text(encoding="utf-8-sig")
        .replace(">label.label<", r">..\..\..\..\x.label<")
        .replace('name="label"', 'name="far"')
    )
    file.write_text(text, encoding="utf-8-sig")
    store = open_project(project, "test")
    assert "far" in store.project.label_tracks_of(first(store))
    with pytest.raises(UserError, match="outside the project"):
        store.project.track(first(store), "far")
    store.close()


@needs_shared
def test_a_real_project_comes_back_byte_for_byte(tmp_path: Path) -> None:
    shutil.copytree(STUDIO, tmp_path / "s", ignore=shutil.ignore_patterns("*.data", "*.h5"))
    before = tree(tmp_path / "s")
    store = open_project(tmp_path / "s", "test")
    sessions = list(store.project.sessions())
    assert [len(store.project.in_set(n)) for n in ("train", "validation", "test")] == [41, 13, 14]
    assign(store.editor, sessions[:30], "test")
    for session in sessions[::5]:
        track = store.project.track(session.id)
        old = tuple(track)[:1]
        made = Label(session.start_s, 1.0, "indoor")
        store.editor.apply(EditLabels(session.id, session.label_track, old, (made,)))
    save(store)
    assert tree(tmp_path / "s") != before
    store.close()
    undo_everything(store.path)
    assert tree(tmp_path / "s") == before
