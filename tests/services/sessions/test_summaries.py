"""What the project file says of a session's labels."""

from __future__ import annotations

from dataclasses import replace

from labelloop.project.label_changes import EditLabels
from labelloop.services.sessions.summaries import field_edits, summed_up
from labelloop.storage.store import ProjectStore
from tests.services.conftest import Named


def test_counts_are_those_of_the_track(made: ProjectStore, named: Named) -> None:
    session = named("up_00")
    labels = tuple(made.project.track(session.id))
    made.editor.apply(EditLabels(session.id, "label", labels[:1]))
    after = summed_up(made, session, "label")
    assert {t.name: t.count for t in after.totals} == {"up": 1, "down": 1}
    assert after.labels_modified != "0"


def test_a_track_without_labels_is_missing_them(made: ProjectStore, named: Named) -> None:
    session = named("up_00")
    made.editor.apply(EditLabels(session.id, "label", tuple(made.project.track(session.id))))
    assert summed_up(made, session, "label").tags == "LabelsMissing"


def test_tags_of_others_stay(made: ProjectStore, named: Named) -> None:
    session = replace(named("up_00"), tags="Starred")
    assert summed_up(made, session, "label").tags == "Starred"


def test_a_change_for_each_field_that_differs(named: Named) -> None:
    one, two = named("up_00"), named("up_02")
    edits = field_edits([(one, replace(one, flag="x", locked=True)), (two, replace(two, flag="y"))])
    assert {e.field: len(e.edits) for e in edits} == {"flag": 2, "locked": 1}  # type: ignore[attr-defined]
    assert field_edits([(one, one)]) == []
