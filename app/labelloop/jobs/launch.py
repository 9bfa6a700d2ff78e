"""Starting a worker that outlives the app, the terminal and the connection."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import labelloop
from labelloop.errors import UserError, os_reason
from labelloop.jobs import locks
from labelloop.jobs.children import reap, remember
from labelloop.jobs.run import RunFolder, write_json
from labelloop.jobs.status import status
from labelloop.storage.own_files import open_own

LOCK_FD = "LABELLOOP_LOCK_FD"  # the environment variable that tells a worker which descriptor holds its lock


def launch(run: RunFolder, module: str = "labelloop.learning", argv: Sequence[str] | None = None) -> int:
    """Start the run's worker, ``python -m module RUN`` by default, and return its process id.

    The run's lock is taken here and handed on as an open descriptor, so that it is held from now until the
    worker's end, whatever the worker does about it.

    Raises:
        UserError: the run has a worker already, or the system can't start one.
    """
    fd = locks.try_lock(run.lock, patience_s=2.0)
    if fd is None:
        raise UserError(f"Job {run.id} is running already.")
    try:
        (run.path / "stop").unlink(missing_ok=True)
        run.append({"type": "state", "state": "queued", "message": "starting"})
        command = list(argv) if argv is not None else [sys.executable, "-P", "-m", module, str(run.path)]
        process = _spawn(run, command, fd)
        write_json(run.path / "worker.json", _about(process.pid))
    except OSError as error:
        why = f"could not be started: {os_reason(error)}"
        with contextlib.suppress(OSError):
            run.append({"type": "state", "state": "failed", "message": why})
        raise UserError(f"Job {run.id} can't be started: {os_reason(error)}.") from error
    finally:
        os.close(fd)
    return process.pid


def resume(run: RunFolder, module: str = "labelloop.learning", argv: Sequence[str] | None = None) -> int:
    """Start a worker again on a run that was stopped or lost; it goes on from its last checkpoint.

    Raises:
        UserError: the run is running or has done all it was asked for.
    """
    if status(run).state == "done":
        raise UserError(f"Job {run.id} is done: there is nothing to resume.")
    return launch(run, module, argv)


def _spawn(run: RunFolder, command: list[str], fd: int) -> subprocess.Popen[bytes]:
    reap()
    with os.fdopen(open_own(run.path / "log.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND), "ab") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            close_fds=True,
            pass_fds=(fd,),
            cwd="/",
            env=_environment(fd),
        )
    remember(process)
    return process


def _environment(fd: int) -> dict[str, str]:
    """Ours, and what lets the worker find this very program from any folder.

    Workers run threads of their own, each with small matrices: threads of BLAS below those only wait for
    each other, many times as long as the work takes when something else runs on the machine.
    """
    home = str(Path(labelloop.__file__).resolve().parent.parent)
    paths = [home, *(os.path.abspath(p) for p in os.environ.get("PYTHONPATH", "").split(os.pathsep) if p)]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)),
        "PYTHONUNBUFFERED": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        LOCK_FD: str(fd),
    }


def _about(pid: int) -> dict[str, object]:
    return {"pid": pid, "started": time.time(), "host": socket.gethostname()}
