"""The one gate: check, journal, apply, tell; undo and redo without end."""

from __future__ import annotations

import os
import signal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelloop.errors import Refused, Stuck
from labelloop.project.changes import SIDECAR_DOC, labels_doc
from labelloop.project.editor import Applied, ProjectEditor
from labelloop.project.history import Entry
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label, LabelTrack
from labelloop.project.session_changes import EditSessions, FieldEdit
from labelloop.project.uninterrupted import uninterrupted
from tests.project.made_up import MemoryJournal, project, snapshot


def editor() -> ProjectEditor:
    return ProjectEditor(project(), MemoryJournal())


def labelled(start: float) -> EditLabels:
    return EditLabels("id-0", "label", (), (Label(start, 0.1, "up"),))


def test_a_change_is_journaled_applied_and_told() -> None:
    gate, told = editor(), list[Applied]()
    stop = gate.subscribe(told.append)
    applied = gate.apply(labelled(3), tag="run:g1")
    assert told == [applied]
    assert applied.entry.tag == "run:g1"
    assert applied.title == "labelled up 3.00–3.10 s in s0"
    assert gate.dirty == {labels_doc("id-0", "label"): 1}
    assert Label(3, 0.1, "up") in gate.project.track("id-0")
    stop()
    gate.undo()
    assert len(told) == 1


def test_a_refused_change_leaves_no_trace() -> None:
    gate = editor()
    gate.apply(labelled(3))
    before, journal = snapshot(gate.project), gate.journal
    assert isinstance(journal, MemoryJournal)
    with pytest.raises(Refused):
        gate.apply(EditSessions("flag", (FieldEdit("id-0", "was", "is"),)))
    journal.refuses = True
    with pytest.raises(Refused):
        gate.apply(labelled(4))
    with pytest.raises(Refused):
        gate.undo()
    assert snapshot(gate.project) == before
    assert len(journal.entries) == 1
    assert gate.history.last_done() == journal.entries[0]
    journal.refuses = False
    assert gate.apply(labelled(4)).entry.seq == 2


def test_nothing_to_undo_or_redo_is_a_sentence() -> None:
    gate = editor()
    with pytest.raises(Refused, match="nothing to undo"):
        gate.undo()
    with pytest.raises(Refused, match="nothing to redo"):
        gate.redo()


@given(st.lists(st.sampled_from(["do", "undo", "redo", "restart"]), max_size=30))
@settings(max_examples=60, deadline=None)
def test_any_walk_through_history_is_a_walk_through_states(steps: list[str]) -> None:
    gate, made = editor(), 0
    past, future = [snapshot(gate.project)], list[object]()
    for step in steps:
        if step == "do":
            gate.apply(labelled(10 + made), tag=f"run:g{made}")
            made += 1
            past.append(snapshot(gate.project))
            future.clear()
        elif step == "undo" and len(past) > 1:
            applied = gate.undo()
            assert applied.entry.tag.startswith("run:")
            future.append(past.pop())
        elif step == "redo" and future:
            gate.redo()
            past.append(future.pop())  # type: ignore[arg-type]
        elif step == "restart":
            gate = ProjectEditor(gate.project, gate.journal)
        assert snapshot(gate.project) == past[-1]
    assert [e.seq for e in _entries(gate)] == list(range(1, len(_entries(gate)) + 1))
    assert len(gate.history.done) == len(past) - 1
    assert len(gate.history.undone) == len(future)


def _entries(gate: ProjectEditor) -> list[Entry]:
    assert isinstance(gate.journal, MemoryJournal)
    return gate.journal.entries


def test_history_knows_its_tags() -> None:
    gate = editor()
    gate.apply(labelled(1), tag="run:g1")
    gate.apply(labelled(2))
    gate.apply(labelled(3), tag="run:g1")
    gate.undo()
    assert [e.seq for e in gate.history.tagged("run:g1")] == [1]


def test_our_fields_dirty_our_file_only() -> None:
    gate = editor()
    gate.apply(EditSessions("flag", (FieldEdit("id-0", "", "look"),)))
    assert gate.dirty == {SIDECAR_DOC: 1}


def test_ctrl_c_waits_until_an_edit_is_whole() -> None:
    gate, journal = editor(), MemoryJournal()
    gate.journal = journal
    real = journal.append

    def interrupted(entry: Entry) -> None:
        real(entry)
        os.kill(os.getpid(), signal.SIGINT)

    journal.append = interrupted  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        gate.apply(labelled(3))
    assert Label(3, 0.1, "up") in gate.project.track("id-0")
    assert gate.dirty


def test_errors_pass_through_uninterrupted_work() -> None:
    handler = signal.getsignal(signal.SIGINT)
    with pytest.raises(ZeroDivisionError), uninterrupted():
        raise ZeroDivisionError
    assert signal.getsignal(signal.SIGINT) == handler


def stuck_editor() -> ProjectEditor:
    """Two labels made, and the second one gone from the track as after a checkout."""
    gate = editor()
    gate.apply(labelled(3), "the first")
    gate.apply(labelled(4), "the second")
    track = [x for x in gate.project.track("id-0") if x.start != 4]
    gate.project.take_track("id-0", "label", LabelTrack(track))
    return gate


def test_an_undo_that_fits_no_more_says_of_what_and_changes_nothing() -> None:
    gate = stuck_editor()
    before = snapshot(gate.project)
    with pytest.raises(Stuck, match="'the second' can't be undone: ") as caught:
        gate.undo()
    assert (caught.value.title, caught.value.undoing) == ("the second", True)
    assert snapshot(gate.project) == before


def test_what_is_skipped_is_neither_undone_nor_done_again() -> None:
    gate = stuck_editor()
    before = snapshot(gate.project)
    skipped = gate.skip(undoing=True)
    assert (skipped.title, snapshot(gate.project)) == ("the second", before)
    assert gate.undo().title == "the first"
    assert gate.redo().title == "the first"
    with pytest.raises(Refused, match="nothing to redo"):
        gate.redo()
    assert gate.undo().title == "the first"
    with pytest.raises(Refused, match="nothing to undo"):
        gate.undo()


def test_a_redo_that_fits_no_more_can_be_skipped() -> None:
    gate = editor()
    gate.apply(labelled(3))
    gate.apply(labelled(3).inverse(), "the first")
    gate.undo()
    gate.project.take_track("id-0", "label", LabelTrack([]))
    with pytest.raises(Stuck, match="'the first' can't be done again: "):
        gate.redo()
    gate.skip(undoing=False)
    with pytest.raises(Refused, match="nothing to redo"):
        gate.redo()
    with pytest.raises(Refused, match="nothing to skip"):
        gate.skip(undoing=False)


def test_a_disk_that_takes_nothing_is_not_a_change_that_does_not_fit() -> None:
    gate = editor()
    gate.apply(labelled(3))
    assert isinstance(gate.journal, MemoryJournal)
    gate.journal.refuses = True
    with pytest.raises(Refused) as caught:
        gate.undo()
    assert not isinstance(caught.value, Stuck)
