"""Taking leave of workers that have ended."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from labelloop.jobs import children


@pytest.fixture(autouse=True)
def nobody_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "_started", [])


def test_a_worker_that_has_ended_leaves_no_zombie() -> None:
    process = subprocess.Popen([sys.executable, "-S", "-c", ""])
    children.remember(process)
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # ended, and not yet taken leave of
    children.reap()
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)
    assert children._started == []


def test_a_worker_that_runs_stays_known() -> None:
    process = subprocess.Popen([sys.executable, "-S", "-c", "input()"], stdin=subprocess.PIPE)
    children.remember(process)
    children.reap()
    assert children._started == [process]
    process.communicate(b"\n", timeout=10)
    children.reap()
    assert children._started == []
