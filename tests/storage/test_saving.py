"""Saving writes what changed and no more, in an order that lasts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.storage.opening import open_project
from labelloop.storage.saving import Saver, SaveReport
from labelloop.storage.store import ProjectStore
from tests.end_to_end.support import state_of
from tests.made_project import ROWS, make_project, tree


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


def test_a_label_touches_its_own_row_only(store: ProjectStore, project: Path) -> None:
    add(store, Label(2, 0.5, "down"))
    before = tree(project.parent)
    save(store)
    after = tree(project.parent)
    assert {k for k in after if after[k] != before[k]} == {"Data/up/up_00/label.label", "Made.improj"}
    rows = after["Data/up/up_00/label.label"].decode().splitlines()
    assert rows[1:] == [ROWS[0], "2,0.5,down,1,", *ROWS[1:]]
    old, new = (t["Made.improj"].decode().splitlines() for t in (before, after))
    assert len(old) == len(new)
    changed = [b for a, b in zip(old, new, strict=True) if a != b]
    assert len(changed) == 2
    assert "modified=" in changed[0]
    assert changed[1].strip() == '<Label count="2" length="1.75">down</Label>'


def test_changes_by_others_are_never_overwritten_silently(store: ProjectStore, project: Path) -> None:
    path = project.parent / "Data/up/up_00/label.label"
    theirs = path.read_bytes() + b"9,0.5,up,1,\n"
    add(store, Label(2, 0.5, "down"))
    path.write_bytes(theirs)
    for _ in range(2):
        report = Saver(store).save()
        assert "another program" in report.problems[0]
        assert path.read_bytes() == theirs
    fresh = again(store)
    assert "kept as" in fresh.warnings[0]
    save(fresh)
    kept = [p.read_bytes() for p in (project.parent / ".labelloop/conflicts").iterdir()]
    assert theirs in kept
    rows = path.read_text().splitlines()
    assert "9,0.5,up,1," in rows
    assert "2,0.5,down,1," in rows
    fresh.close()


def test_a_label_file_that_studio_changed_gives_its_own_summary(store: ProjectStore, project: Path) -> None:
    add(store, Label(2, 0.5, "down"))
    save(store)
    store.close()
    path = project.parent / "Data/up/up_00/label.label"
    path.write_text(path.read_text() + "9,0.5,up,1,\n")
    text = project.read_text(encoding="utf-8-sig").replace(
        'count="2" length="0.625">up', 'count="3" length="1.125">up', 1
    )
    project.write_text(text, encoding="utf-8-sig")
    before = tree(project.parent)
    fresh = open_project(project, "test")
    add(fresh, Label(3, 0.1, "up"))
    save(fresh)
    fresh.editor.undo()
    save(fresh)
    assert tree(project.parent) == before
    fresh.close()


def test_an_edit_during_a_save_stays_unsaved(store: ProjectStore) -> None:
    saver = Saver(store)
    add(store, Label(2, 0.5, "down"))
    batch = saver.prepare()
    add(store, Label(3, 0.5, "down"))
    saver.commit(batch, saver.write(batch))
    assert store.editor.dirty
    state = state_of(store)
    fresh = again(store)
    assert state_of(fresh) == state
    fresh.close()


def test_a_file_that_can_not_be_written_keeps_its_edit_in_the_journal(
    store: ProjectStore, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(store, Label(2, 0.5, "down"))
    state, before, real = state_of(store), tree(project.parent), os.replace

    def fails(source: Path, target: Path) -> None:
        if str(target).endswith((".label", ".improj")):
            raise OSError(28, "full")
        real(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", fails)
        problems = Saver(store).save().problems
    assert "the disk is full" in problems[0]
    assert tree(project.parent) == before
    fresh = again(store)
    assert (fresh.recovered, state_of(fresh)) == (1, state)
    save(fresh)
    fresh.close()


def test_a_track_in_a_folder_that_is_missing_is_saved_and_undone(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p", 1)
    session_file = next(project.parent.rglob("*.imsession"))
    text = session_file.read_text(encoding="utf-8-sig")
    session_file.write_text(text.replace("label.label", "deep/er/label.label"), encoding="utf-8-sig")
    improj = project.read_text(encoding="utf-8-sig").replace("/label.label", "/deep/er/label.label")
    project.write_text(improj, encoding="utf-8-sig")
    store = open_project(project, "test")
    session = next(store.project.sessions())
    store.editor.apply(EditLabels(session.id, session.label_track, (), (Label(0.2, 0.5, "up"),)))
    assert Saver(store).save().problems == []
    store.close()
    again = open_project(project, "test")
    assert [x.start for x in again.project.track(session.id)] == [0.2]
    again.editor.undo()
    assert Saver(again).save().problems == []
    assert len(again.project.track(session.id)) == 0
    again.close()
    open_project(project, "test").close()
