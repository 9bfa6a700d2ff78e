"""What is to be known of a project."""

from __future__ import annotations

from dataclasses import replace

from labelloop.services.projects.info import look_at_files, project_json, project_warnings, session_json
from labelloop.services.sessions.assign import assign
from labelloop.storage.store import ProjectStore
from tests.services.conftest import Named


def test_sets_and_sessions(made: ProjectStore, named: Named) -> None:
    assign(made.editor, [named("up_00")], "train")
    told = project_json(made)
    assert (told["name"], told["classes"]) == ("Made", ["up", "down"])
    assert told["sets"]["train"] == {"sessions": 1, "events": 3, "labelled_s": 1.875, "length_s": 9.95}
    assert [s["path"] for s in told["sessions"]] == [s.path for s in made.project.sessions()]


def test_one_session(made: ProjectStore, named: Named) -> None:
    told = session_json(made, named("up_00"))
    assert told["labels"] == {"up": 2, "down": 1}
    assert (told["channels"], told["rate_hz"], told["status"]) == (2, 20.0, "partial")
    assert session_json(made, replace(named("up_00"), shape=()))["channels"] == 0


def test_files_that_are_gone_empty_or_outside(made: ProjectStore, named: Named) -> None:
    made.project.data_path(named("up_00")).unlink()
    made.project.data_path(named("down_01")).write_bytes(b"")
    made.project.replace_session(replace(named("up_02"), data_file="../x.csv"))
    look_at_files(made)
    assert "is missing" in named("up_00").message
    assert "is empty" in named("down_01").message
    assert "outside" in named("up_02").message
    assert named("down_03").message == ""
    assert "3 of 4 sessions can't be used: see their messages." in project_warnings(made)


def test_a_link_out_of_the_project_is_not_followed(made: ProjectStore, named: Named) -> None:
    folder = made.project.folder
    outside = folder.parent / "outside"
    (folder / "Data/up").rename(outside)
    (folder / "Data/up").symlink_to(outside)
    look_at_files(made)
    assert "outside" in named("up_00").message


def test_a_message_goes_when_the_file_is_back(made: ProjectStore, named: Named) -> None:
    path = made.project.data_path(named("up_00"))
    whole = path.read_bytes()
    path.unlink()
    look_at_files(made)
    path.write_bytes(whole)
    look_at_files(made)
    assert not named("up_00").broken
