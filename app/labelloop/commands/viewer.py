"""Commands of the viewer."""

from __future__ import annotations

from labelloop.commands.command import (
    Command,
    Context,
    Group,
    all_of,
    change_edges,
    change_label,
    on_label,
    some_classes,
    some_labels,
    some_selection,
    writable,
)


def _clipboard(context: Context) -> str | None:
    return context.read_only or (None if context.clipboard else "Nothing was copied yet.")


def _tracks(context: Context) -> str | None:
    return None if context.tracks > 1 else "The session has only one label track."


def _across(context: Context) -> str | None:
    if why := writable(context) or some_selection(context):
        return why
    return None if context.ticked else "No sessions are ticked."


def _score(context: Context) -> str | None:
    return None if context.score else "No model has scored this session yet; generate labels first."


def _unsure(context: Context) -> str | None:
    return None if context.unconfirmed else "Every label of this session is confirmed."


_G = Group.VIEWER
_CLASS = all_of(writable, some_classes)
_DIGITS = ("1", "2", "3", "4", "5", "6", "7", "8", "9")
LABELLING = (
    Command(
        "viewer.class", "Label", _DIGITS, "Label the marked stretch, change a label, or stamp.", _G, _CLASS
    ),
    Command("viewer.mark", "Mark", ("space",), "Mark the start; move, then press a class.", _G, bar="mark"),
    Command("viewer.class_by_name", "Label by name", ("'",), "The class by its first letters.", _G, _CLASS),
    Command(
        "viewer.edge_start",
        "Start here",
        ("[",),
        "Move the label's start to the cursor.",
        _G,
        change_edges,
        "start",
    ),
    Command(
        "viewer.edge_end", "End here", ("]",), "Move the label's end to the cursor.", _G, change_edges, "end"
    ),
    Command("viewer.delete", "Delete", ("x", "delete"), "Delete the label.", _G, change_label, "delete"),
    Command("viewer.accept", "Confirm", ("a",), "Confirm the label as it is.", _G, change_label, "confirm"),
    Command("viewer.start_left", "Start left", ("h",), "Move the start one column left.", _G, change_edges),
    Command(
        "viewer.start_right", "Start right", ("l",), "Move the start one column right.", _G, change_edges
    ),
    Command("viewer.end_left", "End left", ("H",), "Move the end one column left.", _G, change_edges),
    Command("viewer.end_right", "End right", ("L",), "Move the end one column right.", _G, change_edges),
    Command("viewer.start_sample_left", "Start a sample left", ("(",), "By one sample.", _G, change_edges),
    Command("viewer.start_sample_right", "Start a sample right", (")",), "By one sample.", _G, change_edges),
    Command("viewer.end_sample_left", "End a sample left", (",",), "By one sample.", _G, change_edges),
    Command("viewer.end_sample_right", "End a sample right", (";",), "By one sample.", _G, change_edges),
    Command(
        "viewer.extend_left", "Extend left", ("{",), "Start where the one before ends.", _G, change_edges
    ),
    Command(
        "viewer.extend_right", "Extend right", ("}",), "End where the next one starts.", _G, change_edges
    ),
    Command("viewer.move", "Move here", ("V",), "Move the label to start at the cursor.", _G, change_edges),
    Command("viewer.split", "Split", ("/",), "Split the label at the cursor.", _G, change_label),
    Command("viewer.join", "Join", ("j",), "Join the label with the next one.", _G, change_label),
    Command(
        "viewer.snap",
        "Snap",
        ("s",),
        "Edges to the signal's own; again: other ways.",
        _G,
        change_label,
        "snap",
    ),
    Command("viewer.snapping", "Snapping", ("S",), "Snap new labels, or don't.", _G),
    Command("viewer.copy", "Copy", ("y",), "Copy the label.", _G, on_label),
    Command("viewer.paste", "Paste", ("p",), "Paste at the cursor.", _G, _clipboard),
    Command(
        "viewer.edit", "Edit", ("enter",), "All fields of the label in a form.", _G, change_label, "edit"
    ),
    Command(
        "viewer.across", "In ticked sessions", ("w",), "The marked stretch, in each ticked one.", _G, _across
    ),
    Command("viewer.play", "Play", ("P",), "Play; a class's key starts and ends a label, + - speed.", _G),
    Command("viewer.done", "Mark done", ("m",), "Labelled in full for the active class.", _G, _CLASS),
)
MOVING = (
    Command("viewer.left", "Left", ("left",), "One column left.", _G),
    Command("viewer.right", "Right", ("right",), "One column right.", _G),
    Command("viewer.tenth_left", "Tenth left", ("<", "ctrl+left"), "A tenth of a screen left.", _G),
    Command("viewer.tenth_right", "Tenth right", (">", "ctrl+right"), "A tenth of a screen right.", _G),
    Command("viewer.page_left", "Screen left", ("pageup", "b"), "A screen left.", _G),
    Command("viewer.page_right", "Screen right", ("pagedown", "f"), "A screen right.", _G),
    Command("viewer.start", "Start", ("home", "0"), "To the start of the session.", _G),
    Command("viewer.end", "End", ("end", "$"), "To the end of the session.", _G),
    Command("viewer.next", "Next event", ("n",), "To the next event.", _G, some_labels, "next"),
    Command("viewer.previous", "Previous event", ("N",), "To the event before.", _G, some_labels),
    Command("viewer.next_edge", "Next edge", ("e",), "To the next start or end of a label.", _G, some_labels),
    Command("viewer.previous_edge", "Previous edge", ("E",), "To the edge before.", _G, some_labels),
    Command(
        "viewer.next_gap", "Next unlabelled", ("u",), "To the next unlabelled stretch.", _G, bar="unlabelled"
    ),
    Command("viewer.previous_gap", "Previous unlabelled", ("U",), "To the unlabelled stretch before.", _G),
    Command("viewer.go", "Go to", ("g",), "To a typed time.", _G, bar="go to"),
    Command("viewer.zoom_in", "Zoom in", ("+", "="), "Half the time, about the cursor.", _G, bar="zoom in"),
    Command("viewer.zoom_out", "Zoom out", ("-",), "Twice the time, about the cursor.", _G, bar="out"),
    Command(
        "viewer.zoom_selection", "Zoom to selection", ("F",), "Show the marked stretch.", _G, some_selection
    ),
    Command("viewer.fit", "Fit", ("_",), "Show the whole session.", _G),
    Command("viewer.next_session", "Next session", ("J",), "Open the next session of the list.", _G),
    Command("viewer.previous_session", "Previous session", ("K",), "Open the session before.", _G),
)
SHOWING = (
    Command("viewer.lane_up", "Lane up", ("up",), "Show the channels further up.", _G),
    Command("viewer.lane_down", "Lane down", ("down",), "Show the channels further down.", _G),
    Command("viewer.overlay", "Overlay", ("o",), "All channels over each other, or a lane each.", _G),
    Command("viewer.scale", "Scale", ("O",), "Each lane its own scale, or one for all.", _G),
    Command("viewer.channels", "Channels", ("c",), "Hide and order channels.", _G),
    Command("viewer.next_track", "Next track", ("tab",), "Make the next label track active.", _G, _tracks),
    Command("viewer.tracks", "Tracks", ("T",), "New, rename, duplicate, delete label tracks.", _G),
    Command("viewer.compare", "Compare", ("D",), "Compare two tracks.", _G, _tracks),
    Command("viewer.next_difference", "Next difference", ("d",), "To the next difference.", _G, _tracks),
    Command("viewer.score", "Score", ("v",), "Show or hide the model's score.", _G, _score),
    Command("viewer.open_review", "Review", ("R",), "Review this session, doubtful ones first.", _G, _unsure),
    Command(
        "viewer.next_unconfirmed", "Next unconfirmed", ("r",), "To the next label that nobody confirmed.", _G
    ),
    Command("viewer.generate", "Generate labels", ("G",), "Generate labels for this session.", _G),
)
COMMANDS = (*LABELLING, *MOVING, *SHOWING)
