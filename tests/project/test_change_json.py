"""Changes as the journal writes them."""

from __future__ import annotations

import json

import pytest

from labelloop.errors import UserError
from labelloop.project.change_json import (
    change_from_json,
    change_to_json,
    label_from_json,
    label_to_json,
    session_from_json,
    session_to_json,
)
from labelloop.project.changes import Change, Compound
from labelloop.project.class_changes import SetClasses, SetColumns, SetLooks, SetTargets
from labelloop.project.classes import ClassDef, ClassLook
from labelloop.project.entries import ModelEntry
from labelloop.project.label_changes import AttachTrack, EditLabels
from labelloop.project.models import SetFactory, SetModels, SetWindows
from labelloop.project.project import CustomColumn
from labelloop.project.session import ClassTotal, TrackRef
from labelloop.project.session_changes import (
    ChangeSessions,
    EditSessions,
    FieldEdit,
    MoveSessions,
    Placed,
    SetMove,
)
from labelloop.project.sets import DataSet
from tests.project.made_up import LABELS, session

CHANGES: list[Change] = [
    EditLabels("a", "label", LABELS[:2], LABELS[2:]),
    AttachTrack("a", TrackRef("t", "f.label"), False),
    MoveSessions((SetMove("a", "train", 0, "test", 1),)),
    EditSessions("done", (FieldEdit("a", frozenset({"up"}), frozenset({"down", "up"})),)),
    EditSessions("totals", (FieldEdit("a", (ClassTotal("up", 1, 0.5),), ()),)),
    EditSessions("custom", (FieldEdit("a", {"c": "1"}, {"c": "2"}),)),
    EditSessions("shape", (FieldEdit("a", (3,), (2,)),)),
    ChangeSessions((Placed(session(0), "train", 0),), (Placed(session(1), "test", 1),)),
    SetClasses((ClassDef("up", 1),), (ClassDef("down", 2, 1.5),)),
    SetLooks({"up": ClassLook("1", 3)}, {}),
    SetColumns((CustomColumn("c", "n", "i"),), ()),
    SetTargets((DataSet("train", 0.5),), ()),
    SetModels((), (ModelEntry("m", "1", "<Model/>"),)),
    SetFactory((), (("Epochs", "5"),)),
    SetWindows(None, (1.5, 4.0)),
]


@pytest.mark.parametrize("change", CHANGES, ids=[f"{c.kind}-{n}" for n, c in enumerate(CHANGES)])
def test_every_change_comes_back(change: Change) -> None:
    assert change_from_json(json.loads(json.dumps(change_to_json(change)))) == change


def test_several_as_one() -> None:
    whole = Compound(tuple(CHANGES[:3]), "all of it")
    assert change_from_json(json.loads(json.dumps(change_to_json(whole)))) == whole


def test_a_label_and_a_session() -> None:
    assert [label_from_json(label_to_json(x)) for x in LABELS] == list(LABELS)
    assert label_from_json(label_to_json(LABELS[0])).source_text == LABELS[0].source_text
    made = session(3, done=frozenset({"up"}), flag="x", locked=True)
    assert session_from_json(json.loads(json.dumps(session_to_json(made)))) == made


@pytest.mark.parametrize(
    "data", [{}, {"kind": "nothing"}, {"kind": "labels"}, {"kind": "move", "moves": [[1]]}]
)
def test_what_is_no_change_is_refused(data: dict[str, object]) -> None:
    with pytest.raises((UserError, ValueError, KeyError, TypeError)):
        change_from_json(data)
