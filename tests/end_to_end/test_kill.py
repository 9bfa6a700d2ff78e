"""A labelling session that is killed at random moments loses nothing and repeats nothing."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.end_to_end.support import assert_each_once, environment, undo_everything
from tests.made_project import make_project, tree

KILLS, PARTS = 50, 5  # in parts, so that they can run beside each other


@pytest.mark.parametrize("part", range(PARTS))
def test_fifty_kills(tmp_path: Path, part: int) -> None:
    project = make_project(tmp_path / "p", 3, rows=("1,0.5,up,1,",))
    before = tree(project.parent)
    rng, known = random.Random(7 + part), set[str]()
    for turn in range(KILLS // PARTS):
        told = _killed_session(project, KILLS * part + turn, rng.uniform(0, 0.08))
        known = assert_each_once(project, told, known)
    assert len(known) > KILLS // PARTS
    undo_everything(project)
    assert tree(project.parent) == before


def _killed_session(project: Path, seed: int, after_s: float) -> list[str]:
    """Run the session, kill it some time after its first edit; what it acknowledged."""
    script = Path(__file__).with_name("kill_me.py")
    process = subprocess.Popen(
        [sys.executable, str(script), str(project), str(seed)], env=environment(), stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(after_s)
    process.send_signal(signal.SIGKILL)
    rest = process.stdout.read()
    process.wait()
    process.stdout.close()
    whole = (first + rest).decode()
    return whole[: whole.rfind("\n") + 1].split()
