"""The summary pane: events per class and set, labelled time, what a plan comes to."""

from __future__ import annotations

from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.rendering.glyphs import Glyphs
from labelloop.screens.sessions.summary import amounts_per_class, events_per_class, outlook, summary_rows
from labelloop.services.labels.classes import set_weight
from labelloop.services.sessions.assign import assign
from labelloop.storage.store import ProjectStore


def _only(store: ProjectStore) -> str:
    """A project in which one session of Train holds three labels, and nothing else does."""
    sessions = list(store.project.sessions())
    for session in sessions:
        old = tuple(store.project.track(session.id))
        new: tuple[Label, ...] = ()
        if session is sessions[0]:
            new = tuple(Label.spanning(n, n + 0.5, name) for n, name in enumerate(("up", "down", "up"), 1))
        if old or new:
            store.editor.apply(EditLabels(session.id, session.label_track, old, new))
    assign(store.editor, sessions, "unassigned")
    assign(store.editor, sessions[:1], "train")
    return sessions[0].id


def test_events_are_counted_by_class_and_set(store: ProjectStore) -> None:
    _only(store)
    table, times = amounts_per_class(store)
    assert (table["up"]["train"], table["down"]["train"], table["up"]["test"]) == (2, 1, 0)
    assert times["train"] == 1.5
    assert sum(times.values()) == 1.5
    assert events_per_class(store) == table


def test_a_plan_is_looked_at_before_it_is_done(store: ProjectStore) -> None:
    held = _only(store)
    train, validation, test = outlook(store.project, {})
    assert train.startswith("Train down 1 up 2 ")
    assert validation.startswith("Validation no events")
    assert test.startswith("Test no events")
    assert outlook(store.project, {held: "test"})[2].startswith("Test down 1 up 2 ")
    assert outlook(store.project, {held: "test"})[0].startswith("Train no events")


def test_the_pane_has_a_row_a_class_and_the_labelled_time(store: ProjectStore) -> None:
    _only(store)
    rows = ["".join(text for text, *_ in row) for row in summary_rows(store, "up", 78, Glyphs.ASCII)]
    assert any(row.startswith(" up") for row in rows)
    assert any(row.startswith(" labelled time") for row in rows)
    assert all(len(row) <= 78 for row in rows if not row.startswith(" !"))


def test_a_weight_that_counts_is_shown(store: ProjectStore) -> None:
    set_weight(store, "up", "2")
    rows = ["".join(text for text, *_ in row) for row in summary_rows(store, "", 78, Glyphs.ASCII)]
    assert any(row.startswith(" up ×2") for row in rows)
