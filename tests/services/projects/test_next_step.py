"""The loop's next step."""

from __future__ import annotations

import pytest

from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.services.projects.next_step import Progress, next_step, progress
from labelloop.services.sessions.assign import assign
from labelloop.storage.store import ProjectStore
from tests.services.conftest import Named


def _now(
    labelled: int = 80, train: int = 60, validation: int = 20, unsure: int = 0, left: int = 0
) -> Progress:
    return Progress("", labelled, train, validation, unsure, left)


@pytest.mark.parametrize(
    ("now", "classes", "models", "running", "says"),
    [
        (_now(), 1, 0, "training", "training: t"),
        (_now(), 0, 0, "", "add a class: c"),
        (_now(unsure=3), 1, 1, "", "3 generated labels to review: r"),
        (_now(labelled=79), 1, 0, "", "79 of 80 events labelled · 1 more: enter on a session"),
        (_now(train=0), 1, 0, "", "80 events labelled · put most of their sessions in Train: T"),
        (_now(validation=0), 1, 0, "", "80 events labelled · put a few of their sessions in Validation: V"),
        (_now(), 1, 0, "", "80 events labelled · train now: t"),
        (_now(left=2), 1, 1, "", "2 unlabelled sessions · generate labels: g"),
        (_now(labelled=5), 1, 1, "", "5 events labelled · nothing left to label; next class: N"),
    ],
)
def test_what_comes_next(now: Progress, classes: int, models: int, running: str, says: str) -> None:
    assert next_step(now, classes, models, running) == says


def test_counting(made: ProjectStore, named: Named) -> None:
    assign(made.editor, [named("up_00")], "train")
    assign(made.editor, [named("up_02")], "validation")
    empty = named("down_01").id
    made.editor.apply(EditLabels(empty, "label", tuple(made.project.track(empty))))
    unsure = Label.spanning(6, 7, "down", confidence=0.5, confirmed=False, origin="run:g1")
    made.editor.apply(EditLabels(named("up_00").id, "label", (), (unsure,)))
    assert progress(made) == Progress("", 9, 4, 3, 1, 1)
    assert progress(made, "up") == Progress("up", 5, 2, 2, 1, 1)
