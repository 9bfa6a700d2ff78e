"""Commands of the list of classes."""

from __future__ import annotations

from labelloop.commands.command import Command, Group, all_of, some_classes, writable

_G = Group.CLASSES
_CHANGE = all_of(writable, some_classes)
COMMANDS = (
    Command("classes.choose", "Work on it", ("enter",), "Make it the active class.", _G, some_classes, "use"),
    Command("classes.add", "Add", ("a",), "A new class.", _G, writable, "add"),
    Command("classes.rename", "Rename", ("r",), "In the list and in every label.", _G, _CHANGE, "rename"),
    Command("classes.delete", "Delete", ("x",), "And choose what its labels become.", _G, _CHANGE, "delete"),
    Command("classes.key", "Key", ("K",), "The key that stands for it.", _G, _CHANGE, "key"),
    Command("classes.colour", "Colour", ("c",), "The colour it is drawn in.", _G, _CHANGE, "colour"),
    Command("classes.weight", "Weight", ("w",), "What it counts in training.", _G, _CHANGE, "weight"),
    Command("classes.up", "Move up", ("U", "shift+up"), "Before the class above.", _G, _CHANGE, "up"),
    Command("classes.down", "Move down", ("D", "shift+down"), "Behind the class below.", _G, _CHANGE, "down"),
)
