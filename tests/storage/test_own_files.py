"""Our own files are plain: what a stranger's project plants is neither read nor written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from labelloop.errors import NotPlain, UserError, os_reason
from labelloop.jobs.run import list_runs
from labelloop.services.projects.view_state import load_view
from labelloop.services.sessions.assign import assign
from labelloop.storage.atomic import replace_file
from labelloop.storage.opening import open_project
from labelloop.storage.own_files import (
    check_folders,
    check_home,
    is_own,
    make_own_folder,
    open_own,
    read_own,
    stranger,
)
from labelloop.storage.saving import Saver
from tests.made_project import make_project

FILES = ("journal.jsonl", "lock", "mark.json", "original.improj", "project.json", "view.json")
FOLDERS = ("state", "runs", "cache", "conflicts")
WRITE = os.O_RDWR | os.O_CREAT


@pytest.fixture
def home(tmp_path: Path) -> Path:
    place = tmp_path / "project" / ".labelloop"
    place.mkdir(parents=True)
    return place


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    path = tmp_path / "theirs.txt"
    path.write_text("a letter")
    return path


# One file


def test_a_plain_file_is_read(home: Path) -> None:
    (home / "a.json").write_bytes(b"{}")
    assert read_own(home / "a.json") == b"{}"


@pytest.mark.parametrize("flags", [os.O_RDONLY, WRITE, WRITE | os.O_TRUNC])
def test_a_link_is_not_followed(home: Path, theirs: Path, flags: int) -> None:
    (home / "a.json").symlink_to(theirs)
    with pytest.raises(NotPlain, match="symbolic link"):
        open_own(home / "a.json", flags)
    assert theirs.read_text() == "a letter"


def test_a_link_to_nothing_makes_nothing(home: Path, tmp_path: Path) -> None:
    (home / "a.json").symlink_to(tmp_path / "made")
    with pytest.raises(NotPlain):
        open_own(home / "a.json", WRITE)
    assert not (tmp_path / "made").exists()


def test_a_folder_that_is_a_link_is_not_entered(home: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (home / "runs").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NotPlain, match="folder of its path"):
        open_own(home / "runs" / "lock", WRITE)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_project_below_a_link_is_read(home: Path, tmp_path: Path) -> None:
    (home / "a.json").write_bytes(b"{}")
    (tmp_path / "linked").symlink_to(home.parent)
    assert read_own(tmp_path / "linked" / ".labelloop" / "a.json") == b"{}"


@pytest.mark.parametrize("flags", [os.O_RDONLY, WRITE, os.O_WRONLY | os.O_CREAT])
def test_a_pipe_is_refused_without_waiting(home: Path, flags: int) -> None:
    os.mkfifo(home / "a.json")
    with pytest.raises(NotPlain, match="device, pipe"):
        open_own(home / "a.json", flags)


def test_a_file_that_is_too_large_is_not_read(home: Path) -> None:
    with (home / "a.json").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(NotPlain, match="no file of this program"):
        read_own(home / "a.json")


def test_a_file_is_cut_only_when_it_is_plain(home: Path) -> None:
    (home / "log").write_bytes(b"old")
    os.close(open_own(home / "log", WRITE | os.O_TRUNC))
    assert (home / "log").read_bytes() == b""


def test_no_descriptor_stays_open(home: Path, theirs: Path) -> None:
    (home / "link").symlink_to(theirs)
    os.mkfifo(home / "pipe")
    before = len(os.listdir("/dev/fd"))
    for name in ("link", "pipe", "none", "deep/none"):
        with pytest.raises(OSError, match=r".+"):
            read_own(home / name)
    assert len(os.listdir("/dev/fd")) == before


def test_the_reason_is_a_users(home: Path, theirs: Path) -> None:
    (home / "a").symlink_to(theirs)
    with pytest.raises(NotPlain) as told:
        read_own(home / "a")
    assert "remove the link" in os_reason(told.value)


# Folders, and replacing


def test_a_folder_is_not_made_behind_a_link(home: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (home / "state").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NotPlain):
        make_own_folder(home / "state" / "ab")
    with pytest.raises(NotPlain):
        check_folders(home / "state")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_folders_are_made(home: Path) -> None:
    make_own_folder(home / "state" / "ab")
    assert (home / "state" / "ab").is_dir()


def test_replacing_replaces_the_link_and_not_what_it_leads_to(home: Path, theirs: Path) -> None:
    (home / "a.json").symlink_to(theirs)
    replace_file(home / "a.json", b"{}")
    assert theirs.read_text() == "a letter"
    assert (home / "a.json").read_bytes() == b"{}"
    assert not (home / "a.json").is_symlink()


def test_nothing_is_replaced_behind_a_linked_folder(home: Path, theirs: Path) -> None:
    (home / "state").symlink_to(theirs.parent)
    with pytest.raises(UserError, match="symbolic link"):
        replace_file(home / "state" / theirs.name, b"{}")
    assert theirs.read_text() == "a letter"


def test_only_what_lies_below_our_folder_is_ours(home: Path) -> None:
    assert is_own(home / "lock")
    assert not is_own(home.parent / "a.label")


# A whole project


def planted(project: Path, name: str, kind: str, target: Path) -> Path:
    place = project.parent / ".labelloop" / name
    place.parent.mkdir(exist_ok=True)
    if kind == "pipe":
        os.mkfifo(place)
    else:
        place.symlink_to(Path("/dev/zero") if kind == "zero" else target)
    return place


@pytest.mark.parametrize("write", [True, False])
@pytest.mark.parametrize("kind", ["link", "pipe", "zero"])
@pytest.mark.parametrize("name", FILES)
def test_a_project_with_a_planted_file_is_not_opened(
    tmp_path: Path, theirs: Path, name: str, kind: str, write: bool
) -> None:
    project = make_project(tmp_path, 1)
    planted(project, name, kind, theirs)
    with pytest.raises(UserError, match=rf"{name} is .*Remove it"):
        open_project(project, "a test", write=write)
    assert theirs.read_text() == "a letter"


@pytest.mark.parametrize("name", FOLDERS)
def test_a_project_with_a_planted_folder_is_not_opened(tmp_path: Path, name: str) -> None:
    project = make_project(tmp_path, 1)
    (tmp_path / "elsewhere").mkdir()
    planted(project, name, "link", tmp_path / "elsewhere")
    with pytest.raises(UserError, match=rf"{name} is a symbolic link"):
        open_project(project, "a test")


def test_our_folder_may_be_no_link(tmp_path: Path) -> None:
    project = make_project(tmp_path, 1)
    (tmp_path / "elsewhere").mkdir()
    (project.parent / ".labelloop").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UserError, match="symbolic link"):
        open_project(project, "a test")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_pipe_for_a_side_file_holds_nothing_up(tmp_path: Path) -> None:
    project = make_project(tmp_path, 1)
    store = open_project(project, "a test")
    assign(store.editor, list(store.project.sessions()), "train")
    Saver(store).save()
    store.close()
    for side in (project.parent / ".labelloop" / "state").glob("*/*.json"):
        side.unlink()
        os.mkfifo(side)
    open_project(project, "a test", write=False).close()


def test_pipes_and_links_in_run_folders_are_no_runs(home: Path, theirs: Path) -> None:
    (home / "runs" / "t1").mkdir(parents=True)
    os.mkfifo(home / "runs" / "t1" / "request.json")
    (home / "runs" / "t2").mkdir()
    (home / "runs" / "t2" / "request.json").symlink_to(theirs)
    assert list_runs(home / "runs") == []


def test_a_pipe_for_the_view_is_a_fresh_view(home: Path) -> None:
    os.mkfifo(home / "view.json")
    assert load_view(home / "view.json").cursor == ""


def test_a_home_of_plain_files_and_no_home_are_fine(home: Path) -> None:
    (home / "lock").touch()
    (home / "runs").mkdir()
    check_home(home)
    check_home(home.parent / "none")


def test_the_folder_of_another_user_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert stranger(home) == ""
    monkeypatch.setattr(os, "geteuid", lambda: home.stat().st_uid + 1)
    assert "belongs to the user" in stranger(home)
