"""Deleting sessions from the disk."""

from __future__ import annotations

from dataclasses import replace

import pytest

from labelloop.errors import UserError
from labelloop.services.labels.history import undo
from labelloop.services.sessions.erase import erase_sessions, files_of
from labelloop.storage.store import ProjectStore
from tests.made_project import tree
from tests.services.conftest import Named


def test_the_files_of_a_session_and_no_others(made: ProjectStore, named: Named) -> None:
    names = sorted(p.name for p in files_of(made, [named("up_00")]))
    assert names == ["data.csv", "label.label", "up_00.imsession"]


def test_they_go_with_their_folder_and_the_rest_stays(made: ProjectStore, named: Named) -> None:
    root = made.project.folder
    before = tree(root)
    applied, count = erase_sessions(made, [named("up_00")])
    assert count == 3
    gone = set(before) - set(tree(root))
    assert gone == {f"Data/up/up_00/{n}" for n in ("data.csv", "label.label", "up_00.imsession")}
    assert not (root / "Data/up/up_00").exists()
    assert "taken out of the project" in applied.title


def test_a_folder_with_something_else_stays(made: ProjectStore, named: Named) -> None:
    other = made.project.folder / "Data/up/up_00/notes.txt"
    other.write_text("mine")
    erase_sessions(made, [named("up_00")])
    assert other.read_text() == "mine"


def test_a_recording_that_another_session_uses_stays(made: ProjectStore, named: Named) -> None:
    shared = named("up_02").data_file
    made.project.replace_session(replace(named("up_00"), data_file=shared))
    assert made.project.folder / shared not in files_of(made, [named("up_00")])
    assert made.project.folder / shared in files_of(made, [named("up_00"), named("up_02")])


def test_undo_brings_the_row_back_and_not_the_files(made: ProjectStore, named: Named) -> None:
    erase_sessions(made, [named("up_00")])
    undo(made.editor)
    assert named("up_00").name == "up_00"
    assert files_of(made, [named("up_00")]) == []


def test_a_file_outside_is_never_deleted(made: ProjectStore, named: Named) -> None:
    made.project.replace_session(replace(named("up_00"), data_file="../outside.csv"))
    with pytest.raises(UserError, match="outside the project"):
        erase_sessions(made, [named("up_00")])
