"""Replacing and reading whole files."""

from __future__ import annotations

import errno
import os
import stat
import time
from pathlib import Path

import pytest

from labelloop.errors import UserError
from labelloop.storage.atomic import read_file, replace_file, sweep_temps

AS_ROOT = os.geteuid() == 0


def leftovers(folder: Path) -> list[str]:
    return [entry.name for entry in folder.iterdir() if entry.name.startswith(".labelloop-")]


def test_a_new_file_follows_the_umask(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        replace_file(tmp_path / "a", b"one")
    finally:
        os.umask(old)
    assert (tmp_path / "a").read_bytes() == b"one"
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


def test_an_existing_file_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    path.chmod(0o604)
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o604
    assert not leftovers(tmp_path)


def test_a_link_stays_and_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real, link = tmp_path / "real" / "a", tmp_path / "link"
    real.write_bytes(b"old")
    link.symlink_to(real)
    replace_file(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_a_failure_leaves_the_old_file_and_no_temp(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int
) -> None:
    path = tmp_path / "a.label"
    path.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(UserError, match=r"a\.label was not saved: the disk"):
        replace_file(path, b"new")
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert not leftovers(tmp_path)


def test_an_interrupt_leaves_no_temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        replace_file(tmp_path / "a", b"new")
    assert not list(tmp_path.iterdir())


def test_folders_pipes_and_missing_folders_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, why in [
        (tmp_path, "it is a folder"),
        (tmp_path / "pipe", "device or pipe"),
        (tmp_path / "gone" / "a", "does not exist"),
    ]:
        with pytest.raises(UserError, match=why):
            replace_file(path, b"")
        with pytest.raises(UserError, match=why):
            read_file(path, "The label file")


@pytest.mark.skipif(AS_ROOT, reason="root may do anything")
def test_no_permission(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(UserError, match="read-only"):
        replace_file(path, b"new")
    path.chmod(0)
    with pytest.raises(UserError, match="no permission"):
        read_file(path, "The label file")


def test_control_characters_in_a_name_are_shown_harmless(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        read_file(tmp_path / "a\x1b[31m", "The label file")
    assert "\x1b" not in str(caught.value)
    with pytest.raises(UserError, match="no possible file name"):
        read_file(Path("a\0b"), "The label file")


def test_a_limit_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"12345")
    assert read_file(path, "The label file", limit=5) == b"12345"
    with pytest.raises(UserError, match="it has 5 bytes, more than the 4"):
        read_file(path, "The label file", limit=4)


def test_old_temps_are_swept(tmp_path: Path) -> None:
    old, young, other = tmp_path / ".labelloop-1.tmp", tmp_path / ".labelloop-2.tmp", tmp_path / "x.tmp"
    for path in (old, young, other):
        path.touch()
    os.utime(old, (time.time() - 7200,) * 2)
    sweep_temps(tmp_path)
    assert not old.exists()
    assert young.exists()
    assert other.exists()
