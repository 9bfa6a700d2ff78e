"""A run over many sessions, killed in the middle: every session whole or untouched, then on or back."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from labelloop.services.projects.create import new_project
from tests.end_to_end.support import environment, labelloop

SESSIONS = 200
WORDS = ("--method", "threshold", "--source", "x > 5", "--classes", "bump", "--add-classes")
TARGET = ("--sessions", "all", "--target", "existing:label")


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with 200 sessions of four bumps each."""
    folder = tmp_path_factory.mktemp("many") / "many"
    rows = "".join(f"{n / 10:.1f},{9 if n % 50 in range(10, 25) else 0}\n" for n in range(200))
    for k in range(SESSIONS):
        (folder / f"s{k:03d}").mkdir(parents=True)
        (folder / f"s{k:03d}" / "data.csv").write_text("Time (seconds),x\n" + rows)
    new_project(folder)
    return folder


def _copy(many: Path, to: Path) -> Path:
    return Path(shutil.copytree(many, to / "many"))


def _labels(folder: Path) -> dict[str, bytes]:
    return {p.parent.name: p.read_bytes() for p in sorted(folder.glob("s*/label.label"))}


def _generate_and_kill(project: Path) -> None:
    """Start the run and kill its process as soon as the journal holds some of its sessions."""
    journal = project / ".labelloop"
    before = _size(journal)
    command = [sys.executable, "-m", "labelloop", "generate", str(project), *WORDS, *TARGET]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=environment(), stdin=quiet, stdout=quiet, stderr=quiet)
    limit = time.monotonic() + 60
    while _size(journal) < before + 12_000 and process.poll() is None and time.monotonic() < limit:
        time.sleep(0.002)
    assert process.poll() is None, "the run ended before it could be killed"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def _size(folder: Path) -> int:
    return sum(p.stat().st_size for p in folder.glob("journal*") if p.is_file())


@pytest.fixture(scope="module")
def whole(many: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The label files after a run that nobody disturbed."""
    project = _copy(many, tmp_path_factory.mktemp("whole"))
    assert labelloop("generate", project, *WORDS, *TARGET).code == 0
    return _labels(project)


def test_it_goes_on_where_it_was_killed(many: Path, whole: dict[str, bytes], tmp_path: Path) -> None:
    project, empty = _copy(many, tmp_path), _labels(many)
    _generate_and_kill(project)
    assert labelloop("rescan", project).code == 0
    after = _labels(project)
    done = [name for name in after if after[name] == whole[name]]
    assert all(after[name] in (whole[name], empty[name]) for name in after)
    assert 0 < len(done) < SESSIONS
    assert labelloop("generate", project, *WORDS, *TARGET).code == 0
    assert _labels(project) == whole


def test_it_is_taken_back(many: Path, tmp_path: Path) -> None:
    project = _copy(many, tmp_path)
    _generate_and_kill(project)
    ran = labelloop("revert", project, "g1")
    assert ran.code == 0, ran.err
    assert _labels(project) == _labels(many)


def test_the_run_itself_is_continued(many: Path, whole: dict[str, bytes], tmp_path: Path) -> None:
    project, empty = _copy(many, tmp_path), _labels(many)
    _generate_and_kill(project)
    ran = labelloop("jobs", project, "g1", "--resume")
    assert ran.code == 0, ran.err
    assert "Run g1 is done" in ran.err
    assert _labels(project) == whole
    again = labelloop("jobs", project, "g1", "--resume")
    assert again.code == 1
    assert "nothing left to do" in again.err
    assert labelloop("revert", project, "g1").code == 0
    assert _labels(project) == empty
