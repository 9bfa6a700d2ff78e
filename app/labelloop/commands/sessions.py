"""Commands of the sessions screen."""

from __future__ import annotations

from labelloop.commands.command import (
    Command,
    Context,
    Group,
    all_of,
    change_sessions,
    some_classes,
    usable_session,
    writable,
)


def _any(context: Context) -> str | None:
    return None if context.sessions else "The project has no sessions yet; add data first."


def _reviewable(context: Context) -> str | None:
    return None if context.unconfirmed else "There are no unconfirmed labels to review."


_G = Group.SESSIONS
_LABEL = all_of(change_sessions, some_classes)
COMMANDS = (
    Command(
        "sessions.open", "Open", ("enter",), "Open the session in the viewer.", _G, usable_session, "open"
    ),
    Command("sessions.to_train", "To Train", ("T",), "Move to the Train set.", _G, change_sessions, "train"),
    Command(
        "sessions.to_validation",
        "To Validation",
        ("V",),
        "Move to Validation.",
        _G,
        change_sessions,
        "validation",
    ),
    Command("sessions.to_test", "To Test", ("E",), "Move to the Test set.", _G, change_sessions, "test"),
    Command(
        "sessions.to_unassigned",
        "To Unassigned",
        ("U",),
        "Take out of its set.",
        _G,
        change_sessions,
        "unassigned",
    ),
    Command(
        "sessions.generate", "Generate labels", ("g",), "Let a model or a rule label.", _G, _any, "generate"
    ),
    Command("sessions.runs", "Runs", ("G",), "Runs that generated labels; take one back.", _G),
    Command("sessions.training", "Training", ("t",), "Train a model and follow jobs.", _G, bar="training"),
    Command("sessions.review", "Review", ("r",), "Go through unconfirmed labels.", _G, _reviewable, "review"),
    Command(
        "sessions.filter", "Filter", ("/",), "By text and column: set:train class:down.", _G, _any, "filter"
    ),
    Command("sessions.tick", "Tick", ("space",), "Tick or untick the session and go down.", _G, _any),
    Command(
        "sessions.range", "Tick a range", ("v",), "Tick from here to where it is pressed again.", _G, _any
    ),
    Command(
        "sessions.extend", "Tick on", ("shift+down", "shift+up"), "Take the next row into a range.", _G, _any
    ),
    Command("sessions.all", "Tick all or none", ("a",), "Tick what the filter shows, or nothing.", _G, _any),
    Command("sessions.invert", "Invert ticks", ("i",), "Tick what is not ticked.", _G, _any),
    Command("sessions.sort", "Sort", ("s",), "Choose the column to sort by; again turns it round.", _G, _any),
    Command("sessions.columns", "Columns", ("C",), "Show, hide and order columns.", _G),
    Command("sessions.next", "Next to label", ("n",), "Go to the next session that needs labels.", _G, _any),
    Command("sessions.lock", "Lock", ("L",), "Lock or unlock in its set.", _G, change_sessions),
    Command("sessions.done", "Mark done", ("m",), "Labelled in full for the active class.", _G, _LABEL),
    Command(
        "sessions.flag", "Flag", ("F",), "Flag with a comment, or take the flag off.", _G, change_sessions
    ),
    Command(
        "sessions.whole",
        "Whole session",
        ("W",),
        "Label all of it by its folder's name.",
        _G,
        change_sessions,
    ),
    Command(
        "sessions.label_track", "Label track", ("K",), "Choose the active label track.", _G, change_sessions
    ),
    Command(
        "sessions.data_track", "Data track", ("D",), "Choose the active data track.", _G, change_sessions
    ),
    Command("sessions.custom", "Custom column", ("o",), "Set a custom column's value.", _G, change_sessions),
    Command(
        "sessions.redistribute", "Redistribute", ("R",), "Spread over the sets; preview.", _G, change_sessions
    ),
    Command("sessions.classes", "Classes", ("c",), "Add, rename, delete, order classes.", _G, bar="classes"),
    Command(
        "sessions.class", "Active class", ("1", "2", "3", "4", "5", "6", "7", "8", "9"), "Work on it.", _G
    ),
    Command("sessions.every_class", "All classes", ("0",), "Work on all classes at once.", _G),
    Command(
        "sessions.next_class", "Next class", ("N",), "All to Unassigned for the next class.", _G, writable
    ),
    Command("sessions.add", "Add data", ("A",), "Add recordings from a folder.", _G, writable, "add data"),
    Command("sessions.export", "Export labels", ("x",), "Into files for other programs.", _G, usable_session),
    Command("sessions.rescan", "Rescan", ("S",), "Look for files that changed on disk.", _G, writable),
    Command(
        "sessions.remove", "Remove", ("X",), "Out of the project; files stay on disk.", _G, change_sessions
    ),
)
