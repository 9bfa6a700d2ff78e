"""What a worker process needs of its run folder: the lock, events, the stop sign, its turn."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from labelloop.errors import UserError, printable
from labelloop.jobs import locks
from labelloop.jobs.launch import LOCK_FD
from labelloop.jobs.run import RunFolder
from labelloop.jobs.slots import Slot, slots_folder, wait_for_slot


class Worker:
    """The worker's side of a run folder."""

    def __init__(self, run: RunFolder) -> None:
        self.run = run

    def request(self) -> dict[str, Any]:
        """What is to be done."""
        return self.run.request()

    def report(self, type: str, **values: Any) -> None:
        """Append one event."""
        self.run.append({"type": type, **values})

    def state(self, state: str, message: str = "") -> None:
        """Say what state the job is in."""
        self.report("state", state=state, message=message)

    @property
    def stopped(self) -> bool:
        """Whether the user asked to stop."""
        return self.run.stop_requested

    def turn(self) -> Slot | None:
        """Wait for this machine to have room for one more training; None when asked to stop meanwhile."""
        return wait_for_slot(
            slots_folder(),
            on_wait=lambda: self.state("queued", "waiting for another training to end"),
            stopped=lambda: self.stopped,
        )

    def result(self, value: dict[str, Any]) -> None:
        """Leave the job's result."""
        self.run.write("result.json", value)

    def part(self, index: int, value: dict[str, Any]) -> None:
        """Leave one session's result, whole."""
        self.run.write(f"results/{index}.json", value)


@contextlib.contextmanager
def working_on(path: Path) -> Iterator[Worker]:
    """Hold the run for as long as the work goes on; what goes wrong ends as the state failed.

    Raises:
        UserError: another worker holds the run.
    """
    run = RunFolder(path)
    fd = _hold(run)
    worker = Worker(run)
    try:
        yield worker
    except UserError as error:
        worker.state("failed", printable(str(error)))
        raise SystemExit(error.exit_code) from error
    except ImportError as error:
        traceback.print_exc(file=sys.stderr)
        missing = printable(error.name or str(error))
        worker.state(
            "failed", f"{missing} can't be loaded here: 'labelloop doctor' says what this machine lacks"
        )
        raise SystemExit(1) from error
    except Exception as error:
        traceback.print_exc(file=sys.stderr)
        worker.state("failed", printable(f"{type(error).__name__}: {error} (a bug; the log has more)"))
        raise SystemExit(70) from error
    finally:
        os.close(fd)


def _hold(run: RunFolder) -> int:
    """The descriptor that holds the run's lock: the one handed down by the launcher, or a new one."""
    given = os.environ.pop(LOCK_FD, "")
    if given.isdecimal() and _is_lock(int(given), run.lock):
        os.set_inheritable(int(given), False)
        return int(given)
    fd = locks.try_lock(run.lock, patience_s=1.0)
    if fd is None:
        raise UserError(f"Job {run.id} has a worker already.")
    return fd


def _is_lock(fd: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(fd), path.stat())
    except OSError:
        return False


def main(work: Callable[[Worker], None]) -> None:
    """Run ``work`` for the run folder that the command line names."""
    with working_on(Path(sys.argv[1])) as worker:
        work(worker)
