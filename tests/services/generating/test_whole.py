"""One label for a whole session, by the class that its folder names."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labelloop.errors import UserError
from labelloop.project.session import Session
from labelloop.services.generating.merging import Target
from labelloop.services.generating.methods import start
from labelloop.services.generating.request import GenerateRequest, wait_for_run
from labelloop.storage.opening import open_project
from labelloop.storage.saving import Saver
from labelloop.storage.store import ProjectStore
from tests.made_project import make_project, tree

LABEL = Target.parse("existing:label")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ProjectStore]:
    opened = open_project(make_project(tmp_path / "p", 3), "test")
    yield opened
    opened.close()


def sessions(store: ProjectStore) -> list[Session]:
    return list(store.project.sessions())


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


def _request(*words: str, **more: Any) -> GenerateRequest:
    return GenerateRequest("session", words, LABEL, existing="replace-all", **more)


def test_the_innermost_folder_that_is_a_class_names_the_label(store: ProjectStore) -> None:
    start(store, _request("all"))
    for session in sessions(store):
        (label,) = store.project.track(session.id)
        assert label.name == session.path.split("/")[0]
        assert (label.start, label.end) == (session.start_s, session.end_s)
        assert not label.confirmed
        assert label.origin == "run:g1"


def test_one_class_named_is_taken_whatever_the_folder(store: ProjectStore) -> None:
    start(store, _request("up/up_00", classes=("down",)))
    assert [x.name for x in store.project.track(sessions(store)[0].id)] == ["down"]


def test_a_class_that_is_missing_is_refused_or_added(store: ProjectStore) -> None:
    with pytest.raises(UserError, match="jump"):
        start(store, _request("up/up_00", classes=("jump",)))
    assert store.project.class_names == ["up", "down"]
    start(store, _request("up/up_00", classes=("jump",), add_classes=True))
    assert store.project.class_names == ["up", "down", "jump"]


def test_a_dry_run_says_what_would_come_and_writes_nothing(store: ProjectStore) -> None:
    before = [list(store.project.track(s.id)) for s in sessions(store)]
    outcome = wait_for_run(start(store, _request("all"), True))
    assert [(row.added, row.removed) for row in outcome.sessions] == [(1, 3)] * 3
    assert outcome.run == ""
    assert [list(store.project.track(s.id)) for s in sessions(store)] == before
