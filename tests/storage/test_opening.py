"""Which project is meant, and who may write it."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelloop.errors import UserError
from labelloop.services.sessions.assign import assign
from labelloop.storage.lock import Held
from labelloop.storage.opening import find_project, open_project
from labelloop.storage.saving import Saver
from tests.made_project import make_project


def test_a_file_and_its_folder_are_the_same_project(tmp_path: Path) -> None:
    file = make_project(tmp_path / "p", 1)
    assert find_project(file) == find_project(file.parent) == file.resolve()


def test_a_folder_without_a_project_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"holds no \.improj project: make one with 'labelloop new"):
        find_project(tmp_path)


def test_two_projects_in_a_folder_are_named(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.improj").touch()
    with pytest.raises(UserError, match=r"holds 2 projects \(a\.improj, b\.improj\): name one of them"):
        find_project(tmp_path)


def test_what_is_not_there_or_no_project(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no project at"):
        find_project(tmp_path / "none.improj")
    (tmp_path / "a.txt").touch()
    with pytest.raises(UserError, match=r"is no project: name an \.improj file"):
        find_project(tmp_path / "a.txt")


def test_an_ending_in_capitals_will_do(tmp_path: Path) -> None:
    (tmp_path / "A.IMPROJ").touch()
    assert find_project(tmp_path / "A.IMPROJ").name == "A.IMPROJ"


def test_only_one_may_write(tmp_path: Path) -> None:
    file = make_project(tmp_path / "p", 1)
    first = open_project(file, "the first")
    with pytest.raises(Held, match="the first"):
        open_project(file, "the second")
    reading = open_project(file, "the second", or_read_only=True)
    assert reading.read_only
    assert reading.holder is not None
    assert reading.holder.what == "the first"
    assert "Opened for reading only" in reading.warnings[0]
    reading.close()
    first.close()
    third = open_project(file, "the third")
    assert not third.read_only
    third.close()


def test_for_reading_nothing_is_locked(tmp_path: Path) -> None:
    file = make_project(tmp_path / "p", 1)
    reading = open_project(file, "a look", write=False)
    writing = open_project(file, "a writer")
    assert (reading.read_only, writing.read_only) == (True, False)
    writing.close()
    reading.close()


def test_a_project_that_can_not_be_read_leaves_no_lock(tmp_path: Path) -> None:
    file = make_project(tmp_path / "p", 1)
    whole = file.read_bytes()
    file.write_bytes(whole[:100])
    with pytest.raises(UserError):
        open_project(file, "a test")
    file.write_bytes(whole)
    open_project(file, "a test").close()


def test_sessions_that_an_old_version_of_studio_calls_segments(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p", 3)
    text = project.read_text(encoding="utf-8-sig").replace("<Session ", "<Segment ")
    project.write_text(text.replace("</Session>", "</Segment>"), encoding="utf-8-sig")
    before = project.read_bytes()
    store = open_project(project, "test")
    sessions = list(store.project.sessions())
    assert len(sessions) == 3
    assign(store.editor, sessions[:1], "train")
    assert Saver(store).save().problems == []
    assert b"<Session " not in project.read_bytes()
    assert project.read_bytes() != before
    store.editor.undo()
    assert Saver(store).save().problems == []
    assert project.read_bytes() == before
    store.close()
