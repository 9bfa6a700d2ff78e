"""Ending a job whose process does not react any more."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time

from labelloop.errors import UserError
from labelloop.jobs import locks
from labelloop.jobs.children import reap
from labelloop.jobs.progress import FINAL
from labelloop.jobs.run import RunFolder, read_json
from labelloop.jobs.status import status

GRACE_S = 60.0  # how long a worker may take to notice the stop sign: an epoch of a large model
_TERM_S = 5.0  # from asking the process to end until it is killed
_POLL_S = 0.1


def end(run: RunFolder, grace_s: float = GRACE_S, term_s: float = _TERM_S) -> bool:
    """Stop a job for certain: ask, after ``grace_s`` end its process; whether that was needed.

    What the run had saved stays: whole models, and the checkpoint from which it can be resumed.

    Raises:
        UserError: its process runs on another machine or is not ours to end.
    """
    ask(run)
    if _gone(run, grace_s):
        return False
    pid = _worker(run)
    for what, patience_s in ((signal.SIGTERM, term_s), (signal.SIGKILL, term_s)):
        _signal(run, pid, what)
        if _gone(run, patience_s):
            break
    _note(run, grace_s)
    return True


def ask(run: RunFolder) -> None:
    """Ask a job to stop after its epoch. Raises UserError when it is not running."""
    if not run.alive:
        raise UserError(f"Job {run.id} is not running: there is nothing to stop.")
    run.stop()


def _gone(run: RunFolder, patience_s: float) -> bool:
    """Whether the run's process has ended within the time."""
    until = time.monotonic() + patience_s
    while True:
        reap()
        if not run.alive:
            return True
        if time.monotonic() >= until:
            return False
        time.sleep(_POLL_S)


def _worker(run: RunFolder) -> int:
    """The worker's process id, when it is certain that the process is the worker."""
    about = read_json(run.path / "worker.json") or {}
    pid, host = about.get("pid"), about.get("host")
    if host and host != socket.gethostname():
        raise UserError(f"Job {run.id} does not react and runs on {host}: end it there.")
    if not isinstance(pid, int) or pid <= 1 or not _is_worker(run, pid):
        raise UserError(f"Job {run.id} does not react, and its process can't be told; see its log (--log).")
    return pid


def _is_worker(run: RunFolder, pid: int) -> bool:
    """Whether a process leads a session of its own and names the run in its command."""
    try:
        leads = os.getpgid(pid) == pid
        command = ["ps", "-ww", "-o", "args=", "-p", str(pid)]
        shown = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return False
    return leads and str(run.path) in shown


def _signal(run: RunFolder, pid: int, what: signal.Signals) -> None:
    """Send a signal to the worker and the processes that it started."""
    try:
        os.killpg(pid, what)
    except ProcessLookupError:
        return
    except PermissionError:
        raise UserError(f"Job {run.id} does not react and is another user's: ask them to end it.") from None


def _note(run: RunFolder, grace_s: float) -> None:
    """Say in the run's events what became of it. Raises UserError when its process lives on."""
    fd = locks.try_lock(run.lock, patience_s=1.0)
    if fd is None:
        raise UserError(f"Job {run.id} does not end even when killed: its disk or driver hangs.")
    try:
        if status(run).state in FINAL:  # it came to its end by itself after all
            return
        why = (
            f"did not react for {grace_s:g} s, so its process was ended"
            if grace_s
            else "its process was ended"
        )
        why += "; what it saved stays, and resuming goes on from there"
        run.append({"type": "state", "state": "stopped", "message": why})
    finally:
        os.close(fd)
