"""Recordings and their label files below a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelloop.formats.improj.session_file import TrackInfo, new_imsession
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
    assert item.more_signals == (("other", tmp_path / "up/r1/other.wav"),)


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
    assert _found(tmp_path)["a"].more_signals == (("a 2", tmp_path / "a.wav"),)


def test_endings_may_be_in_capitals(tmp_path: Path) -> None:
    assert "a" in _found(_files(tmp_path, "a.CSV"))


@pytest.mark.parametrize("folder", [".hidden", "Models", "node_modules", "__pycache__"])
def test_folders_that_hold_no_recordings(tmp_path: Path, folder: str) -> None:
    assert _found(_files(tmp_path, f"{folder}/data.csv", ".a.csv")) == {}


def test_only_below_a_folder_when_asked(tmp_path: Path) -> None:
    _files(tmp_path, "a/data.csv", "b/data.csv")
    assert [item.path for item in find_recordings(tmp_path, tmp_path / "b")] == ["b"]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_a_session_file_says_what_is_a_session(tmp_path: Path) -> None:
    _files(tmp_path, "s1/IMU-Data.data", "s1/Magnetometer-Data.data", "s1/Live-Labeling.label")
    tracks = [TrackInfo.data("IMU Data", "IMU-Data.data"), TrackInfo.data("Mag", "Magnetometer-Data.data")]
    tracks.append(TrackInfo.label("Live Labeling", "Live-Labeling.label"))
    (tmp_path / "s1" / "s1.imsession").write_bytes(new_imsession("id", tracks))
    (item,) = find_recordings(tmp_path)
    assert (item.path, item.data_track, item.label_track, item.made) == (
        "s1",
        "IMU Data",
        "Live Labeling",
        True,
    )
    assert item.more_signals == (("Mag", tmp_path / "s1" / "Magnetometer-Data.data"),)


def test_tracks_of_a_recording_side_by_side_with_those_of_others(tmp_path: Path) -> None:
    for name in ("run_01", "walk_01"):
        _files(tmp_path, f"{name}_accel.data", f"{name}_gyro.data", f"{name}_label.label")
    found = _found(tmp_path)
    assert sorted(found) == ["run_01", "walk_01"]
    item = found["run_01"]
    assert (item.data_track, item.signal.name) == ("accel", "run_01_accel.data")
    assert item.more_signals == (("gyro", tmp_path / "run_01_gyro.data"),)
    assert item.labels == (("label", tmp_path / "run_01_label.label"),)
    assert item.label_path("new") == tmp_path / "run_01_new.label"


NO_TRACKS = [("walk_fast.csv", "walk_slow.csv"), ("a_1.csv", "a_2.csv"), ("a_x.csv", "b.csv")]


@pytest.mark.parametrize("names", NO_TRACKS)
def test_names_with_a_line_are_no_tracks_by_themselves(tmp_path: Path, names: tuple[str, ...]) -> None:
    assert len(_found(_files(tmp_path, *names))) == 2


def test_tracks_in_a_folder_with_one_label_file_are_one_session(tmp_path: Path) -> None:
    _files(tmp_path, "s1/IMU-Data.data", "s1/Magnetometer-Data.data", "s1/Live-Labeling.label")
    item = _found(tmp_path)["s1"]
    assert (item.data_track, [name for name, _ in item.more_signals]) == ("IMU-Data", ["Magnetometer-Data"])


def test_folders_that_all_hold_a_file_of_one_name_are_the_recordings(tmp_path: Path) -> None:
    _files(tmp_path, "up/r1/accel.data", "up/r2/accel.data", "down/only.csv")
    found = _found(tmp_path)
    assert sorted(found) == ["down/only", "up/r1", "up/r2"]
    assert found["up/r1"].categories == ["up"]


def test_the_track_that_holds_labels_is_the_active_one(tmp_path: Path) -> None:
    _files(tmp_path, "r1/capsense.data")
    _write(tmp_path / "r1" / "a.label", "Time,Length,Label\n")
    _write(tmp_path / "r1" / "b.label", "Time,Length,Label\n1,1,up\n")
    assert _found(tmp_path)["r1"].label_track == "b"
    _files(tmp_path, "r1/label.label")
    assert _found(tmp_path)["r1"].label_track == "label"


def test_a_text_of_words_is_no_recording_and_one_of_numbers_is(tmp_path: Path) -> None:
    _write(tmp_path / "README.txt", "These are 3 recordings of 2 people.\n" * 5)
    _write(tmp_path / "walk.txt", "0.0 1.0\n0.1 2.0\n0.2 3.0\n")
    assert sorted(_found(tmp_path)) == ["walk"]
