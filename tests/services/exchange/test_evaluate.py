"""One label track against another."""

from __future__ import annotations

import pytest

from labelloop.errors import UserError
from labelloop.labeling.matching import Event
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.services.exchange.evaluate import evaluate, scores
from labelloop.services.labels.track_edits import change
from labelloop.storage.store import ProjectStore
from tests.services.conftest import Named


def test_a_copy_agrees_in_full(made: ProjectStore, named: Named) -> None:
    change(made, named("up_00"), "duplicate", "label=copy")
    found = evaluate(made, list(made.project.sessions()), "label", "copy", 0.5)
    assert (found["sessions"], found["event_f1"], found["onset_error_s"]) == (1, 1.0, 0.0)
    assert found["frame_f1"] == pytest.approx(1.0)


def test_what_is_missed_and_what_is_false(made: ProjectStore, named: Named) -> None:
    change(made, named("up_00"), "duplicate", "label=copy")
    session = named("up_00").id
    (first, *_) = made.project.track(session, "copy")
    false = Label.spanning(9, 9.5, "down")
    made.editor.apply(EditLabels(session, "copy", (first,), (false,)))
    found = evaluate(made, [named("up_00")], "label", "copy", 0.5)
    assert (found["truth"], found["found"]) == (3, 3)
    assert found["precision"] == found["recall"] == pytest.approx(2 / 3)
    assert found["per_class"]["up"]["recall"] == 0.5
    assert found["per_class"]["down"]["precision"] == 0.5


def test_edges_are_measured_on_matches() -> None:
    pair = ([Event(1, 2, "a"), Event(5, 6, "a")], [Event(1.1, 2.2, "a")])
    found = scores([pair], 0.5)
    assert found["onset_error_s"] == pytest.approx(0.1)
    assert found["offset_error_s"] == pytest.approx(0.2)
    assert scores([([Event(1, 2, "a")], [])], 0.5)["onset_error_s"] is None


@pytest.mark.parametrize("iou", [0, -0.1, 1.01])
def test_an_overlap_that_can_not_be(made: ProjectStore, iou: float) -> None:
    with pytest.raises(UserError, match="above 0 and at most 1"):
        evaluate(made, [], "label", "label", iou)


def test_tracks_that_nobody_has(made: ProjectStore) -> None:
    with pytest.raises(UserError, match="No session has both"):
        evaluate(made, list(made.project.sessions()), "label", "copy", 0.5)
