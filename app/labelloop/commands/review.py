"""Commands of the review queue."""

from __future__ import annotations

from labelloop.commands.command import Command, Context, Group, all_of, some_classes, writable


def _pending(context: Context) -> str | None:
    return writable(context) or (None if context.unconfirmed else "Every label is confirmed.")


_G = Group.REVIEW
_CLASS = all_of(_pending, some_classes)
_DIGITS = ("1", "2", "3", "4", "5", "6", "7", "8", "9")
COMMANDS = (
    Command("review.accept", "Accept", ("a",), "Confirm the label; on to the next.", _G, _pending, "accept"),
    Command("review.reject", "Reject", ("x",), "Delete the label; on to the next.", _G, _pending, "reject"),
    Command("review.class", "Class", _DIGITS, "Give it this class and confirm it.", _G, _CLASS),
    Command("review.class_by_name", "Class by name", ("'",), "The class by its first letters.", _G, _CLASS),
    Command(
        "review.edge_start", "Start here", ("[",), "Move the start to the cursor.", _G, _pending, "start"
    ),
    Command("review.edge_end", "End here", ("]",), "Move the end to the cursor.", _G, _pending, "end"),
    Command("review.start_left", "Start left", ("h",), "Move the start one column left.", _G, _pending),
    Command("review.start_right", "Start right", ("l",), "Move the start one column right.", _G, _pending),
    Command("review.end_left", "End left", ("H",), "Move the end one column left.", _G, _pending),
    Command("review.end_right", "End right", ("L",), "Move the end one column right.", _G, _pending),
    Command("review.snap", "Snap", ("s",), "Move the edges to the signal's own.", _G, _pending, "snap"),
    Command("review.skip", "Skip", ("space", "n"), "Leave it for later.", _G, bar="skip"),
    Command("review.previous", "Previous", ("N",), "Back to the one before.", _G),
    Command(
        "review.accept_all", "Accept all above", ("A",), "All above a confidence.", _G, _pending, "accept all"
    ),
    Command(
        "review.accept_class",
        "Accept this class",
        ("C",),
        "All of the class from A's confidence.",
        _G,
        _pending,
    ),
    Command(
        "review.accept_session", "Accept this session", ("S",), "All here from A's confidence.", _G, _pending
    ),
    Command("review.open", "Open", ("enter",), "Open the session in the viewer here.", _G),
    Command("review.left", "Left", ("left",), "One column left.", _G),
    Command("review.right", "Right", ("right",), "One column right.", _G),
)
