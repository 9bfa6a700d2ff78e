"""Locks: held by one, seen by all, gone with their holder."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from labelloop.jobs import locks


def taken(path: Path) -> int:
    fd = locks.try_lock(path)
    assert fd is not None
    return fd


def test_a_lock_is_held_by_one_alone(tmp_path: Path) -> None:
    fd = taken(tmp_path / "lock")
    assert locks.try_lock(tmp_path / "lock") is None
    assert locks.is_held(tmp_path / "lock")
    os.close(fd)
    assert not locks.is_held(tmp_path / "lock")
    os.close(taken(tmp_path / "lock"))


def test_patience_outlasts_one_who_holds_it_for_a_moment(tmp_path: Path) -> None:
    fd = taken(tmp_path / "lock")
    timer = threading.Timer(0.1, os.close, [fd])
    timer.start()
    second = locks.try_lock(tmp_path / "lock", patience_s=10)
    timer.join()
    assert second is not None
    os.close(second)


def test_who_got_no_lock_leaves_no_descriptor(tmp_path: Path) -> None:
    fd = taken(tmp_path / "lock")
    before = len(os.listdir("/dev/fd"))
    assert locks.try_lock(tmp_path / "lock") is None
    assert len(os.listdir("/dev/fd")) == before
    os.close(fd)


def test_lookers_dont_see_each_other(tmp_path: Path) -> None:
    assert not locks.is_held(tmp_path / "none")
    os.close(locks.open_lock(tmp_path / "lock"))
    assert not locks.is_held(tmp_path / "lock")
    assert not locks.is_held(tmp_path / "lock")


def test_looking_makes_no_file(tmp_path: Path) -> None:
    assert not locks.is_held(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_a_program_that_is_started_later_does_not_hold_the_lock(tmp_path: Path) -> None:
    fd = taken(tmp_path / "lock")
    assert not os.get_inheritable(fd)
    os.close(fd)


def test_waiting_ends_when_the_holder_lets_go(tmp_path: Path) -> None:
    fd = taken(tmp_path / "lock")
    other = locks.open_lock(tmp_path / "lock")
    timer = threading.Timer(0.1, os.close, [fd])
    began = time.monotonic()
    timer.start()
    locks.wait_for(other)
    assert time.monotonic() - began >= 0.05
    assert locks.is_held(tmp_path / "lock")
    timer.join()
    os.close(other)


def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        locks.try_lock(tmp_path / "none" / "lock")
