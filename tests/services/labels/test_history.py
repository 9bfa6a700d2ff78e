"""Undo, redo, and reverting what a run generated."""

from __future__ import annotations

from dataclasses import replace

import pytest

from labelloop.errors import Refused, UserError
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.services.generating.merging import Rules, Target, put_events
from labelloop.services.labels.history import redo, revert_run, runs_in_force, undo
from labelloop.services.sessions.marks import set_flag
from labelloop.storage.store import ProjectStore
from tests.services.conftest import Named


def _generated(store: ProjectStore, named: Named, *names: str, track: str = "existing:label") -> None:
    for name in names:
        label = Label.spanning(6.5, 7.0, "up", confidence=0.7, origin="run:g1", confirmed=False)
        put_events(store, "g1", named(name), [label], Rules(Target.parse(track)), ["up"])


def _spans(store: ProjectStore, session: str) -> list[tuple[float, str]]:
    return [(x.start, x.name) for x in store.project.track(session)]


def test_one_change_at_a_time(made: ProjectStore, named: Named) -> None:
    set_flag(made.editor, [named("up_00")], "a")
    set_flag(made.editor, [named("up_00")], "b")
    assert undo(made.editor).title == "up_00 flagged"
    assert named("up_00").flag == "a"
    assert redo(made.editor).count == 1
    assert named("up_00").flag == "b"
    with pytest.raises(Refused):
        redo(made.editor)


def test_a_run_is_undone_and_done_again_as_a_whole(made: ProjectStore, named: Named) -> None:
    set_flag(made.editor, [named("up_00")], "before")
    before = {n: _spans(made, named(n).id) for n in ("up_00", "up_02")}
    _generated(made, named, "up_00", "up_02")
    after = {n: _spans(made, named(n).id) for n in before}
    done = undo(made.editor)
    assert (done.count, done.title) == (2, "labels of run g1 in 2 sessions")
    assert {n: _spans(made, named(n).id) for n in before} == before
    assert named("up_00").flag == "before"
    redo(made.editor)
    assert {n: _spans(made, named(n).id) for n in before} == after


def test_what_is_in_force(made: ProjectStore, named: Named) -> None:
    _generated(made, named, "up_00", "up_02")
    assert {run: len(entries) for run, entries in runs_in_force(made.editor).items()} == {"g1": 2}
    undo(made.editor)
    assert runs_in_force(made.editor) == {}


def test_a_run_is_taken_back_though_others_edited_since(made: ProjectStore, named: Named) -> None:
    before = _spans(made, named("up_00").id)
    _generated(made, named, "up_00")
    set_flag(made.editor, [named("up_00")], "later")
    done = revert_run(made.editor, "g1")
    assert (done.removed, done.kept, done.sessions) == (1, 0, 1)
    assert named("up_00").flag == "later"
    left = [x.origin for x in made.project.track(named("up_00").id)]
    assert "run:g1" not in left
    assert done.restored == len(before) - len(left) + done.restored
    assert _spans(made, named("up_00").id) == before


def test_labels_that_a_user_confirmed_stay(made: ProjectStore, named: Named) -> None:
    _generated(made, named, "up_00", "up_02")
    session = named("up_00").id
    label = next(x for x in made.project.track(session) if x.origin == "run:g1")
    made.editor.apply(EditLabels(session, "label", (label,), (replace(label, confirmed=True),)))
    done = revert_run(made.editor, "g1")
    assert (done.removed, done.kept) == (1, 1)
    assert [x.confirmed for x in made.project.track(session) if x.origin == "run:g1"] == [True]


def test_a_track_that_the_run_made_goes_with_it(made: ProjectStore, named: Named) -> None:
    _generated(made, named, "up_00", track="new:auto")
    assert "auto" in made.project.label_tracks_of(named("up_00").id)
    revert_run(made.editor, "g1")
    assert "auto" not in made.project.label_tracks_of(named("up_00").id)


def test_what_is_not_there_can_not_be_taken_back(made: ProjectStore, named: Named) -> None:
    with pytest.raises(UserError, match="no run 'g1'"):
        revert_run(made.editor, "g1")
    _generated(made, named, "up_00")
    revert_run(made.editor, "g1")
    with pytest.raises(UserError, match="Nothing of run g1 is left"):
        revert_run(made.editor, "g1")


def test_taking_back_is_one_change(made: ProjectStore, named: Named) -> None:
    _generated(made, named, "up_00", "up_02")
    with_run = _spans(made, named("up_00").id)
    revert_run(made.editor, "g1")
    undo(made.editor)
    assert _spans(made, named("up_00").id) == with_run
