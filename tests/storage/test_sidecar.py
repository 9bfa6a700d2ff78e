"""What Studio's files have no place for: done marks, flags, looks of classes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from labelloop.errors import UserError
from labelloop.project.classes import ClassLook
from labelloop.project.project import ProjectState
from labelloop.project.session_changes import EditSessions, FieldEdit
from labelloop.storage.opening import open_project
from labelloop.storage.saving import Saver, SaveReport
from labelloop.storage.sidecar import apply_sidecar, render_sidecar
from labelloop.storage.store import ProjectStore
from tests.made_project import make_project, tree
from tests.project.made_up import session as made_session


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


def test_marks_are_in_our_file_and_not_in_studios(store: ProjectStore, project: Path) -> None:
    before = tree(project.parent)
    edit = FieldEdit(first(store), frozenset(), frozenset({"up"}))
    store.editor.apply(EditSessions("done", (edit,)))
    save(store)
    assert tree(project.parent) == before
    fresh = again(store)
    assert fresh.project.session(first(fresh)).done == {"up"}
    fresh.close()


def _state() -> ProjectState:
    session = replace(made_session(0), done=frozenset({"up", "down"}), flag="look again")
    state = ProjectState(looks={"up": ClassLook("u", 3)}, windows=(2.0, 5.0))
    state.sessions[session.id] = session
    return state


def test_what_is_written_is_read_back() -> None:
    data = render_sidecar(_state())
    state = _state()
    state.sessions = {sid: replace(s, done=frozenset(), flag="") for sid, s in state.sessions.items()}
    state.looks, state.windows = {}, None
    apply_sidecar(data, state, "project.json")
    assert (state.looks, state.windows) == (_state().looks, _state().windows)
    assert state.sessions == _state().sessions


def test_marks_of_sessions_that_are_gone_are_passed_over() -> None:
    state = ProjectState()
    apply_sidecar(render_sidecar(_state()), state, "project.json")
    assert state.sessions == {}


def test_without_the_file_nothing_is_changed() -> None:
    state = _state()
    apply_sidecar(None, state, "project.json")
    assert state.looks == _state().looks


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{", b'{"looks": 1}', b'{"windows": ["a", 1]}', b'{"done": []}']
)
def test_what_is_no_sidecar_says_what_to_do(data: bytes) -> None:
    with pytest.raises(UserError, match=r"project\.json can't be read .*: repair it or move it away"):
        apply_sidecar(data, _state(), "project.json")
