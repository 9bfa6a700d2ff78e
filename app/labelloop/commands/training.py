"""Commands of the training screen."""

from __future__ import annotations

from labelloop.commands.command import Command, Context, Group, all_of, writable


def _jobs(context: Context) -> str | None:
    return None if context.jobs else "There is no job yet; start one first."


def _running(context: Context) -> str | None:
    return None if context.running else "This job is not running."


def _resumable(context: Context) -> str | None:
    if not context.jobs:
        return "There is no job yet; start one first."
    return None if context.resumable else "Only a stopped or lost job can be resumed."


def _deletable(context: Context) -> str | None:
    return _jobs(context) or ("This job is still running; stop it first." if context.running else None)


def _models(context: Context) -> str | None:
    return None if context.models else "No model is trained yet."


def _matrix(context: Context) -> str | None:
    return None if context.matrix else "This model has no statistics yet."


_G = Group.TRAINING
COMMANDS = (
    Command("training.new", "New job", ("n",), "Train with the defaults or your list.", _G, writable, "new"),
    Command(
        "training.wizard",
        "Model wizard",
        ("w",),
        "Choose families, sizes, epochs, classes.",
        _G,
        bar="wizard",
    ),
    Command("training.models", "Model list", ("m",), "See and change what is trained.", _G, bar="models"),
    Command("training.curve", "Learning curve", ("u",), "What more labels would bring.", _G, writable),
    Command("training.windows", "Preprocessing", ("P",), "Context length and prediction rate.", _G),
    Command(
        "training.continue",
        "Train on from it",
        ("f",),
        "A job that begins with this model's weights.",
        _G,
        all_of(writable, _models),
    ),
    Command(
        "training.stop", "Stop", ("s",), "Stop and keep the best so far.", _G, _running, "stop, keep best"
    ),
    Command(
        "training.resume",
        "Resume",
        ("R",),
        "Go on from the last checkpoint.",
        _G,
        all_of(writable, _resumable),
        "resume",
    ),
    Command("training.download", "Download", ("d",), "Copy the model to a file.", _G, _models, "download"),
    Command(
        "training.generate", "Generate labels", ("g",), "Label with this model.", _G, _models, "generate"
    ),
    Command(
        "training.events", "Events", ("enter",), "The events behind a cell; open one.", _G, _matrix, "events"
    ),
    Command("training.matrix", "Matrix", ("tab",), "Between the models and the matrix.", _G, _matrix),
    Command("training.bars", "Bars", ("b",), "Observations in place of the matrix.", _G, _matrix),
    Command("training.plot", "Loss or accuracy", ("a",), "Where there is room for one plot.", _G, _jobs),
    Command("training.percent", "Per cent", ("p",), "Counts or per cent in the matrix.", _G, _matrix),
    Command("training.set", "Set", ("v",), "Figures of Train, Validation or Test.", _G, _matrix),
    Command("training.log", "Log", ("l",), "What the job told and its process printed.", _G, _jobs, "log"),
    Command("training.compare", "Compare", ("c",), "All jobs under each other.", _G, _jobs, "compare"),
    Command("training.next_job", "Next job", ("]",), "The job after this one.", _G, _jobs),
    Command("training.previous_job", "Previous job", ("[",), "The job before this one.", _G, _jobs),
    Command(
        "training.delete",
        "Delete job",
        ("X",),
        "Delete the job and its models.",
        _G,
        all_of(writable, _deletable),
    ),
)
