"""One writer a project."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import pytest

from labelloop.errors import Refused, UserError, os_reason
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.storage import lock as lock_module
from labelloop.storage.lock import (
    LEASE_S,
    NO_LOCK,
    Held,
    Holder,
    Lost,
    NoLocks,
    ProjectLock,
    lock_trouble,
    started_at,
)
from labelloop.storage.opening import open_project
from tests.end_to_end.support import environment
from tests.made_project import make_project

HOLD = """
import sys
from pathlib import Path
from labelloop.storage.lock import ProjectLock
lock = ProjectLock(Path(sys.argv[1]), "Made")
lock.acquire("the \\x1b[31mother")
print("held", flush=True)
sys.stdin.read()
"""


def holding(lock: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(lock)],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    return process


def test_a_second_writer_is_told_who_holds_it(tmp_path: Path) -> None:
    project = make_project(tmp_path, 1)
    other = holding(tmp_path / ".labelloop" / "lock")
    with pytest.raises(Held) as caught:
        open_project(project, "test")
    assert str(other.pid) in str(caught.value)
    assert "the ␛[31mother" in str(caught.value)
    store = open_project(project, "test", or_read_only=True)
    assert store.holder is not None
    assert store.holder.pid == other.pid
    assert store.read_only
    session = next(iter(store.project.sessions()))
    with pytest.raises(Refused, match="reading only"):
        store.editor.apply(EditLabels(session.id, "label", (), (Label(1, 1, "up"),)))
    assert len(store.project.track(session.id)) == 3
    store.close()
    other.send_signal(signal.SIGKILL)
    other.communicate()
    open_project(project, "test").close()


def test_the_lock_comes_free_with_release(tmp_path: Path) -> None:
    first, second = ProjectLock(tmp_path / "lock", "p"), ProjectLock(tmp_path / "lock", "p")
    first.acquire("one")
    with pytest.raises(Held, match=str(os.getpid())):
        second.acquire("two")
    first.release()
    first.release()
    second.acquire("two")
    holder = second.holder()
    assert holder is not None
    assert holder.what == "two"
    second.release()


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"pid": 1}', "\x00\x00"])
def test_a_lock_file_without_a_name_still_holds(tmp_path: Path, text: str) -> None:
    first, second = ProjectLock(tmp_path / "lock", "p"), ProjectLock(tmp_path / "lock", "p")
    first.acquire("one")
    (tmp_path / "lock").write_text(text)
    with pytest.raises(Held, match="another process"):
        second.acquire("two")
    first.release()


LIE = """
import fcntl
fcntl.flock = lambda fd, how: None
"""


@pytest.fixture
def lying(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system that grants every lock to everybody."""
    monkeypatch.setattr(fcntl, "flock", lambda fd, how: None)


def written(path: Path, **differing: object) -> None:
    path.write_text(json.dumps(asdict(Holder.me("the other")) | {"token": "other"} | differing))


def test_where_locks_lie_the_name_in_the_file_keeps_two_writers_apart(tmp_path: Path, lying: None) -> None:
    path = tmp_path / ".labelloop" / "lock"
    process = subprocess.Popen(
        [sys.executable, "-c", LIE + HOLD, str(path)],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    lock = ProjectLock(path, "p")
    with pytest.raises(Held, match=str(process.pid)):
        lock.acquire("test")
    process.kill()
    process.communicate()
    lock.acquire("test")
    lock.release()


def test_a_holder_on_another_host_counts_while_it_renews(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    written(path, host="elsewhere", boot="x")
    lock = ProjectLock(path, "p")
    with pytest.raises(Held, match="elsewhere"):
        lock.acquire("test")
    long_ago = time.time() - LEASE_S - 5
    os.utime(path, (long_ago, long_ago))
    lock.acquire("test")
    lock.release()


@pytest.mark.parametrize("differing", [{"boot": "another"}, {"started": "1"}, {"pid": 999999999}])
def test_a_holder_of_an_earlier_start_is_gone(tmp_path: Path, differing: dict[str, object]) -> None:
    path = tmp_path / "lock"
    written(path, **{"pid": os.getppid(), "started": started_at(os.getppid())} | differing)
    lock = ProjectLock(path, "p")
    lock.acquire("test")
    lock.release()


def test_a_holder_that_lives_here_has_it_whatever_the_clock_says(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    written(path, pid=os.getppid(), started=started_at(os.getppid()), since=4e9)
    os.utime(path, (1, 1))
    with pytest.raises(Held):
        ProjectLock(path, "p").acquire("test")


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_disk_without_locks_is_told_as_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def fails(fd: int, how: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", fails)
    project = make_project(tmp_path, 1)
    with pytest.raises(NoLocks, match=r"no file locks .*--no-lock"):
        open_project(project, "test")
    store = open_project(project, "test", or_read_only=True)
    assert store.read_only
    store.close()
    monkeypatch.setenv(NO_LOCK, "1")
    open_project(project, "test").close()
    assert lock_trouble(tmp_path) == os.strerror(number).lower()


def test_trouble_with_locks_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert lock_trouble(tmp_path) == ""
    monkeypatch.setattr(fcntl, "flock", lambda fd, how: None)
    assert lock_trouble(tmp_path) == "locks are granted to everybody"


@pytest.mark.parametrize("number", [errno.EROFS, errno.ENOSPC, errno.EACCES])
def test_other_troubles_are_told_as_what_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def fails(path: Path, flags: int = 0, mode: int = 0) -> int:
        raise OSError(number, os.strerror(number))

    project = make_project(tmp_path, 1)
    monkeypatch.setattr(lock_module, "open_own", fails)
    with pytest.raises(UserError) as caught:
        open_project(project, "test")
    assert os_reason(OSError(number, "")) in str(caught.value)


def test_a_lock_file_that_was_removed_is_made_again(tmp_path: Path) -> None:
    lock = ProjectLock(tmp_path / "x" / "lock", "p")
    lock.acquire("test")
    assert lock.check()
    shutil.rmtree(tmp_path / "x")
    assert not lock.check()
    assert lock.check()
    with pytest.raises(Held):
        ProjectLock(tmp_path / "x" / "lock", "p").acquire("two")
    lock.release()


def test_who_was_overtaken_writes_no_more(tmp_path: Path) -> None:
    one, two = ProjectLock(tmp_path / "lock", "p"), ProjectLock(tmp_path / "lock", "p")
    one.acquire("one")
    (tmp_path / "lock").unlink()
    two.acquire("two")
    for _ in range(2):
        with pytest.raises(Lost, match="taken over by two"):
            one.check()
    two.release()
    assert not one.check()  # the other one is done: it is ours again
    one.release()


def test_a_link_in_the_place_of_the_lock_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("data")
    (tmp_path / ".labelloop").mkdir()
    (tmp_path / ".labelloop" / "lock").symlink_to(target)
    with pytest.raises(OSError, match="symbolic link"):
        ProjectLock(tmp_path / ".labelloop" / "lock", "p").acquire("test")
    assert target.read_text() == "data"
