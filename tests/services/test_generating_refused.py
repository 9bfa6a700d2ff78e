"""Generating labels from what does not fit: one clear sentence, and nothing half written."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labelloop.errors import UserError
from labelloop.formats.model.info import ModelInfo
from labelloop.jobs.run import RunFolder, write_json
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.project.session import Session
from labelloop.services.generating import model as model_service
from labelloop.services.generating.continuing import continue_run
from labelloop.services.generating.merging import Rules, Target
from labelloop.services.generating.methods import start
from labelloop.services.generating.model import ModelRequest, orphaned_runs, start_model_run
from labelloop.services.generating.request import GenerateRequest, wait_for_run
from labelloop.services.generating.runs import label_runs
from labelloop.services.sessions.marks import remove_sessions
from labelloop.storage.opening import open_project
from labelloop.storage.saving import Saver
from labelloop.storage.store import ProjectStore
from tests.made_project import make_project, tree, write_recording

LABEL = Target.parse("existing:label")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ProjectStore]:
    opened = open_project(make_project(tmp_path / "p", 3), "test")
    yield opened
    opened.close()


def sessions(store: ProjectStore) -> list[Session]:
    return list(store.project.sessions())


def info(**more: Any) -> ModelInfo:
    values: dict[str, Any] = {
        "path": Path("m.h5"), "name": "m", "maker": "labelloop", "family": "dense", "classes": ("up",),
        "channels": ("x", "y"), "rate_hz": 20.0, "parameters": 1,
    }  # fmt: skip
    return ModelInfo(**(values | more))


@pytest.fixture
def asks(store: ProjectStore, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Ask a model that is as told, with a worker that never starts."""
    started: list[RunFolder] = []
    monkeypatch.setattr(model_service, "find_model", lambda *_: Path("m.h5"))
    monkeypatch.setattr(model_service, "launch", started.append)

    def ask(
        model: ModelInfo, add: bool = False, target: Target = LABEL, words: tuple[str, ...] = ("all",)
    ) -> Any:
        monkeypatch.setattr(model_service, "read_model_info", lambda _: model)
        return start_model_run(store, ModelRequest("m", words, Rules(target, add_classes=add)))

    return ask


def test_a_model_of_other_channels_names_the_sessions(store: ProjectStore, asks: Any) -> None:
    before = tree(store.project.folder, ours=True)
    with pytest.raises(UserError, match=r"trained on 6 channels, but .*up_00 has 2"):
        asks(info(channels=tuple("abcdef")))
    assert tree(store.project.folder, ours=True) == before


def test_classes_that_the_project_lacks_are_added_when_asked(store: ProjectStore, asks: Any) -> None:
    before = tree(store.project.folder, ours=True)
    with pytest.raises(UserError, match="lacks the class 'jump': add it"):
        asks(info(classes=("up", "jump")))
    assert tree(store.project.folder, ours=True) == before
    asks(info(classes=("up", "jump")), add=True)
    assert store.project.class_names == ["up", "down", "jump"]


def test_a_track_that_some_sessions_lack_or_have(store: ProjectStore, asks: Any) -> None:
    request = GenerateRequest("track", (sessions(store)[0].path,), Target.parse("new:auto"), ("label",))
    start(store, request)
    Saver(store).save()
    before = tree(store.project.folder, ours=True)
    with pytest.raises(UserError, match="down_01, up/up_02 have no track auto: use --target new:auto"):
        asks(info(), target=Target.parse("existing:auto"))
    with pytest.raises(UserError, match="up/up_00 have a track already named auto"):
        asks(info(), target=Target.parse("new:auto"))
    assert tree(store.project.folder, ours=True) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_keeps_the_labels_in_the_journal(store: ProjectStore) -> None:
    session = sessions(store)[0]
    folder = store.inside(session.label_file, "it").parent
    before = tree(folder)
    start(store, GenerateRequest("session", (session.path,), LABEL, existing="replace-all"))
    folder.chmod(0o555)
    try:
        assert session.name in Saver(store).save().problems[0]
    finally:
        folder.chmod(0o755)
    assert tree(folder) == before
    assert Saver(store).save().problems == []
    assert tree(folder) != before


