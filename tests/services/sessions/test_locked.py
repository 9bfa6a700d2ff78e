"""Generating, reviewing and editing what is locked or read-only: one sentence, and nothing is written."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from labelloop.errors import UserError
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.services.generating.merging import Target
from labelloop.services.generating.methods import start
from labelloop.services.generating.request import GenerateRequest
from labelloop.services.review.queue import accept_all, build_queue
from labelloop.services.sessions.assign import set_locked
from labelloop.storage.opening import open_project
from labelloop.storage.store import ProjectStore
from tests.end_to_end.support import labelloop
from tests.made_project import make_project, tree

LABEL, AUTO = Target.parse("existing:label"), Target.parse("new:auto")
METHODS = {
    "session": (),
    "track": ("label",),
    "similar": ("up/up_00@1.5",),
    "threshold": ("x > 0.1",),
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ProjectStore]:
    opened = open_project(make_project(tmp_path / "p", 3), "test")
    yield opened
    opened.close()


@pytest.fixture
def read_only(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Let a file or folder look as if it could not be written, for root, too."""
    real, closed = os.access, set[Path]()

    def access(path: Path | str, mode: int) -> bool:
        return Path(path) not in closed and real(path, mode)

    monkeypatch.setattr("labelloop.services.sessions.locked.os.access", access)
    return closed.add


def held(store: ProjectStore) -> dict[str, bytes]:
    """All files but those of the cache."""
    files = tree(store.project.folder, ours=True)
    return {path: data for path, data in files.items() if not path.startswith(".labelloop/cache/")}


def ask(method: str, target: Target = LABEL, words: tuple[str, ...] = ("all",)) -> GenerateRequest:
    return GenerateRequest(method, words, target, METHODS[method], "replace-all", ("up",))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("dry", [False, True])
def test_no_method_writes_into_a_locked_session(store: ProjectStore, method: str, dry: bool) -> None:
    locked = list(store.project.sessions())[1]
    set_locked(store.editor, [locked], True)
    before = held(store)
    with pytest.raises(UserError, match=r"Locked: down/down_01\. Unlock them .* nothing was changed"):
        start(store, ask(method), dry)
    assert held(store) == before


def test_a_new_track_takes_nothing_from_a_locked_session(store: ProjectStore) -> None:
    set_locked(store.editor, store.project.sessions(), True)
    outcome = start(store, ask("session", AUTO)).outcome
    assert [s.added for s in outcome.sessions] == [1, 1, 1]


@pytest.mark.parametrize("method", METHODS)
def test_no_method_writes_into_a_read_only_file(
    store: ProjectStore, method: str, read_only: Callable[[Path], None]
) -> None:
    for session in list(store.project.sessions())[1:]:
        read_only(store.path.parent / session.label_file)
    before = held(store)
    with pytest.raises(UserError, match=r"label\.label of down/down_01 is read-only: allow .* up/up_02"):
        start(store, ask(method))
    assert held(store) == before
    start(store, ask(method, words=("up/up_00",)))


def test_a_read_only_folder_takes_no_new_track(
    store: ProjectStore, read_only: Callable[[Path], None]
) -> None:
    session = next(store.project.sessions())
    read_only((store.path.parent / session.label_file).parent)
    with pytest.raises(UserError, match="The folder of up/up_00 is read-only"):
        start(store, ask("session", AUTO))


def test_bulk_acceptance_leaves_everything_when_one_file_is_read_only(
    store: ProjectStore, read_only: Callable[[Path], None]
) -> None:
    for session in store.project.sessions():
        new = Label.spanning(6, 7, "up", confidence=0.9, origin="run:g1", confirmed=False)
        store.editor.apply(EditLabels(session.id, "label", (), (new,)))
    queue = build_queue(store, list(store.project.sessions()), {})
    read_only(store.path.parent / next(store.project.sessions()).label_file)
    last = store.journal.last_seq
    with pytest.raises(UserError, match=r"up/up_00 is read-only"):
        accept_all(store, queue.items, 0.5)
    assert store.journal.last_seq == last


def test_the_command_line_names_the_locked_session(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p", 2)
    store = open_project(project, "test")
    set_locked(store.editor, [next(store.project.sessions())], True)
    store.close()
    words = ("--method", "session", "--sessions", "all", "--target", "existing:label")
    ran = labelloop("generate", project, *words)
    assert ran.code == 1
    assert "Locked: up/up_00" in ran.err
    assert "Traceback" not in ran.err
