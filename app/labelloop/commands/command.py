"""What a command is, and what it may ask of the moment before it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Group(StrEnum):
    """Where a command's keys work. The value is the group's title on the screen."""

    EVERYWHERE = "Everywhere"
    SESSIONS = "Sessions"
    CLASSES = "Classes"
    VIEWER = "Viewer"
    TRAINING = "Training"
    MODELS = "Model list"
    FACTORY = "Model Wizard, model"
    WINDOWS = "Preprocessing"
    COMPARE = "Compare jobs"
    EVENTS = "Events of a cell"
    WIZARD = "Generate labels"
    RUNS = "Runs"
    REVIEW = "Review"


@dataclass(frozen=True, slots=True)
class Context:
    """The facts that decide whether commands can run; a screen fills in those of its moment."""

    read_only: str = ""  # why nothing can be changed, for instance who holds the project
    sessions: int = 0
    targets: int = 0  # sessions that a command would act on: the ticked ones or the one under the cursor
    ticked: int = 0
    classes: int = 0
    broken: str = ""  # why the session under the cursor can't be used
    label: bool = False  # a label is under the cursor or selected
    near: bool = False  # a label is so near that its edges can be meant
    labels: int = 0  # labels in the active track
    selection: bool = False
    clipboard: bool = False
    tracks: int = 0
    undo: str = ""
    redo: str = ""
    repeat: str = ""
    score: bool = False  # a model has scored the session
    unconfirmed: int = 0
    jobs: int = 0
    running: bool = False
    resumable: bool = False
    models: int = 0
    matrix: bool = False
    step: int = 0
    form: bool = False  # the step has values that can be changed
    examples: bool = False  # the step has examples to tick
    problem: str = ""  # why a wizard's step is not done yet


Enabled = Callable[[Context], str | None]


def always(_: Context) -> str | None:
    """A command that can run at any time."""
    return None


@dataclass(frozen=True, slots=True)
class Command:
    """One command, declared once.

    ``keys`` are the default keys, the first one is shown: a character as it is typed, or one of the names
    in keys.KEY_NAMES, with ``ctrl+`` before it if need be. ``enabled`` answers with the reason why the
    command can't run, or None. ``bar`` is what the key bar says, nothing for commands that it leaves out.
    """

    id: str
    title: str
    keys: tuple[str, ...]
    help: str
    group: Group
    enabled: Enabled = always
    bar: str = ""


def all_of(*checks: Enabled) -> Enabled:
    """The first reason that one of the checks gives."""

    def check(context: Context) -> str | None:
        return next((why for why in (one(context) for one in checks) if why), None)

    return check


def writable(context: Context) -> str | None:
    """The project can be changed."""
    return context.read_only or None


def some_sessions(context: Context) -> str | None:
    """There is a session to act on."""
    if not context.sessions:
        return "The project has no sessions yet; add data first."
    return None if context.targets else "No session is ticked or under the cursor."


def usable_session(context: Context) -> str | None:
    """The session under the cursor can be read."""
    return some_sessions(context) or context.broken or None


def some_classes(context: Context) -> str | None:
    """The project has a class."""
    return None if context.classes else "The project has no classes yet; add one first."


def on_label(context: Context) -> str | None:
    """A label is meant."""
    return None if context.label else "No label is under the cursor."


def some_labels(context: Context) -> str | None:
    """The track has labels."""
    return None if context.labels else "This track has no labels yet."


def some_selection(context: Context) -> str | None:
    """A stretch is marked."""
    return None if context.selection else "No stretch is marked; mark its start first."


def change_edges(context: Context) -> str | None:
    """A label's edges may be changed; the cursor may have left it."""
    return writable(context) or (None if context.near else "This track has no labels yet.")


def change_label(context: Context) -> str | None:
    """A label is meant and may be changed."""
    return writable(context) or on_label(context)


def change_sessions(context: Context) -> str | None:
    """Sessions are meant and may be changed."""
    return writable(context) or some_sessions(context)
