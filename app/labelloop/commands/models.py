"""Commands of what hangs on the training screen: model list, Model Wizard, windows, jobs, events."""

from __future__ import annotations

from labelloop.commands.command import Command, Context, Group, all_of, writable


def _some(context: Context) -> str | None:
    return None if context.models else "The list is empty; w makes one with the Model Wizard."


def _jobs(context: Context) -> str | None:
    return None if context.jobs else "There is no training job yet."


def _events(context: Context) -> str | None:
    return None if context.labels else "There are no events here."


_G, _F = Group.MODELS, Group.FACTORY
_CHANGE = all_of(writable, _some)
COMMANDS = (
    Command("models.edit", "Edit", ("enter", "e"), "Name and settings of the model.", _G, _CHANGE, "edit"),
    Command("models.clone", "Clone", ("c",), "The same model once more.", _G, _CHANGE, "clone"),
    Command("models.delete", "Delete", ("x",), "Take the model off the list.", _G, _CHANGE, "delete"),
    Command("models.wizard", "Model Wizard", ("w",), "Put models behind the list.", _G, writable, "append"),
    Command("models.clear", "Empty the list", ("X",), "Train the default models again.", _G, _CHANGE),
    Command(
        "windows.shorter", "Shorter context", ("left",), "Half the context.", Group.WINDOWS, bar="shorter"
    ),
    Command(
        "windows.longer", "Longer context", ("right",), "Twice the context.", Group.WINDOWS, bar="longer"
    ),
    Command("windows.slower", "Fewer predictions", ("-",), "Half the rate.", Group.WINDOWS, bar="fewer"),
    Command("windows.faster", "More predictions", ("+",), "Twice the rate.", Group.WINDOWS, bar="more"),
    Command(
        "windows.suggest", "As suggested", ("0",), "The suggested values.", Group.WINDOWS, bar="suggested"
    ),
    Command(
        "factory.take",
        "Take",
        ("enter",),
        "Make the list, or change the model.",
        _F,
        bar="take",
    ),
    Command("factory.less", "Less", ("left",), "The value a step down.", _F, bar="less"),
    Command("factory.more", "More", ("right",), "The value a step up.", _F, bar="more"),
    Command("factory.type", "Type a value", ("e",), "Type the value under the cursor.", _F, bar="type"),
    Command("factory.defaults", "Defaults", ("d",), "All values as they come.", _F, bar="defaults"),
    Command(
        "compare.choose",
        "Go there",
        ("enter",),
        "The job under the cursor.",
        Group.COMPARE,
        _jobs,
        "go there",
    ),
    Command("events.open", "Open", ("enter",), "The event in its session.", Group.EVENTS, _events, "open"),
)
