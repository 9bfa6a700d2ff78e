"""Commands of the Generate Labels wizard and of the list of its runs."""

from __future__ import annotations

from labelloop.commands.command import Command, Context, Group, writable


def _step_done(context: Context) -> str | None:
    return context.problem or None


def _form(context: Context) -> str | None:
    return None if context.form else "This step has no values to change."


def _examples(context: Context) -> str | None:
    return None if context.examples else "There are no examples to tick in this step."


def _settings(context: Context) -> str | None:
    return None if context.step == 4 else "Only the settings have a preview and defaults."


def _running(context: Context) -> str | None:
    return None if context.running else "Nothing is running."


def _reviewable(context: Context) -> str | None:
    return None if context.unconfirmed else "There are no unconfirmed labels to review."


def _runs(context: Context) -> str | None:
    return writable(context) or (None if context.jobs else "No labels were generated yet.")


_G = Group.WIZARD
COMMANDS = (
    Command(
        "wizard.next", "Next", ("enter",), "To the next step; on the last one: start.", _G, _step_done, "next"
    ),
    Command(
        "wizard.previous", "Back", ("backspace", "b"), "To the step before; nothing is lost.", _G, bar="back"
    ),
    Command("wizard.less", "Less", ("left",), "The value a step down.", _G, _form, "less"),
    Command("wizard.more", "More", ("right",), "The value a step up.", _G, _form, "more"),
    Command("wizard.type", "Type a value", ("e",), "Type the value under the cursor.", _G, _form, "type"),
    Command("wizard.toggle", "Tick", ("space",), "Tick an example event.", _G, _examples, "tick"),
    Command("wizard.sample", "Other session", ("p",), "Preview another.", _G, _settings, "other session"),
    Command("wizard.defaults", "Defaults", ("d",), "All settings as they come.", _G, _settings),
    Command("wizard.cancel", "Cancel", ("x",), "Stop; whole sessions are kept.", _G, _running),
    Command("wizard.review", "Review", ("r",), "Go through the new labels.", _G, _reviewable, "review"),
    Command(
        "runs.revert", "Revert", ("x",), "Twice: the run's labels.", Group.RUNS, _runs, "revert"
    ),
    Command("runs.go_on", "Continue", ("c",), "Do what it left undone.", Group.RUNS, _runs, "continue"),
    Command("runs.review", "Review", ("r",), "Go through its labels.", Group.RUNS, _runs, "review"),
    Command("runs.leave", "Leave", ("enter",), "Back to the sessions.", Group.RUNS),
)
