"""Changes of the project's lists."""

from __future__ import annotations

from dataclasses import replace

import pytest

from labelloop.errors import Refused
from labelloop.project.class_changes import SetClasses, SetColumns, SetLooks, SetTargets, class_additions
from labelloop.project.classes import ClassDef, ClassLook
from labelloop.project.project import CustomColumn, Project
from labelloop.project.sets import DataSet
from tests.project.made_up import project, snapshot

UP, DOWN = ClassDef("up", 1), ClassDef("down", 2, 1.5)


def _applied(to: Project, change: SetClasses | SetColumns | SetLooks | SetTargets) -> None:
    change.check(to)
    change.apply(to)


def test_another_list_of_classes_and_back() -> None:
    made = project()
    before = snapshot(made)
    change = SetClasses((UP, DOWN), (DOWN,))
    _applied(made, change)
    assert made.class_names == ["down"]
    _applied(made, change.inverse())
    assert snapshot(made) == before


def test_a_class_that_came_meanwhile_stays() -> None:
    made = project()
    made.state.classes = (UP, DOWN, ClassDef("side", 3))
    _applied(made, SetClasses((UP, DOWN), (UP,)))
    assert made.class_names == ["up", "side"]


def test_a_list_that_was_changed_since_is_refused() -> None:
    made = project()
    made.state.classes = (DOWN, UP)
    with pytest.raises(Refused, match="changed since"):
        SetClasses((UP, DOWN), (UP,)).check(made)


@pytest.mark.parametrize(
    ("after", "why"),
    [((UP, replace(DOWN, name="up")), "'up' already"), ((UP, replace(DOWN, name=" ")), "needs a name")],
)
def test_names_that_can_not_be(after: tuple[ClassDef, ...], why: str) -> None:
    with pytest.raises(Refused, match=why):
        SetClasses((UP, DOWN), after).check(project())


@pytest.mark.parametrize(
    ("after", "says"),
    [
        ((UP, replace(DOWN, name="low")), "class down renamed to low"),
        ((UP, DOWN, ClassDef("a", 3), ClassDef("b", 4)), "class a, b added"),
        ((), "class down, up deleted"),
        ((DOWN, UP), "classes changed"),
    ],
)
def test_what_is_said_of_it(after: tuple[ClassDef, ...], says: str) -> None:
    assert SetClasses((UP, DOWN), after).describe(project()) == says


def test_looks() -> None:
    made = project()
    change = SetLooks({"up": ClassLook("1", 3)}, {"down": ClassLook("2")})
    _applied(made, change)
    assert made.state.looks == {"down": ClassLook("2")}
    with pytest.raises(Refused, match="keys and colours"):
        change.check(made)
    _applied(made, change.inverse())
    assert made.state.looks == {"up": ClassLook("1", 3)}


def test_columns() -> None:
    made = project()
    change = SetColumns(made.state.columns, (CustomColumn("x", "x", "x"),))
    _applied(made, change)
    assert [c.name for c in made.state.columns] == ["x"]
    with pytest.raises(Refused, match="columns were changed since"):
        change.check(made)
    assert change.inverse().after[0].name == "Category 1"


def test_targets() -> None:
    made = project()
    change = SetTargets(made.state.sets, (DataSet("train", 1.0),))
    _applied(made, change)
    assert made.state.sets == (DataSet("train", 1.0),)
    with pytest.raises(Refused, match="target shares"):
        change.check(made)
    assert change.inverse().before == (DataSet("train", 1.0),)


def test_what_each_touches() -> None:
    assert SetClasses((), ()).touched().classes
    assert SetLooks({}, {}).touched().classes
    assert not SetColumns((), ()).touched().classes
    assert SetClasses((), ()).touched().documents == SetTargets((), ()).touched().documents
    assert SetLooks({}, {}).touched().documents != SetColumns((), ()).touched().documents


def test_only_classes_that_are_lacking_are_added() -> None:
    made = project()
    assert class_additions(made, ["up", "down"]) == []
    (change,) = class_additions(made, ["b", "up", "a", "b"])
    assert isinstance(change, SetClasses)
    assert [(c.name, c.id) for c in change.after] == [("up", 1), ("down", 2), ("b", 3), ("a", 4)]
