"""Commands of every screen."""

from __future__ import annotations

from labelloop.commands.command import Command, Context, Group


def _undo(context: Context) -> str | None:
    return context.read_only or (None if context.undo else "There is nothing to undo.")


def _redo(context: Context) -> str | None:
    return context.read_only or (None if context.redo else "There is nothing to redo.")


def _repeat(context: Context) -> str | None:
    return context.read_only or (None if context.repeat else "There is no edit to repeat yet.")


_G = Group.EVERYWHERE
COMMANDS = (
    Command("help", "Help", ("?",), "Every key of this screen.", _G, bar="help"),
    Command("palette", "Commands", ("ctrl+p", ":"), "Find any command by its name.", _G),
    Command("undo", "Undo", ("z",), "Take the last change back and show where.", _G, _undo),
    Command("redo", "Redo", ("Z",), "Do again what was reverted.", _G, _redo),
    Command("repeat", "Repeat", (".",), "Do the last edit again, here.", _G, _repeat),
    Command("glyphs", "Glyphs", (), "Draw with braille, block or ASCII characters.", _G),
    Command("back", "Back", ("q",), "Go back, from Sessions quit; every edit is on disk.", _G),
    Command("quit", "Quit", ("ctrl+q",), "Leave the program; every edit is on disk.", _G),
    Command("escape", "Out", ("escape",), "Leave what is open: prompt, marked stretch, panel, screen.", _G),
)
