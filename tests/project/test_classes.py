"""Classes and their numbers."""

from __future__ import annotations

from labelloop.project.classes import ClassDef, next_class_id


def test_a_new_class_gets_a_number_above_all_others() -> None:
    assert next_class_id(()) == 1
    assert next_class_id((ClassDef("a", 7), ClassDef("b", 2))) == 8


def test_a_class_counts_once_unless_told() -> None:
    assert ClassDef("a", 1).weight == 1.0
