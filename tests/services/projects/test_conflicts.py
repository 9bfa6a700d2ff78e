"""Two versions of a file: both are kept, what does not clash is put together, one is gone on with."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelloop.formats.labels.label_file import EMPTY_LABELS
from labelloop.project.changes import PROJECT_DOC, labels_doc
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.services.labels import classes
from labelloop.services.projects.conflicts import difference, merge_project, settle
from labelloop.services.sessions.assign import assign, set_locked
from labelloop.services.sessions.marks import remove_sessions
from labelloop.storage.opening import open_project
from labelloop.storage.saving import Saver
from labelloop.storage.store import ProjectStore
from tests.made_project import make_project
from tests.services.conftest import Named

THEIRS = EMPTY_LABELS + b"1.5,0.5,up,1,theirs\n"


def _label_conflict(store: ProjectStore, session_id: str) -> Path:
    """An edit of ours, and another version of the file by another program."""
    store.editor.apply(EditLabels(session_id, "label", added=(Label(0.1, 0.2, "up", comment="ours"),)))
    path = store.project.folder / store.project.session(session_id).label_file
    path.write_bytes(THEIRS)
    return path


@pytest.mark.parametrize("ours", [True, False])
def test_a_label_file_is_settled_and_both_versions_are_kept(
    made: ProjectStore, named: Named, ours: bool
) -> None:
    session, saver = named("up_00"), Saver(made)
    path, key = _label_conflict(made, session.id), labels_doc(session.id, "label")
    saver.held.add(key)
    assert settle(made, saver, key, ours) == []
    assert saver.save().problems == []
    text = path.read_text()
    assert ("ours" in text) == ours
    assert ("theirs" in text) != ours
    aside = [p.read_text() for p in made.layout.conflicts.iterdir()]
    assert len(aside) == 1
    assert ("theirs" in aside[0]) == ours


def test_the_difference_counts_what_only_one_version_has(made: ProjectStore, named: Named) -> None:
    session = named("up_00")
    _label_conflict(made, session.id)
    # the made file has 1.5 to 2 as well, so theirs has nothing that mine lacks
    assert difference(made, labels_doc(session.id, "label")) == "up_00: 3 labels only in mine, 0 in theirs"


def test_the_difference_of_the_project_file_names_it(made: ProjectStore) -> None:
    assert difference(made, PROJECT_DOC) == "Made.improj was changed outside"


@pytest.fixture
def theirs(made: ProjectStore, tmp_path: Path) -> bytes:
    """The project file as another program writes it: up_02 is in Test, down_01 is gone, classes are more."""
    other = open_project(make_project(tmp_path / "other"), "a test")
    sessions = {s.name: s for s in other.project.sessions()}
    assign(other.editor, [sessions["up_02"]], "test")
    remove_sessions(other.editor, [sessions["down_01"]])
    classes.add(other, "theirs")
    Saver(other).save()
    other.close()
    return other.path.read_bytes()


def test_a_project_file_of_others_keeps_our_edits_that_fit(
    made: ProjectStore, named: Named, theirs: bytes
) -> None:
    saver = Saver(made)
    set_locked(made.editor, [named("up_00")], True)
    set_locked(made.editor, [named("down_01")], True)
    made.path.write_bytes(theirs)
    assert saver.save().conflicts == [PROJECT_DOC]
    assert settle(made, saver, PROJECT_DOC, ours=False) == ["locked 1 session"]
    assert saver.save().problems == []
    made.close()
    again = open_project(made.path, "a test")
    assert {s.name: s.locked for s in again.project.sessions()} == {
        "up_00": True,
        "up_02": False,
        "down_03": False,
    }
    assert [s.name for s in again.project.in_set("test")] == ["up_02"]
    assert again.project.class_names == ["up", "down", "theirs"]
    kept = [p.read_bytes() for p in made.layout.conflicts.iterdir()]
    assert theirs in kept
    assert len(kept) == 2
    again.close()


def test_a_project_file_of_ours_is_written_over_theirs_which_is_kept(
    made: ProjectStore, named: Named, theirs: bytes
) -> None:
    saver = Saver(made)
    set_locked(made.editor, [named("up_00")], True)
    made.path.write_bytes(theirs)
    assert settle(made, saver, PROJECT_DOC, ours=True) == []
    assert saver.save().problems == []
    assert made.project.class_names == ["up", "down"]
    assert b"theirs" not in made.path.read_bytes()
    assert [p.read_bytes() for p in made.layout.conflicts.iterdir()] == [theirs]


def test_marks_that_only_we_know_outlast_a_project_file_of_others(
    made: ProjectStore, named: Named, theirs: bytes
) -> None:
    classes.set_key(made, "up", "u")
    made.path.write_bytes(theirs)
    assert merge_project(made, Saver(made)) == []
    assert made.project.state.looks["up"].key == "u"


def test_a_project_file_that_can_not_be_read_is_not_taken_in(made: ProjectStore) -> None:
    made.path.write_bytes(b"no project")
    with pytest.raises(Exception, match="Made"):
        merge_project(made, Saver(made))
    assert len(made.project) == 4
