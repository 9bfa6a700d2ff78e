"""The shared project model."""

from __future__ import annotations

import pytest

from labelloop.errors import UserError
from labelloop.project.labels import Label, LabelTrack
from labelloop.project.session import TrackRef
from tests.project.made_up import MemoryLoader, project, session


def test_sessions_stand_in_their_sets() -> None:
    made = project()
    assert [s.id for s in made.in_set("train")] == ["id-0", "id-4"]
    assert made.set_of("id-1") == "validation"
    assert len(made) == 5
    assert [s.id for s in made.sessions()] == [f"id-{n}" for n in range(5)]


def test_a_session_that_is_not_there() -> None:
    with pytest.raises(UserError):
        project().session("nobody")


def test_a_track_is_read_once_until_it_is_forgotten() -> None:
    made = project()
    loader = made._loader
    assert isinstance(loader, MemoryLoader)
    assert made.loaded_track("id-0", "label") is None
    first = made.track("id-0")
    assert made.track("id-0") is first is made.loaded_track("id-0", "label")
    made.forget_track("id-0", "label")
    assert made.track("id-0") is not first
    assert loader.loads == 2


def test_a_track_that_was_read_elsewhere_is_taken_in() -> None:
    made = project()
    made.take_track("id-0", "label", LabelTrack([Label(1, 1, "up")]))
    assert len(made.track("id-0")) == 1


def test_another_value_of_a_session_keeps_its_place() -> None:
    made = project()
    made.replace_session(session(0, flag="x"))
    assert made.session("id-0").flag == "x"
    assert [s.id for s in made.in_set("train")] == ["id-0", "id-4"]


def test_places() -> None:
    made = project()
    made.place("id-4", "train", 0)
    assert [s.id for s in made.in_set("train")] == ["id-4", "id-0"]
    made.place("id-4", "test", 1)
    assert made.set_of("id-4") == "test"


def test_who_went_is_still_known() -> None:
    made = project()
    made.take_out("id-0")
    assert "id-0" not in made
    known = made.known_session("id-0")
    assert known is not None
    assert known.name == "s0"
    made.bring_in(session(0), "train", 0)
    assert [s.id for s in made.in_set("train")] == ["id-0", "id-4"]


def test_tracks_go_away_and_come_back() -> None:
    made = project()
    made.track("id-0", "auto")
    made.put_track_away("id-0", "auto", "x.label")
    assert made.file_of_track_away("id-0", "auto") == "x.label"
    made.bring_back_track("id-0", "auto", "x.label")
    made.set_refs("id-0", (TrackRef("label", "l"),))
    assert made.label_tracks_of("id-0") == ["label"]


def test_classes_that_only_labels_name_are_named_last() -> None:
    assert project().class_names == ["up", "down"]


def test_a_copy_of_the_state_is_one_s_own() -> None:
    made = project()
    copy = made.state.copy()
    made.place("id-4", "test", 0)
    assert copy.members["train"] == ["id-0", "id-4"]


def test_names_and_places() -> None:
    made = project()
    assert (made.name, str(made.folder)) == ("made", "/nowhere")
    assert str(made.data_path(made.session("id-0"))) == "/nowhere/Data/up/s0/data.csv"
