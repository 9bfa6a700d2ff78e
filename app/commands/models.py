"""Commands of the model list and of the windows' settings."""

from __future__ import annotations

from app.commands.command import Command, Context, Group, all_of, writable


def _some(context: Context) -> str | None:
    return None if context.models else "The list is empty; w makes one with the Model Wizard."


_G = Group.MODELS
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
)
