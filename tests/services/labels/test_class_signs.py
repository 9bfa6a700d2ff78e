"""How classes are told apart without colour."""

from __future__ import annotations

import doctest

from labelloop.services.labels import class_signs, classes
from labelloop.services.labels.class_signs import ClassSigns, letters_for
from labelloop.storage.store import ProjectStore


def test_examples() -> None:
    assert doctest.testmod(class_signs).failed == 0


def test_a_letter_of_its_own_goes_first() -> None:
    assert letters_for(["down", "drop"], {"drop": "d"}) == {"down": "o", "drop": "d"}


def test_names_without_a_letter_get_a_free_one() -> None:
    assert letters_for(["日本", "1"]) == {"日本": "a", "1": "b"}


def test_a_class_that_only_labels_name_has_a_sign_too(made: ProjectStore) -> None:
    signs = ClassSigns(made.project)
    assert signs.of("nobody").letter
    assert signs.of("nobody").key == ""
    assert signs.of("nobody") == signs.of("nobody")


def test_signs_follow_the_chosen_looks(made: ProjectStore) -> None:
    classes.set_key(made, "up", "q")
    classes.set_colour(made, "up", "red")
    sign = ClassSigns(made.project).of("up")
    assert (sign.letter, sign.key) == ("q", "q")
    assert sign.style == f"label.{classes.COLOURS.index('red')}"
