"""The list of classes, and what becomes of labels and marks."""

from __future__ import annotations

import doctest

import pytest

from labelloop.errors import UserError
from labelloop.services.labels import classes as service
from labelloop.services.labels.history import undo
from labelloop.services.sessions.marks import toggle_done
from labelloop.storage.store import ProjectStore
from tests.services.conftest import Named


def _labels(store: ProjectStore, session: str) -> list[str]:
    return [x.name for x in store.project.track(session)]


def test_examples() -> None:
    assert doctest.testmod(service).failed == 0


def test_a_new_class_stands_last(made: ProjectStore) -> None:
    service.add(made, "side")
    assert made.project.class_names == ["up", "down", "side"]
    with pytest.raises(UserError, match="class 'side' already"):
        service.add(made, "side")


def test_labels_are_counted_over_all_sessions(made: ProjectStore) -> None:
    assert service.labels_of(made, "up") == 8
    with pytest.raises(UserError, match="no class 'side'"):
        service.labels_of(made, "side")


def test_a_new_name_reaches_labels_marks_and_looks(made: ProjectStore, named: Named) -> None:
    toggle_done(made.editor, [named("up_00")], ["up"])
    service.set_key(made, "up", "u")
    service.rename(made, "up", "high")
    assert made.project.class_names == ["high", "down"]
    assert _labels(made, named("up_00").id) == ["high", "down", "high"]
    assert named("up_00").done == {"high"}
    assert made.project.state.looks["high"].key == "u"
    undo(made.editor)
    assert _labels(made, named("up_00").id) == ["up", "down", "up"]
    assert named("up_00").done == {"up"}


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("side", "x", "no class 'side'"),
        ("up", "", "needs a name"),
        ("up", "a\x1b", "needs a name"),
        ("up", "up", "already"),
        ("up", "down", "turn its labels into it"),
    ],
)
def test_names_that_can_not_be(made: ProjectStore, old: str, new: str, why: str) -> None:
    with pytest.raises(UserError, match=why):
        service.rename(made, old, new)


def test_deleted_with_its_labels(made: ProjectStore, named: Named) -> None:
    toggle_done(made.editor, [named("up_00")], ["up", "down"])
    service.set_colour(made, "up", "red")
    service.delete(made, "up", "labels")
    assert made.project.class_names == ["down"]
    assert _labels(made, named("up_00").id) == ["down"]
    assert named("up_00").done == {"down"}
    assert "up" not in made.project.state.looks


def test_deleted_while_its_labels_stay(made: ProjectStore, named: Named) -> None:
    service.delete(made, "up", "keep")
    assert made.project.class_names == ["down"]
    assert _labels(made, named("up_00").id) == ["up", "down", "up"]


def test_deleted_into_another_which_keeps_its_look(made: ProjectStore, named: Named) -> None:
    service.set_key(made, "down", "n")
    service.set_key(made, "up", "u")
    service.delete(made, "up", "into down")
    assert made.project.class_names == ["down"]
    assert _labels(made, named("up_00").id) == ["down"] * 3
    assert made.project.state.looks["down"].key == "n"


def test_an_answer_that_is_none(made: ProjectStore) -> None:
    with pytest.raises(UserError, match="Answer 'keep'"):
        service.delete(made, "up", "perhaps")
    with pytest.raises(UserError, match="no class 'side'"):
        service.delete(made, "up", "into side")


def test_classes_change_places(made: ProjectStore) -> None:
    service.move(made, "down", -1)
    assert made.project.class_names == ["down", "up"]
    assert service.move(made, "down", -1) is None
    service.move(made, "down", 5)
    assert made.project.class_names == ["up", "down"]


def test_weights(made: ProjectStore) -> None:
    service.set_weight(made, "up", "2.5")
    assert [c.weight for c in made.project.classes] == [2.5, 1.0]
    for text in ("0", "-1", "inf", "nan", "x"):
        with pytest.raises(UserError, match="number above 0"):
            service.set_weight(made, "up", text)


def test_a_key_belongs_to_one_class(made: ProjectStore) -> None:
    service.set_key(made, "up", "q")
    service.set_key(made, "down", "q")
    assert service.class_for_key(made, "q") == "down"
    assert service.class_for_key(made, "1") == "up"
    service.set_key(made, "down", "")
    assert service.class_for_key(made, "q") is None
    assert service.class_for_key(made, "2") == "down"
    for key in ("ab", " ", "\t"):
        with pytest.raises(UserError, match="one digit, letter or sign"):
            service.set_key(made, "up", key)


def test_colours_go_by_their_words(made: ProjectStore) -> None:
    service.set_colour(made, "down", "blue")
    assert made.project.state.looks["down"].color == service.COLOURS.index("blue")
    with pytest.raises(UserError, match="no colour 'pink'"):
        service.set_colour(made, "down", "pink")
