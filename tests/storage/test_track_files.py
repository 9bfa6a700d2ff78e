"""A new label track gets a file that nothing else has, whatever the names are alike in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from labelloop.formats.labels.label_file import EMPTY_LABELS
from labelloop.project.labels import Label
from labelloop.project.session import Session
from labelloop.services.generating.merging import Rules, Target, put_events
from labelloop.services.labels.history import undo
from labelloop.services.labels.track_edits import delete, new, rename
from labelloop.services.projects.create import new_project
from labelloop.services.projects.demo import copy_demo
from labelloop.storage.opening import open_project
from labelloop.storage.saving import Saver
from labelloop.storage.store import ProjectStore
from labelloop.storage.track_files import TrackFiles, shared_files

ROWS = "Time,X\n" + "".join(f"{n / 50},{n}\n" for n in range(200))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ProjectStore]:
    opened = open_project(copy_demo(tmp_path / "demo"), "a test")
    yield opened
    opened.close()


@pytest.fixture
def flat(tmp_path: Path) -> Iterator[ProjectStore]:
    """Recordings side by side in one folder, one's name the beginning of the other's."""
    data = tmp_path / "flat" / "Data"
    data.mkdir(parents=True)
    for name in ("walk", "walk_a"):
        (data / f"{name}.data").write_text(ROWS)
        (data / f"{name}.label").write_bytes(EMPTY_LABELS)
    made = new_project(data.parent)
    opened = open_project(made.project, "a test")
    yield opened
    opened.close()


def first(store: ProjectStore) -> Session:
    return next(store.project.sessions())


def file_of(store: ProjectStore, session: Session, track: str) -> str:
    return store.track_file(store.project.session(session.id), track)


@pytest.mark.parametrize("other", ["a-b", "A B", "a:b", "A-B"])
def test_names_that_give_one_file_name_get_two_files(store: ProjectStore, other: str) -> None:
    session = first(store)
    new(store, session, "a b" if other != "a:b" else "a_b")
    new(store, store.project.session(session.id), other)
    refs = [ref for ref in store.project.tracks_of(session.id) if ref.is_label]
    files = {file_of(store, session, ref.name).casefold() for ref in refs}
    assert len(files) == len(refs)
    assert not shared_files(store.project)


def test_composed_and_decomposed_letters_are_one_name(store: ProjectStore) -> None:
    session = first(store)
    new(store, session, "caf\u00e9")
    new(store, store.project.session(session.id), "cafe\u0301")
    assert file_of(store, session, "cafe\u0301").endswith("-2.label")


def test_a_file_that_no_session_names_is_left_alone(store: ProjectStore) -> None:
    session = first(store)
    folder = store.project.data_path(session).parent
    left = folder / "notes.label"
    left.write_bytes(EMPTY_LABELS + b"1,2,someone,,,,\n")
    before = left.read_bytes()
    start = session.start_s
    event = Label.spanning(
        start + 1, start + 2, store.project.class_names[0], origin="run:g1", confirmed=False
    )
    names = store.project.class_names
    outcome = put_events(store, "g1", session, [event], Rules(Target("new", "notes")), names)
    assert (outcome.added, outcome.removed) == (1, 0)
    assert not Saver(store).save().problems
    assert left.read_bytes() == before
    assert file_of(store, session, "notes").endswith("notes-2.label")


def test_a_file_of_another_spelling_on_the_disk_is_in_use(store: ProjectStore) -> None:
    session = first(store)
    (store.project.data_path(session).parent / "NOTES.LABEL").write_bytes(b"")
    new(store, session, "notes")
    assert file_of(store, session, "notes").endswith("notes-2.label")


def test_a_session_whose_name_begins_like_another_ones_keeps_off_its_files(flat: ProjectStore) -> None:
    by_name = {s.data_file.rpartition("/")[2]: s for s in flat.project.sessions()}
    walk, walk_a = by_name["walk.data"], by_name["walk_a.data"]
    new(flat, walk_a, "label2")
    taken = file_of(flat, walk_a, "label2")
    new(flat, walk, "a_label2")
    assert file_of(flat, walk, "a_label2") != taken
    assert not shared_files(flat.project)


def test_a_file_that_is_only_named_is_in_use(flat: ProjectStore) -> None:
    by_name = {s.data_file.rpartition("/")[2]: s for s in flat.project.sessions()}
    walk, walk_a = by_name["walk.data"], by_name["walk_a.data"]
    new(flat, walk_a, "extra")
    assert not Saver(flat).save().problems
    named = flat.project.folder / file_of(flat, walk_a, "extra")
    named.unlink(missing_ok=True)
    flat.project.forget_refs(walk_a.id)
    fresh = TrackFiles(flat.project)
    wanted = named.relative_to(flat.project.folder).as_posix()
    assert fresh.place(walk, "a_extra", wanted) != wanted


def test_the_same_track_asked_again_gets_the_same_file(store: ProjectStore) -> None:
    session = first(store)
    wanted = session.data_file.rpartition("/")[0] + "/fresh.label"
    assert store.track_files.place(session, "fresh", wanted) == wanted
    assert store.track_files.place(session, "fresh", wanted) == wanted
    assert store.track_files.place(session, "other", wanted) != wanted


def test_a_track_that_comes_back_gets_its_file_and_what_it_holds_goes_as_removed(store: ProjectStore) -> None:
    session = next(s for s in store.project.sessions() if len(store.project.track(s.id)) > 2)
    rename(store, session, "label", "mine")
    mine = file_of(store, session, "mine")
    held = len(store.project.track(session.id, "mine"))
    new(store, store.project.session(session.id), "other")
    delete(store, store.project.session(session.id), "mine")
    rules, names = Rules(Target("new", "mine")), store.project.class_names
    outcome = put_events(store, "g1", store.project.session(session.id), [], rules, names)
    assert file_of(store, session, "mine") == mine
    assert outcome.removed == held
    undo(store.editor)
    undo(store.editor)
    assert len(store.project.track(session.id, "mine")) == held


def test_two_tracks_of_one_file_are_found(store: ProjectStore) -> None:
    one, two = list(store.project.sessions())[:2]
    refs = store.project.tracks_of(one.id)
    label = next(ref for ref in store.project.tracks_of(two.id) if ref.is_label)
    store.project.set_refs(one.id, (*refs, label))
    assert list(shared_files(store.project).values()) == [[(one.id, label.name), (two.id, label.name)]]
