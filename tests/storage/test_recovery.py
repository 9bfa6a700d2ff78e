"""What the journal holds and the files do not is brought back at the start, once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.project.session_changes import EditSessions, FieldEdit
from labelloop.services.labels.classes import delete, set_key
from labelloop.services.sessions.assign import assign
from labelloop.services.sessions.marks import remove_sessions
from labelloop.storage.opening import open_project
from labelloop.storage.saving import Saver, SaveReport
from labelloop.storage.store import ProjectStore
from tests.end_to_end.support import state_of
from tests.made_project import ROWS, make_project, tree


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path / "p", 3)


@pytest.fixture
def store(project: Path) -> Iterator[ProjectStore]:
    opened = open_project(project, "test")
    yield opened
    opened.close()


def again(store: ProjectStore) -> ProjectStore:
    """Close without saving, as a crash does, and open again."""
    store.close()
    return open_project(store.path, "test")


def save(store: ProjectStore) -> SaveReport:
    report = Saver(store).save()
    assert report.problems == []
    return report


def first(store: ProjectStore) -> str:
    return next(s.id for s in store.project.sessions() if s.path == "up/up_00")


def add(store: ProjectStore, *labels: Label, track: str = "label") -> None:
    store.editor.apply(EditLabels(first(store), track, (), labels))


def test_unsaved_edits_are_recovered_once(store: ProjectStore) -> None:
    add(store, Label(2, 0.5, "down"))
    assign(store.editor, [store.project.session(first(store))], "train")
    state = state_of(store)
    fresh = again(store)
    assert (fresh.recovered, state_of(fresh)) == (2, state)
    save(fresh)
    fresh = again(fresh)
    assert (fresh.recovered, state_of(fresh)) == (0, state)
    fresh.close()


def test_undo_reaches_back_over_restarts(store: ProjectStore, project: Path) -> None:
    before, states = tree(project.parent), [state_of(store)]
    for number in range(12):
        add(store, Label(number / 10, 0.05, "up"))
        states.append(state_of(store))
        if number % 3 == 0:
            save(store)
        if number % 4 == 0:
            store = again(store)
    while len(states) > 1:
        assert state_of(store) == states.pop()
        store.editor.undo()
        store = again(store)
    save(store)
    assert tree(project.parent) == before
    for _ in range(12):
        store.editor.redo()
    save(store)
    assert len(store.project.track(first(store))) == len(ROWS) + 12
    store.close()


def test_a_session_taken_out_and_back_keeps_its_unsaved_labels(store: ProjectStore) -> None:
    add(store, Label(2, 0.5, "down"))
    state = state_of(store)
    remove_sessions(store.editor, [store.project.session(first(store))])
    save(store)
    store.editor.undo()
    assert state_of(store) == state
    save(store)
    fresh = again(store)
    assert state_of(fresh) == state
    assert sum(t.count for t in fresh.project.session(first(fresh)).totals) == len(ROWS) + 1
    fresh.close()


@pytest.mark.parametrize("word", ["keep", "labels"])
def test_a_deleted_class_can_be_brought_back_after_a_restart(
    store: ProjectStore, project: Path, word: str
) -> None:
    before, state = tree(project.parent), state_of(store)
    delete(store, "up", word)
    save(store)
    fresh = again(store)
    assert ("up" in fresh.project.class_names) == (word == "keep"), "labels name it still"
    fresh.editor.undo()
    save(fresh)
    assert state_of(fresh) == state
    assert tree(project.parent) == before
    fresh.close()


def _forget_versions(store: ProjectStore) -> None:
    """Take away all that says which changes are in the files."""
    shutil.rmtree(store.layout.home / "state", ignore_errors=True)
    store.layout.mark.unlink(missing_ok=True)


def test_an_edit_that_the_file_holds_is_not_made_twice_when_its_side_file_is_lost(
    store: ProjectStore,
) -> None:
    add(store, Label(2, 0.5, "down"))
    save(store)
    before = [(x.start, x.length, x.name) for x in store.project.track(first(store))]
    store.close()
    _forget_versions(store)
    fresh = open_project(store.path, "test")
    assert [(x.start, x.length, x.name) for x in fresh.project.track(first(fresh))] == before
    fresh.close()


def test_a_change_of_a_label_in_place_is_recovered_without_its_side_file(store: ProjectStore) -> None:
    label = store.project.track(first(store))[0]
    store.editor.apply(EditLabels(first(store), "label", (label,), (replace(label, comment="look"),)))
    store.close()
    _forget_versions(store)
    fresh = open_project(store.path, "test")
    assert fresh.project.track(first(fresh))[0].comment == "look"
    fresh.close()


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[1]", b"\0" * 99, b'{"done":{"x":3},"looks":{"up":[1,2,3,4,5]}}']
)
@pytest.mark.parametrize("saved", [True, False])
def test_what_a_damaged_file_of_marks_held_is_put_together_anew(
    store: ProjectStore, damage: bytes, saved: bool
) -> None:
    session = store.project.session(first(store))
    store.editor.apply(EditSessions("flag", (FieldEdit(session.id, "", "look again"),)))
    set_key(store, "up", "7")
    save(store)
    if not saved:
        store.editor.apply(EditSessions("done", (FieldEdit(session.id, frozenset(), frozenset({"up"})),)))
    before = state_of(store), store.project.state.looks
    store.layout.sidecar.write_bytes(damage)
    opened = again(store)
    assert (state_of(opened), opened.project.state.looks) == before
    assert len([w for w in opened.warnings if "project.json can't be read" in w]) == 1
    kept = list(opened.layout.conflicts.iterdir())
    assert [path.read_bytes() for path in kept] == [damage]
    save(opened)
    third = again(opened)
    assert (state_of(third), third.project.state.looks, third.warnings) == (*before, [])
    third.close()


def test_for_reading_only_a_damaged_file_of_marks_stays_as_it_is(store: ProjectStore) -> None:
    session = store.project.session(first(store))
    store.editor.apply(EditSessions("flag", (FieldEdit(session.id, "", "look again"),)))
    save(store)
    store.layout.sidecar.write_bytes(b"{")
    store.close()
    reader = open_project(store.path, "test", write=False)
    assert reader.project.session(session.id).flag == "look again"
    assert reader.layout.sidecar.read_bytes() == b"{"
    assert not reader.layout.conflicts.exists()


@pytest.mark.parametrize("what", ["folder", "journal", "lock"])
def test_edits_after_our_folder_was_removed_are_there_after_a_crash(store: ProjectStore, what: str) -> None:
    store.editor.apply(EditLabels(first(store), "label", (), (Label(0.1, 0.2, "up"),)))
    save(store)
    store.editor.apply(EditLabels(first(store), "label", (), (Label(0.4, 0.2, "up"),)))
    paths = {"journal": store.layout.journal, "lock": store.layout.lock}
    if what == "folder":
        shutil.rmtree(store.layout.home)
    else:
        paths[what].unlink()
    store.editor.apply(EditLabels(first(store), "label", (), (Label(0.7, 0.2, "up"),)))
    state = state_of(store)
    assert len([w for w in store.warnings if "was removed" in w]) == int(what != "lock")
    opened = again(store)
    assert state_of(opened) == state
    save(opened)
    third = again(opened)
    assert (state_of(third), third.recovered) == (state, 0)
    while third.editor.history.last_done() is not None:
        third.editor.undo()
    assert [x.start for x in third.project.track(first(third)) if x.start in (0.1, 0.4, 0.7)] == []
    third.close()


def test_what_is_unsaved_when_our_folder_goes_is_saved_whole(store: ProjectStore) -> None:
    store.editor.apply(EditLabels(first(store), "label", (), (Label(0.4, 0.2, "up"),)))
    shutil.rmtree(store.layout.home)
    save(store)
    state = state_of(store)
    opened = again(store)
    assert (state_of(opened), opened.recovered) == (state, 0)
    opened.close()


def test_without_its_journal_a_project_gives_no_number_twice(store: ProjectStore) -> None:
    store.editor.apply(EditLabels(first(store), "label", (), (Label(0.1, 0.2, "up"),)))
    store.editor.apply(EditLabels(first(store), "label", (), (Label(0.4, 0.2, "up"),)))
    save(store)
    store.close()
    store.layout.journal.unlink()
    opened = open_project(store.path, "test")
    opened.editor.apply(EditLabels(first(opened), "label", (), (Label(0.7, 0.2, "up"),)))
    state = state_of(opened)
    third = again(opened)
    assert state_of(third) == state
    third.close()
