"""The workers that this process started: whoever starts one must also take leave of it."""

from __future__ import annotations

import subprocess

_started: list[subprocess.Popen[bytes]] = []


def remember(process: subprocess.Popen[bytes]) -> None:
    """Note a worker, so that ``reap`` knows it."""
    _started.append(process)


def reap() -> None:
    """Let the system forget those that have ended; without this they'd stay as zombies."""
    _started[:] = [process for process in _started if process.poll() is None]
