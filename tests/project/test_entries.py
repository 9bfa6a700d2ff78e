"""One model of the list, as the project file has it."""

from __future__ import annotations

from labelloop.project.entries import ModelEntry


def test_two_that_say_the_same_are_one() -> None:
    assert ModelEntry("m", "1", "<Model/>") == ModelEntry("m", "1", "<Model/>")
    assert ModelEntry("m", "1", "<Model/>") != ModelEntry("m", "1", "<Model a='1'/>")
