"""What is damaged or left over is found, and mending it keeps a copy of what was damaged."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from labelloop.services.projects.damage import Damage, damages, keep_copy, remove
from labelloop.services.projects.doctor import NOTE, OK, check_project, repair_project
from labelloop.services.sessions.assign import assign
from labelloop.storage.home import ProjectHome
from labelloop.storage.opening import open_project
from labelloop.storage.saving import Saver
from tests.end_to_end.support import state_of
from tests.made_project import make_project, tree

LONG_AGO = time.time() - 3600


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with an edit that is saved, and so with notes on its files."""
    path = make_project(tmp_path / "p", 3)
    store = open_project(path, "test")
    assign(store.editor, list(store.project.sessions()), "train")
    assert not Saver(store).save().problems
    store.close()
    return path


def home(project: Path) -> ProjectHome:
    return ProjectHome(project.parent)


def put(path: Path, data: bytes = b"{", old: bool = True) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    if old:
        os.utime(path, (LONG_AGO, LONG_AGO))
    return path


def test_a_sound_project_has_none(project: Path) -> None:
    assert list(damages(home(project))) == []
    before = tree(project.parent)
    assert [(f.state, f.text) for f in repair_project(project)] == [(OK, "there is nothing to mend")]
    assert tree(project.parent) == before


@pytest.mark.parametrize("place", ["Data/up/up_01/", "Models/", ".labelloop/runs/"])
def test_temporary_files_of_the_dead_go_and_young_ones_stay(project: Path, place: str) -> None:
    left = put(project.parent / f"{place}.labelloop-0123.tmp")
    young = put(project.parent / f"{place}.labelloop-4567.tmp", old=False)
    assert [d.path for d in damages(home(project))] == [left]
    assert any(f.state == OK and f.text.endswith("removed") for f in repair_project(project))
    assert (left.exists(), young.exists()) == (False, True)


def test_run_folders_that_were_in_the_making_go(project: Path) -> None:
    staged = home(project).runs / ".new-x"
    put(staged / "models" / "m.h5")
    os.utime(staged, (LONG_AGO, LONG_AGO))
    assert [d.path for d in damages(home(project))] == [staged]
    list(repair_project(project))
    assert not staged.exists()


@pytest.mark.parametrize("name", ["view.json", "mark.json", "state/ab/0.json"])
@pytest.mark.parametrize("data", [b"", b"[", b"[1]", b"\xff\0"])
def test_a_damaged_file_goes_and_its_copy_stays(project: Path, name: str, data: bytes) -> None:
    store = open_project(project, "test", write=False)
    before = state_of(store)
    store.close()
    path = put(home(project).home / name, data)
    assert [(d.path, d.kept) for d in damages(home(project))] == [(path, True)]
    assert any(f.state == NOTE and "--repair" in f.text for f in check_project(project))
    list(repair_project(project))
    copies = list((home(project).home / "set-aside").iterdir())
    assert [copy.read_bytes() for copy in copies] == [data]
    assert list(damages(home(project))) == []
    store = open_project(project, "test")
    assert state_of(store) == before
    store.close()


def test_results_of_a_job_and_kept_scores(project: Path) -> None:
    run = home(project).runs / "t1"
    put(run / "request.json", b'{"kind": "train"}')
    damaged = {put(run / "result.json"), put(run / "results" / "0.json")}
    scores = put(home(project).cache / "scores" / "a-b.npz")
    found = {d.path: d.kept for d in damages(home(project))}
    assert found == dict.fromkeys(damaged, True) | {scores: False}


def test_what_waits_in_the_journal_is_saved(project: Path) -> None:
    store = open_project(project, "test")
    assign(store.editor, list(store.project.sessions()), "test")
    store.close()
    assert [f.text for f in repair_project(project)] == ["1 edits that waited were put into the files"]
    store = open_project(project, "test")
    assert (store.recovered, len(store.project.in_set("test"))) == (0, 3)
    store.close()


def test_a_copy_says_where_it_lies_and_a_folder_goes_with_what_is_in_it(project: Path) -> None:
    path = put(home(project).view, b"abc")
    place = keep_copy(home(project), Damage(path, "", True))
    assert (project.parent / place).read_bytes() == b"abc"
    folder = put(project.parent / "x" / "y" / "z").parents[1]
    (folder / "link").symlink_to(path)
    remove(Damage(folder, "", False))
    assert (folder.exists(), path.exists()) == (False, True)
