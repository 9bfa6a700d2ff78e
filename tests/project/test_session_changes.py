"""Changes of sessions."""

from __future__ import annotations

import pytest

from labelloop.errors import Refused
from labelloop.project.changes import SIDECAR_DOC, PROJECT_DOC
from labelloop.project.session_changes import (
    ChangeSessions,
    EditSessions,
    FieldEdit,
    MoveSessions,
    Placed,
    SetMove,
)
from tests.project.made_up import project, session, snapshot


def _move(place: int = 0, goal: int = 0, name: str = "id-0") -> SetMove:
    return SetMove(name, "train", place, "test", goal)


def test_a_move_and_its_way_back() -> None:
    made = project()
    before = snapshot(made)
    change = MoveSessions((_move(goal=1), SetMove("id-4", "train", 0, "test", 0)))
    change.check(made)
    change.apply(made)
    assert [s.id for s in made.in_set("test")] == ["id-4", "id-2", "id-0"]
    back = change.inverse()
    back.check(made)
    back.apply(made)
    assert snapshot(made) == before


@pytest.mark.parametrize(
    "move", [_move(1), _move(-1), _move(9), _move(goal=3), _move(goal=-1), _move(name="x")]
)
def test_a_session_that_stands_elsewhere_stops_all(move: SetMove) -> None:
    made = project()
    with pytest.raises((Refused, KeyError)):
        MoveSessions((move,)).check(made)


def test_places_are_counted_when_each_move_is_made() -> None:
    made = project()
    MoveSessions((_move(), SetMove("id-4", "train", 0, "test", 2))).check(made)
    with pytest.raises(Refused, match="nothing was moved"):
        MoveSessions((_move(), SetMove("id-4", "train", 1, "test", 0))).check(made)


def test_what_is_said_of_moves() -> None:
    made = project()
    assert MoveSessions((_move(),)).describe(made) == "s0 moved to Test"
    two = MoveSessions((_move(), SetMove("id-4", "train", 0, "test", 0)))
    assert two.describe(made) == "2 sessions moved to Test"
    apart = MoveSessions((_move(), SetMove("id-4", "train", 0, "validation", 0)))
    assert apart.describe(made) == "2 sessions moved to other sets"
    assert apart.touched().sessions == {"id-0", "id-4"}


def test_a_field_and_its_way_back() -> None:
    made = project()
    change = EditSessions("flag", (FieldEdit("id-0", "", "odd"),))
    change.check(made)
    change.apply(made)
    assert made.session("id-0").flag == "odd"
    change.inverse().apply(made)
    assert made.session("id-0").flag == ""


def test_a_field_that_was_changed_since_is_refused() -> None:
    with pytest.raises(Refused, match="flag of s0 was changed since"):
        EditSessions("flag", (FieldEdit("id-0", "x", "y"),)).check(project())


def test_what_follows_the_labels_is_set_whatever_it_was() -> None:
    EditSessions("tags", (FieldEdit("id-0", "x", "y"),)).check(project())


@pytest.mark.parametrize("field", ["id", "path", "message", "nothing"])
def test_fields_that_nobody_may_change(field: str) -> None:
    with pytest.raises(Refused, match="no field"):
        EditSessions(field, ()).check(project())


def test_the_file_that_holds_a_field() -> None:
    assert EditSessions("done", ()).touched().documents == {SIDECAR_DOC}
    assert EditSessions("locked", ()).touched().documents == {PROJECT_DOC}


@pytest.mark.parametrize(
    ("field", "after", "says"),
    [
        ("locked", True, "locked of s0"),
        ("locked", False, "lock of s0"),
        ("label_track", "a", "label track of s0"),
    ],
)
def test_what_is_said_of_a_field(field: str, after: object, says: str) -> None:
    assert EditSessions(field, (FieldEdit("id-0", None, after),)).describe(project()) == says


def test_sessions_come_and_go() -> None:
    made = project()
    before = snapshot(made)
    new = Placed(session(9), "test", 0)
    change = ChangeSessions((Placed(made.session("id-0"), "train", 0),), (new,))
    change.check(made)
    change.apply(made)
    assert [s.id for s in made.in_set("test")] == ["id-9", "id-2"]
    assert "id-0" not in made
    back = change.inverse()
    back.check(made)
    back.apply(made)
    assert snapshot(made) == before


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (ChangeSessions((Placed(session(0), "train", 1),)), "nothing was removed"),
        (ChangeSessions((), (Placed(session(0), "test", 0),)), "already"),
        (ChangeSessions((), (Placed(session(9, path="up/s0"), "test", 0),)), "already"),
        (ChangeSessions((), (Placed(session(9), "test", 5),)), "nothing was added"),
        (ChangeSessions((), (Placed(session(9), "test", 0), Placed(session(9), "test", 0))), "already"),
    ],
)
def test_what_can_not_come_or_go(change: ChangeSessions, why: str) -> None:
    with pytest.raises(Refused, match=why):
        change.check(project())


def test_one_may_come_in_the_place_of_its_like() -> None:
    made = project()
    ChangeSessions((Placed(made.session("id-0"), "train", 0),), (Placed(session(0), "test", 0),)).check(made)


def test_labels_of_those_that_come_are_saved() -> None:
    touched = ChangeSessions((), (Placed(session(9), "test", 0),)).touched()
    assert touched.documents == {PROJECT_DOC, "labels/id-9/label"}


def test_what_is_said_of_coming_and_going() -> None:
    came = ChangeSessions((), (Placed(session(9), "test", 0),))
    assert came.describe(project()) == "1 session added to the project"
    assert came.inverse().describe(project()) == "1 session taken out of the project"
