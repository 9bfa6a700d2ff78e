"""The loop's next step, told from what the project holds."""

from __future__ import annotations

from dataclasses import dataclass

from labelloop.contract.recipes import GOAL
from labelloop.project.sets import TRAIN, UNASSIGNED, VALIDATION
from labelloop.services.sessions.select import totals
from labelloop.storage.store import ProjectStore


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the loop is for a class, or for all of them when ``name`` is empty.

    ``labelled`` counts confirmed events of the class, ``unconfirmed`` those of all classes that wait for
    review, ``unlabelled`` the Unassigned sessions without labels that are not done.
    """

    name: str
    labelled: int
    in_train: int
    in_validation: int
    unconfirmed: int
    unlabelled: int


def progress(store: ProjectStore, name: str = "") -> Progress:
    """Count what decides about the next step."""
    project = store.project
    by_set = {TRAIN: 0, VALIDATION: 0}
    labelled = unconfirmed = unlabelled = 0
    for session in project.sessions():
        if session.broken:
            continue
        set_name = project.set_of(session.id)
        waiting = store.unconfirmed(session)
        unconfirmed += waiting
        amount = sum(t.count for t in totals(project, session) if not name or t.name == name)
        labelled += max(0, amount - waiting)
        if set_name in by_set:
            by_set[set_name] += amount
        if set_name == UNASSIGNED and not amount and not session.done:
            unlabelled += 1
    return Progress(name, labelled, by_set[TRAIN], by_set[VALIDATION], unconfirmed, unlabelled)


def next_step(now: Progress, classes: int, models: int, running: str = "") -> str:
    """What to do next, with its key, in a few words.

    Args:
        now: how far the loop is.
        classes: how many classes the project has.
        models: how many trained models it has.
        running: what a running job says of itself, empty when none runs.
    """
    if running:
        return f"{running}: t"
    if not classes:
        return "add a class: c"
    if now.unconfirmed:
        return f"{now.unconfirmed} generated labels to review: r"
    count = f"{now.labelled} of {GOAL} events labelled"
    if now.labelled < GOAL and not models:
        return f"{count} · {GOAL - now.labelled} more: enter on a session"
    if not now.in_train:
        return f"{now.labelled} events labelled · put most of their sessions in Train: T"
    if not now.in_validation:
        return f"{now.labelled} events labelled · put a few of their sessions in Validation: V"
    if not models:
        return f"{now.labelled} events labelled · train now: t"
    if now.unlabelled:
        return f"{now.unlabelled} unlabelled sessions · generate labels: g"
    return f"{now.labelled} events labelled · nothing left to label; next class: N"
