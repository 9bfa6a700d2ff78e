"""Marks and fields of sessions."""

from __future__ import annotations

import pytest

from labelloop.errors import UserError
from labelloop.project.label_changes import EditLabels
from labelloop.services.labels.history import undo
from labelloop.services.labels.track_edits import change
from labelloop.services.sessions.marks import (
    activate_track,
    data_tracks,
    label_tracks,
    label_whole,
    remove_sessions,
    set_custom,
    set_flag,
    toggle_done,
)
from labelloop.storage.store import ProjectStore
from tests.made_project import write_recording
from tests.services.conftest import Named


def test_done_is_marked_for_who_lacks_it_and_taken_off_when_all_have_it(
    made: ProjectStore, named: Named
) -> None:
    both = ["up_00", "up_02"]
    toggle_done(made.editor, [named("up_00")], ["up"])
    done = toggle_done(made.editor, [named(n) for n in both], ["up", "down"])
    assert [named(n).done for n in both] == [{"up", "down"}] * 2
    assert done.title == "2 sessions done for up, down"
    off = toggle_done(made.editor, [named(n) for n in both], ["up"])
    assert [named(n).done for n in both] == [{"down"}] * 2
    assert off.title == "2 sessions no longer done for up"


def test_without_classes_nothing_can_be_done(made: ProjectStore, named: Named) -> None:
    with pytest.raises(UserError, match="no classes yet"):
        toggle_done(made.editor, [named("up_00")], [])


def test_flags(made: ProjectStore, named: Named) -> None:
    flagged = set_flag(made.editor, [named("up_00")], "odd")
    assert flagged is not None
    assert (named("up_00").flag, flagged.title) == ("odd", "up_00 flagged")
    assert set_flag(made.editor, [named("up_00")], "odd") is None
    off = set_flag(made.editor, [named("up_00"), named("up_02")], "")
    assert off is not None
    assert off.title == "flag taken off 2 sessions"


def test_tracks_that_all_have(made: ProjectStore, named: Named) -> None:
    change(made, named("up_00"), "new", "second")
    assert sorted(label_tracks(made, [named("up_00")])) == ["label", "second"]
    assert label_tracks(made, [named("up_00"), named("up_02")]) == ["label"]
    assert data_tracks(made, [named("up_00"), named("up_02")]) == ["data"]
    assert label_tracks(made, []) == []


def test_another_label_track_brings_its_own_counts(made: ProjectStore, named: Named) -> None:
    change(made, named("up_00"), "new", "second")
    activate_track(made, [named("up_00")], "label", "label track")
    applied = activate_track(made, [named("up_00")], "second", "label track")
    assert applied is not None
    assert (named("up_00").label_track, named("up_00").totals) == ("second", ())
    assert activate_track(made, [named("up_00")], "second", "label track") is None


def test_a_new_column_is_made_and_used_again(made: ProjectStore, named: Named) -> None:
    set_custom(made.editor, [named("up_00")], "ward", "3")
    set_custom(made.editor, [named("up_02")], "ward", "4")
    columns = [c.name for c in made.project.state.columns]
    assert columns.count("ward") == 1
    assert "3" in named("up_00").custom.values()
    assert set_custom(made.editor, [named("up_00")], "ward", "3") is None
    with pytest.raises(UserError, match="needs a name"):
        set_custom(made.editor, [named("up_00")], "", "x")


def test_a_whole_session_gets_its_folder_s_class_and_cuts_what_is_there(
    made: ProjectStore, named: Named
) -> None:
    done = label_whole(made, [named("up_00"), named("down_01")], "")
    assert done.title == "2 sessions labelled as a whole"
    for name, cls in (("up_00", "up"), ("down_01", "down")):
        session = named(name)
        (label,) = made.project.track(session.id)
        assert (label.start, label.end, label.name) == (session.start_s, session.end_s, cls)
    undo(made.editor)
    assert len(made.project.track(named("up_00").id)) == 3


def test_removed_sessions_come_back_where_they_were(made: ProjectStore, named: Named) -> None:
    before = [s.name for s in made.project.in_set("unassigned")]
    remove_sessions(made.editor, [named("down_01"), named("up_00")])
    assert [s.name for s in made.project.sessions()] == ["up_02", "down_03"]
    undo(made.editor)
    assert [s.name for s in made.project.in_set("unassigned")] == before


def test_another_recording_is_measured(made: ProjectStore, named: Named) -> None:
    session = named("up_00")
    folder = made.project.folder / "Data/up/up_00"
    write_recording(folder / "other.csv", samples=50, rate=10.0, channels=3)
    refs = made.project.tracks_of(session.id)
    assert [r.name for r in refs if r.is_signal] == ["data"]
    assert made.project.track(session.id) is not None
    made.editor.apply(EditLabels(session.id, "label", tuple(made.project.track(session.id))))
    assert named("up_00").shape == (2,)
