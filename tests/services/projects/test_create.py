"""Projects made of recordings in place, and recordings added."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelloop.errors import UserError
from labelloop.project.class_changes import class_additions
from labelloop.services.labels.history import undo
from labelloop.services.projects.create import add_recordings, new_project
from labelloop.storage.opening import open_project
from labelloop.storage.store import ProjectStore
from tests.made_project import ROWS, tree, write_labels, write_recording


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    write_recording(tmp_path / "Data/up/a/data.csv")
    write_labels(tmp_path / "Data/up/a/label.label", ROWS)
    write_recording(tmp_path / "Data/down/b/data.csv", channels=3)
    return tmp_path


def test_a_project_holds_what_the_folders_hold(recordings: Path) -> None:
    seen: list[str] = []
    made = new_project(recordings, None, lambda done, total, name: seen.append(f"{done}/{total} {name}"))
    assert seen == ["0/2 down/b", "1/2 up/a"]
    store = open_project(made.project, "a test", write=False)
    sessions = {s.path: s for s in store.project.sessions()}
    assert store.project.class_names == ["up", "down"]
    assert (sessions["up/a"].tags, sessions["down/b"].tags) == ("None", "LabelsMissing")
    assert (sessions["up/a"].shape, sessions["down/b"].shape) == ((2,), (3,))
    assert list(sessions["up/a"].custom.values()) == ["up"]
    assert len({s.id for s in sessions.values()}) == 2
    store.close()


def test_no_file_that_was_there_changes(recordings: Path) -> None:
    before = tree(recordings)
    new_project(recordings)
    assert before.items() <= tree(recordings).items()


def test_a_copied_folder_becomes_a_session_of_its_own(recordings: Path) -> None:
    import shutil

    first = new_project(recordings)
    first.project.unlink()
    shutil.copytree(recordings / "Data/up/a", recordings / "Data/up/c")
    made = new_project(recordings)
    assert len({s.id for s in made.sessions}) == 3


@pytest.mark.parametrize("name", ["a/b", ".x", " ", "a\x1b"])
def test_names_that_can_not_be(recordings: Path, name: str) -> None:
    before = tree(recordings, ours=True)
    with pytest.raises(UserError, match="no name for a project"):
        new_project(recordings, name)
    assert tree(recordings, ours=True) == before


def test_what_is_no_place_for_a_project(recordings: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no folder"):
        new_project(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match="holds no recordings"):
        new_project(tmp_path / "empty")
    new_project(recordings)
    with pytest.raises(UserError, match="has a project already"):
        new_project(recordings)


def test_recordings_that_can_not_be_read_are_passed_by_with_the_reason(recordings: Path) -> None:
    (recordings / "Data/up/a/data.csv").write_text("no numbers\n")
    made = new_project(recordings)
    assert [s.path for s in made.sessions] == ["down/b"]
    assert made.skipped[0][0] == "up/a"


def test_when_none_can_be_read_nothing_is_left_behind(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/data.csv").write_text("no numbers\n")
    before = tree(tmp_path, ours=True)
    with pytest.raises(UserError, match="None of the 1 recordings"):
        new_project(tmp_path)
    assert tree(tmp_path, ours=True) == before


def test_added_recordings_are_one_change(made: ProjectStore) -> None:
    folder = made.project.folder / "Data/side/deep"
    write_recording(folder / "s/data.csv")
    write_labels(folder / "s/label.label", ("1,1,side,1,",))
    created = add_recordings(made, folder)
    assert [s.path for s in created.sessions] == ["side/deep/s"]
    assert "side" in made.project.class_names
    assert [c.name for c in made.project.state.columns] == ["Category 1", "Category 2"]
    undo(made.editor)
    assert len(made.project) == 4
    assert "side" not in made.project.class_names


def test_what_can_not_be_added(made: ProjectStore, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="lies outside the project"):
        add_recordings(made, tmp_path)
    with pytest.raises(UserError, match="There is no folder"):
        add_recordings(made, made.project.folder / "x")
    with pytest.raises(UserError, match="that the project does not have"):
        add_recordings(made, made.project.folder)


def test_classes_that_are_lacking(made: ProjectStore) -> None:
    assert class_additions(made.project, ["up"]) == []
    (change,) = class_additions(made.project, ["side", "up", "side"])
    made.editor.apply(change)
    assert made.project.class_names == ["up", "down", "side"]
    assert len({c.id for c in made.project.classes}) == 3
