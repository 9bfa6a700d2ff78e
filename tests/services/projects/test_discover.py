"""Recordings and their label files below a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelloop.services.projects.discover import Found, data_folder, find_recordings


def _files(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return folder


def _found(folder: Path) -> dict[str, Found]:
    return {item.path: item for item in find_recordings(folder)}


def test_the_data_folder(tmp_path: Path) -> None:
    assert data_folder(tmp_path) == tmp_path
    (tmp_path / "Data").mkdir()
    assert data_folder(tmp_path) == tmp_path / "Data"


def test_a_folder_with_a_data_file_is_one_session(tmp_path: Path) -> None:
    _files(tmp_path, "up/r1/data.csv", "up/r1/label.label", "up/r1/auto.label", "up/r1/other.wav")
    (item,) = find_recordings(tmp_path)
    assert (item.path, item.name, item.categories) == ("up/r1", "r1", ["up"])
    assert item.signal.name == "data.csv"
    assert item.session_file.name == "r1.imsession"
    assert [track for track, _ in item.labels] == ["auto", "label"]
    assert [p.name for p in item.more_signals] == ["other.wav"]


def test_a_recording_named_like_its_folder_is_the_session_s(tmp_path: Path) -> None:
    _files(tmp_path, "r1/r1.data", "r1/b.data")
    assert _found(tmp_path)["r1"].signal.name == "r1.data"


def test_a_single_recording_with_labels_of_other_names(tmp_path: Path) -> None:
    _files(tmp_path, "r1/capsense.data", "r1/lcapsense.label")
    assert [track for track, _ in _found(tmp_path)["r1"].labels] == ["lcapsense"]


def test_recordings_side_by_side_are_sessions_of_their_own(tmp_path: Path) -> None:
    _files(tmp_path, "walk.csv", "walk_a.csv", "walk.label", "walk_a_auto.label", "walk_b.label")
    found = _found(tmp_path)
    assert sorted(found) == ["walk", "walk_a"]
    assert found["walk"].labels == (("label", tmp_path / "walk.label"), ("b", tmp_path / "walk_b.label"))
    assert found["walk_a"].labels == (("auto", tmp_path / "walk_a_auto.label"),)
    assert found["walk"].flat
    assert found["walk"].label_path("new") == tmp_path / "walk_new.label"
    assert found["walk"].label_path("b") == tmp_path / "walk_b.label"


def test_the_same_recording_twice_is_one(tmp_path: Path) -> None:
    _files(tmp_path, "a.csv", "a.wav")
    assert [p.name for p in _found(tmp_path)["a"].more_signals] == ["a.wav"]


def test_endings_may_be_in_capitals(tmp_path: Path) -> None:
    assert "a" in _found(_files(tmp_path, "a.CSV"))


@pytest.mark.parametrize("folder", [".hidden", "Models", "node_modules", "__pycache__"])
def test_folders_that_hold_no_recordings(tmp_path: Path, folder: str) -> None:
    assert _found(_files(tmp_path, f"{folder}/data.csv", ".a.csv")) == {}


def test_only_below_a_folder_when_asked(tmp_path: Path) -> None:
    _files(tmp_path, "a/data.csv", "b/data.csv")
    assert [item.path for item in find_recordings(tmp_path, tmp_path / "b")] == ["b"]
