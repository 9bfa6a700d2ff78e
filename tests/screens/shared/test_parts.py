"""Parts of a screen: whose function a command runs."""

from __future__ import annotations

from typing import ClassVar

from labelloop.screens.shared.parts import Commands, Part, collected


class Under(Part):
    def __init__(self) -> None:
        self.called: list[str] = []

    COMMANDS: ClassVar[Commands] = {
        "one": lambda part, key: part.called.append(f"under one {key}"),
        "two": lambda part, key: part.called.append(f"under two {key}"),
    }


class Over(Under):
    COMMANDS: ClassVar[Commands] = {"one": lambda part, key: part.called.append(f"over one {key}")}


def test_the_function_of_a_subclass_comes_first() -> None:
    part = Over()
    part.handlers()["one"]("x")
    assert part.called == ["over one x"]


def test_a_command_of_the_base_class_is_kept() -> None:
    part = Over()
    collected([part])["two"]("y")
    assert part.called == ["under two y"]
