"""Each kind of change: its inverse, its JSON, what it refuses, what it says."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelloop.errors import UserError
from labelloop.project.change_json import change_from_json, change_to_json
from labelloop.project.changes import Change, Compound, primitives
from labelloop.project.class_changes import SetClasses, SetColumns, SetLooks, SetTargets
from labelloop.project.classes import ClassDef, ClassLook
from labelloop.project.label_changes import AttachTrack, EditLabels
from labelloop.project.labels import Label
from labelloop.project.project import CustomColumn, Project
from labelloop.project.session import ClassTotal, TrackRef
from labelloop.project.session_changes import (
    ChangeSessions,
    EditSessions,
    FieldEdit,
    MoveSessions,
    Placed,
    SetMove,
)
from labelloop.project.sets import DEFAULT_SETS, DataSet
from tests.project.made_up import LABELS, labels, project, session, snapshot

CLASSES = (ClassDef("up", 1), ClassDef("down", 2, 1.5))
NEW_REF = TrackRef("mine \x1b[31m", "Data/up/s0/mine.label")


def field_edit(field: str, after: Any, number: int = 0) -> EditSessions:
    return EditSessions(field, (FieldEdit(f"id-{number}", getattr(session(number), field), after),))


GOOD: dict[str, Change] = {
    "label": EditLabels("id-0", "label", (), (Label(3, 1, "up"),)),
    "relabel": EditLabels("id-0", "label", LABELS[:2], (Label(3, 1, "up", 0.5, "x", "run:g2", False),)),
    "one of two": EditLabels("id-0", "label", (LABELS[2],), ()),
    "move": MoveSessions((SetMove("id-0", "train", 0, "test", 1), SetMove("id-4", "train", 0, "test", 0))),
    "within": MoveSessions((SetMove("id-0", "train", 0, "train", 1),)),
    "new set": MoveSessions((SetMove("id-0", "train", 0, "other", 0),)),
    "lock": field_edit("locked", True),
    "done": field_edit("done", frozenset({"up", "down"})),
    "flag": field_edit("flag", "why?\nnew line"),
    "custom": field_edit("custom", {"column": "down", "other": "ü"}),
    "totals": field_edit("totals", (ClassTotal("down", 1, 0.1),)),
    "shape": field_edit("shape", (2, 3)),
    "track": field_edit("label_track", "auto"),
    "classes": SetClasses(CLASSES, (*CLASSES[::-1], ClassDef("walk", 3))),
    "rename": SetClasses(CLASSES, (replace(CLASSES[0], name="UP"), CLASSES[1])),
    "no classes": SetClasses(CLASSES, ()),
    "looks": SetLooks({"up": ClassLook("1", 3)}, {"down": ClassLook()}),
    "columns": SetColumns((CustomColumn("column", "Category 1", "Category 1"),), ()),
    "targets": SetTargets(DEFAULT_SETS, (DataSet("train", 1.0),)),
    "remove": ChangeSessions((Placed(session(0), "train", 0), Placed(session(4), "train", 0))),
    "remove last": ChangeSessions((Placed(session(4), "train", 1), Placed(session(0), "train", 0))),
    "add": ChangeSessions(added=(Placed(session(8), "test", 0), Placed(session(9), "unassigned", 1))),
    "replace": ChangeSessions((Placed(session(0), "train", 0),), (Placed(session(8), "train", 0),)),
    "attach": AttachTrack("id-0", NEW_REF),
    "detach": AttachTrack("id-0", TrackRef("auto", "Data/up/s0/auto.label"), False),
    "new track": Compound(
        (AttachTrack("id-0", NEW_REF), EditLabels("id-0", NEW_REF.name, (), LABELS)), "generated"
    ),
    "nested": Compound((field_edit("locked", True), Compound((field_edit("flag", "x"),)))),
    "in turn": Compound(
        (
            EditLabels("id-0", "label", (), (Label(3, 1, "up"),)),
            EditLabels("id-0", "label", (Label(3, 1, "up"),), (Label(4, 1, "up"),)),
        )
    ),
    "nothing": Compound(()),
}

BAD: dict[str, Change] = {
    "gone label": EditLabels("id-0", "label", (Label(9, 9, "up"),), (Label(1, 1, "up"),)),
    "same twice": EditLabels("id-0", "label", (LABELS[0], LABELS[0])),
    "backward label": EditLabels("id-0", "label", (), (Label(1, -1, "up"),)),
    "nan label": EditLabels("id-0", "label", (), (Label(float("nan"), 1, "up"),)),
    "no session": EditLabels("id-77", "label", (), (Label(1, 1, "up"),)),
    "moved before": MoveSessions((SetMove("id-0", "test", 0, "train", 0),)),
    "from behind": MoveSessions((SetMove("id-4", "train", -1, "test", 0),)),
    "too far": MoveSessions((SetMove("id-0", "train", 0, "test", 9),)),
    "second move": MoveSessions(
        (SetMove("id-0", "train", 0, "test", 0), SetMove("id-0", "train", 0, "test", 0))
    ),
    "changed field": EditSessions("flag", (FieldEdit("id-0", "was", "is"),)),
    "odd field": EditSessions("id", (FieldEdit("id-0", "id-0", "x"),)),
    "other classes": SetClasses((ClassDef("x", 9),), ()),
    "class twice": SetClasses(CLASSES, (*CLASSES, ClassDef("up", 7))),
    "no name": SetClasses(CLASSES, (ClassDef(" ", 1),)),
    "other looks": SetLooks({}, {}),
    "other columns": SetColumns((), ()),
    "other targets": SetTargets((), ()),
    "remove missing": ChangeSessions((Placed(session(77), "train", 0),)),
    "remove elsewhere": ChangeSessions((Placed(session(0), "test", 0),)),
    "add known": ChangeSessions(added=(Placed(session(0), "test", 0),)),
    "add twice": ChangeSessions(added=(Placed(session(8), "test", 0), Placed(session(8), "test", 0))),
    "add same path": ChangeSessions(added=(Placed(session(8, path="up/s0"), "test", 0),)),
    "add far": ChangeSessions(added=(Placed(session(8), "test", 7),)),
    "attach known": AttachTrack("id-0", TrackRef("auto", "x.label")),
    "detach missing": AttachTrack("id-0", TrackRef("none", "x.label"), False),
    "detach active": AttachTrack("id-0", TrackRef("label", "Data/up/s0/label.label"), False),
}


@pytest.mark.parametrize("name", GOOD)
def test_the_inverse_restores_everything(name: str) -> None:
    change, there = GOOD[name], project()
    before = snapshot(there)
    change.check(there)
    assert snapshot(there) == before
    change.apply(there)
    after = snapshot(there)
    assert name == "nothing" or after != before
    back = change.inverse()
    back.check(there)
    back.apply(there)
    assert snapshot(there) == before
    again = back.inverse()
    again.check(there)
    again.apply(there)
    assert snapshot(there) == after


@pytest.mark.parametrize("name", GOOD)
def test_json_brings_the_same_change(name: str) -> None:
    change = GOOD[name]
    text = json.dumps(change_to_json(change))
    back = change_from_json(json.loads(text))
    assert back == change
    assert change_to_json(back) == change_to_json(change)
    one, other = project(), project()
    change.apply(one)
    back.apply(other)
    assert snapshot(one) == snapshot(other)


@pytest.mark.parametrize("name", GOOD)
def test_each_change_says_what_it_does_in_safe_words(name: str) -> None:
    change, there = GOOD[name], project()
    for text in (change.describe(there), change.inverse().describe(there)):
        assert text
        assert text.isprintable()
    assert name == "nothing" or change.touched().documents
    assert all(part.touched().documents for part in primitives(change))


@pytest.mark.parametrize("name", BAD)
def test_what_does_not_fit_is_refused_and_alters_nothing(name: str) -> None:
    there = project()
    before = snapshot(there)
    with pytest.raises(UserError) as caught:
        BAD[name].check(there)
    assert str(caught.value).isprintable()
    assert snapshot(there) == before


@pytest.mark.parametrize("name", sorted(BAD.keys() - {"add known", "add same path", "attach known"}))
@pytest.mark.parametrize("first", ["new track", "move", "remove", "add", "classes", "detach"])
def test_a_compound_is_refused_as_a_whole(name: str, first: str) -> None:
    there = project()
    before = snapshot(there)
    doubtful = Compound((GOOD[first], BAD[name], field_edit("locked", True, 1)))
    with pytest.raises(UserError):
        doubtful.check(there)
    assert snapshot(there) == before


@given(st.lists(labels, max_size=8), st.lists(labels, max_size=8))
@settings(max_examples=60)
def test_label_edits_are_invertible_whatever_they_hold(here: list[Label], added: list[Label]) -> None:
    there = project(1)
    EditLabels("id-0", "label", LABELS, tuple(here)).apply(there)
    before = snapshot(there)
    change = EditLabels("id-0", "label", tuple(here[::2]), tuple(added))
    change.check(there)
    assert change_from_json(json.loads(json.dumps(change_to_json(change)))) == change
    change.apply(there)
    change.inverse().check(there)
    change.inverse().apply(there)
    after = snapshot(there)
    assert sorted(x.source_text for x in there.track("id-0")) == sorted(x.source_text for x in here)
    assert [x for x, _ in after["labels"]["id-0", "label"]] == [
        x for x, _ in before["labels"]["id-0", "label"]
    ]


def test_edits_outlive_the_session_and_the_track_they_are_in() -> None:
    there, label = project(), Label(3, 1, "up")
    EditLabels("id-0", "auto", (), (label,)).apply(there)
    for change in (GOOD["remove"], GOOD["detach"]):
        change.apply(there)
        kept = there.read_track("id-0", "auto")
        assert kept is not None
        assert list(kept) == [label]
        change.inverse().apply(there)
        assert list(there.track("id-0", "auto")) == [label]


def test_another_file_under_the_same_name_has_its_own_labels() -> None:
    there, label = project(), Label(3, 1, "up")
    EditLabels("id-0", "auto", (), (label,)).apply(there)
    GOOD["detach"].apply(there)
    assert there.file_of_track_away("id-0", "auto") == "Data/up/s0/auto.label"
    AttachTrack("id-0", TrackRef("auto", "Data/up/s0/auto-2.label")).apply(there)
    assert list(there.track("id-0", "auto")) == []


def test_classes_that_only_labels_name_stay_when_the_list_changes() -> None:
    there: Project = project()
    there.state.classes = (*CLASSES, ClassDef("found", 9))
    change = SetClasses(CLASSES, CLASSES[:1])
    change.check(there)
    change.apply(there)
    assert there.class_names == ["up", "found"]
    change.inverse().check(there)
    change.inverse().apply(there)
    assert there.class_names == ["up", "down", "found"]


@pytest.mark.parametrize(
    "data", [{}, {"kind": "later"}, {"kind": "labels"}, {"kind": "move", "moves": [[1]]}]
)
def test_an_unknown_change_is_a_sentence(data: dict[str, Any]) -> None:
    with pytest.raises(UserError, match="newer version"):
        change_from_json(data)
