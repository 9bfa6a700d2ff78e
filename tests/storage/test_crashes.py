"""A process that is killed at any one system call leaves a project that has each acknowledged edit once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest

from labelloop.project.changes import Compound
from labelloop.project.class_changes import SetClasses
from labelloop.project.classes import ClassDef
from labelloop.project.label_changes import AttachTrack, EditLabels
from labelloop.project.labels import Label
from labelloop.project.session import TrackRef
from labelloop.project.session_changes import EditSessions, FieldEdit
from labelloop.services.sessions.assign import assign
from labelloop.services.sessions.marks import remove_sessions
from labelloop.storage.opening import open_project
from labelloop.storage.saving import Saver, totals_of
from labelloop.storage.store import ProjectStore
from tests.end_to_end.support import reopened, state_of, undo_everything
from tests.made_project import make_project, tree

Step = Callable[[ProjectStore], object]


def first(store: ProjectStore) -> str:
    return next(s.id for s in store.project.sessions() if s.path == "up/up_00")


def label(at: float, track: str = "label", **more: Any) -> Step:
    def step(store: ProjectStore) -> None:
        made = Label(at, 0.25, "up", **more)
        store.editor.apply(EditLabels(first(store), track, (), (made,)))

    return step


def relabel(store: ProjectStore) -> None:
    old = store.project.track(first(store))[0]
    store.editor.apply(
        EditLabels(first(store), "label", (old,), (replace(old, name="down", source_text=""),))
    )


def move(store: ProjectStore) -> None:
    assign(store.editor, [store.project.session(first(store))], "train")


def new_track(store: ProjectStore) -> None:
    ref = TrackRef("auto", "Data/up/up_00/auto.label")
    found = tuple(Label(i, 0.5, "down", 0.7, "", "run:g1", False) for i in range(3))
    parts = (AttachTrack(first(store), ref), EditLabels(first(store), "auto", (), found))
    store.editor.apply(Compound(parts, "generated"), tag="run:g1")


def detach(store: ProjectStore) -> None:
    ref = next(r for r in store.project.tracks_of(first(store)) if r.name == "auto")
    store.editor.apply(AttachTrack(first(store), ref, False))


def remove(store: ProjectStore) -> None:
    remove_sessions(store.editor, [store.project.session(first(store))])


def mark_done(store: ProjectStore) -> None:
    session = store.project.session(first(store))
    edits = (FieldEdit(session.id, session.done, frozenset({"up"})),)
    flags = (FieldEdit(session.id, session.flag, "look again"),)
    store.editor.apply(Compound((EditSessions("done", edits), EditSessions("flag", flags))))


def add_class(store: ProjectStore) -> None:
    classes = store.project.classes
    store.editor.apply(SetClasses(classes, (*classes, ClassDef("walk", 3))))


def undo(store: ProjectStore) -> None:
    store.editor.undo()


def redo(store: ProjectStore) -> None:
    store.editor.redo()


def save(store: ProjectStore) -> None:
    assert Saver(store).save().problems == []


SCRIPTS: dict[str, list[Step]] = {
    "labels": [
        label(0.1),
        save,
        label(0.2, origin="run:g7", confirmed=False),
        relabel,
        save,
        undo,
        undo,
        save,
    ],
    "lists": [move, mark_done, add_class, save, undo, label(0.3), save, undo, undo, save],
    "new track": [
        new_track,
        save,
        label(0.1, "auto"),
        undo,
        undo,
        save,
        redo,
        save,
        label(0.4, "auto"),
        save,
    ],
    "track away": [new_track, save, label(0.1, "auto"), detach, save, undo, label(0.2, "auto"), save],
    "session away": [label(0.1), new_track, remove, save, undo, label(0.2), save],
    "unsaved": [label(0.1), move, new_track, detach, undo, remove, undo, mark_done, undo, undo],
}


class KillAt:
    """Ends the process at one of the calls that alter the disk."""

    CALLS = ("pwrite", "write", "fsync", "fdatasync", "replace", "ftruncate", "unlink", "open")

    def __init__(self, number: int) -> None:
        self.left, self.seen = number, 0
        for name in self.CALLS:
            setattr(os, name, self.counted(name, getattr(os, name)))

    def counted(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            if name == "open" and not args[1] & (os.O_CREAT | os.O_TRUNC):
                return real(*args, **kwargs)
            self.seen += 1
            if self.seen == self.left:
                if name in ("pwrite", "write"):
                    half = bytes(args[1])[: len(args[1]) // 2]
                    real(args[0], half, *args[2:])
                os._exit(9)
            return real(*args, **kwargs)

        return call


def _child(project: Path, script: list[Step], kill_at: int, pipe: int) -> NoReturn:
    """Run the script, tell each step that is done, and how many calls were seen at the end."""
    try:
        report = os.write
        killer = KillAt(kill_at)
        store = open_project(project, "test")
        for step in script:
            step(store)
            report(pipe, b".")
        report(pipe, f" {killer.seen}".encode())
    finally:
        os._exit(0)


def run_killed(project: Path, script: list[Step], kill_at: int) -> tuple[int, int | None]:
    """How many steps were acknowledged, and the number of calls when the script came to its end."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        _child(project, script, kill_at, writer)
    os.close(writer)
    with os.fdopen(reader, "rb") as told:
        done, _, calls = told.read().decode().partition(" ")
    os.waitpid(pid, 0)
    return len(done), int(calls) if calls else None


def expected_states(project: Path, script: list[Step]) -> list[dict[str, Any]]:
    store = open_project(project, "test")
    states = [state_of(store)]
    for step in script:
        step(store)
        states.append(state_of(store))
    store.close()
    return states


def assert_summaries(project: Path) -> None:
    """The project file says of each session what its active track holds."""
    store = open_project(project, "test", write=False)
    for session in store.project.sessions():
        assert session.totals == totals_of(store.project.track(session.id)), session.path
    store.close()


@pytest.mark.parametrize("name", SCRIPTS)
def test_killed_at_every_call(name: str, memory_folder: Path) -> None:
    script, tmp_path = SCRIPTS[name], memory_folder
    original = make_project(tmp_path / "original", 2).parent
    before = tree(original)
    shutil.copytree(original, tmp_path / "dry", copy_function=shutil.copy2)
    states = expected_states(tmp_path / "dry" / "Made.improj", script)
    calls: int | None = None
    number = 0
    while calls is None:
        number += 1
        folder = tmp_path / str(number)
        shutil.copytree(original, folder, copy_function=shutil.copy2)
        done, calls = run_killed(folder / "Made.improj", script, number)
        state, warnings = reopened(folder / "Made.improj")
        assert state in states[done : done + 2], f"call {number} done={done}"
        assert warnings == []
        assert_summaries(folder / "Made.improj")
        if number % 3 == 0:
            undo_everything(folder / "Made.improj")
            assert tree(folder) == before, f"call {number} done={done}"
        shutil.rmtree(folder)
    assert number > len(script)
