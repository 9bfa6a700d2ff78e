"""One writer a project."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from labelloop.errors import Refused
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.storage.lock import Held, ProjectLock
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