def test_an_example_longer_than_a_session_is_said(store: ProjectStore) -> None:
    long, short = sessions(store)[:2]
    write_recording(store.inside(short.data_file, "it"), 20)
    example = Label.spanning(0.5, 8.5, "up")
    removed = tuple(store.project.track(long.id))
    store.editor.apply(EditLabels(long.id, "label", removed, (example,)))
    before = list(store.project.track(short.id))
    request = GenerateRequest("similar", (short.path,), LABEL, (f"{long.path}@0.5",))
    outcome = wait_for_run(start(store, request))
    assert "too short for the examples: they take 6.4 s" in outcome.sessions[0].problem
    assert list(store.project.track(short.id)) == before


def test_sessions_that_went_meanwhile_are_told_and_the_others_done(store: ProjectStore, asks: Any) -> None:
    run = asks(info()).run
    gone, left = sessions(store)[:2]
    for index, session in enumerate((gone, left)):
        found = {"id": session.id, "events": [[6.0, 6.5, "up", 0.9]], "error": None}
        write_json(run.path / "results" / f"{index}.json", found)
    remove_sessions(store.editor, [gone])
    run.append({"type": "state", "state": "done"})
    orphan = orphaned_runs(store)[0]
    assert orphan.poll()
    assert [(s.session.path, s.added) for s in orphan.outcome.sessions] == [(gone.path, 0), (left.path, 1)]
    assert "no session" in orphan.outcome.failed[0].problem
    assert orphaned_runs(store) == []


def test_a_full_disk_leaves_sessions_whole_or_untouched(
    store: ProjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {s.path: list(store.project.track(s.id)) for s in sessions(store)}
    files = tree(store.project.folder)
    real, written = os.pwrite, list[int]()

    def full(fd: int, data: bytes, offset: int) -> int:
        if len(written) >= 1:
            real(fd, data[:10], offset)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written.append(offset)
        return real(fd, data, offset)

    request = GenerateRequest("session", ("all",), LABEL, existing="replace-all")
    with monkeypatch.context() as patched:
        patched.setattr(os, "pwrite", full)
        outcome = wait_for_run(start(store, request))
    assert [s.added for s in outcome.sessions] == [1, 0, 0]
    assert all("space" in s.problem for s in outcome.failed)
    for session in sessions(store)[1:]:
        assert list(store.project.track(session.id)) == before[session.path]
    assert tree(store.project.folder) == files
    assert Saver(store).save().problems == []
    changed = {path for path, data in tree(store.project.folder).items() if files.get(path) != data}
    assert changed == {sessions(store)[0].label_file, "Made.improj"}


def test_a_run_that_was_cancelled_goes_on_once(
    store: ProjectStore, asks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[RunFolder] = []
    monkeypatch.setattr("labelloop.services.generating.continuing.launch", started.append)
    run = asks(info())
    first, second = sessions(store)[:2]
    found = {"events": [[6.0, 6.5, "up", 0.9]], "error": None}
    write_json(run.run.path / "results" / "0.json", {"id": first.id, **found})
    run.run.append({"type": "state", "state": "stopped"})
    assert run.poll()
    assert orphaned_runs(store) == []
    continue_run(store, run.run.id)
    assert started == [run.run]
    write_json(run.run.path / "results" / "1.json", {"id": second.id, **found})
    run.run.append({"type": "state", "state": "done"})
    orphan = orphaned_runs(store)[0]
    assert orphan.poll()
    assert [s.session.id for s in orphan.outcome.sessions] == [second.id]
    listed = label_runs(store)[0]
    assert (listed.added, listed.sessions, listed.state) == (2, 2, "done")
    with pytest.raises(UserError, match="done"):
        continue_run(store, run.run.id)
