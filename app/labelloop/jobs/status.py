"""What can be said of a job from outside: its events and whether its lock is held."""

from __future__ import annotations

import time
from collections.abc import Callable

from labelloop.jobs.children import reap
from labelloop.jobs.progress import FINAL, LOST, QUEUED, JobStatus, Progress
from labelloop.jobs.run import RunFolder

_CRASH = "Fatal Python error:"  # how a process tells in its log by which signal it ends
_NEVER_STARTED_S = 10.0  # between making a run and starting it lie milliseconds


class JobFollower:
    """Follows one job; each ``poll`` reads only what is new."""

    def __init__(self, run: RunFolder) -> None:
        self.run = run
        self._progress = Progress.of_request(run.id, run.request())
        self._offset = 0

    def poll(self) -> JobStatus:
        """The job's state now. Whether it lives is looked at first: whoever ends has said so before."""
        reap()
        alive = self.run.alive
        stopping = self.run.stop_requested
        events, self._offset = self.run.events(self._offset)
        for event in events:
            self._progress.take(event)
        state = self._state(alive)
        why = why_lost(self.run) if state == LOST else ""
        return self._progress.status(state, alive and stopping, time.time(), why)

    def _state(self, alive: bool) -> str:
        said = self._progress.state
        if said in FINAL:
            return said
        if alive:
            return said or QUEUED
        fresh = time.time() - self._progress.created < _NEVER_STARTED_S
        return QUEUED if not said and fresh else LOST


def why_lost(run: RunFolder) -> str:
    """Why a worker ended without a word, as far as its log has the system's reason; else nothing."""
    crash = next((x for x in reversed(run.log_tail(200)) if x.startswith(_CRASH)), "")
    reason = crash.removeprefix(_CRASH).strip()
    if reason == "Illegal instruction":
        return (
            "TensorFlow uses an instruction that this processor lacks: 'labelloop doctor' says more; "
            "resume would end the same way"
        )
    return (
        f"its process crashed ({reason}): 'labelloop doctor' says what this machine lacks" if reason else ""
    )


def status(run: RunFolder) -> JobStatus:
    """The job's state now."""
    return JobFollower(run).poll()


def wait(
    run: RunFolder, on_status: Callable[[JobStatus], None] | None = None, poll_s: float = 0.2
) -> JobStatus:
    """Follow a job to its end; ``on_status`` is told of each change."""
    follower = JobFollower(run)
    last: JobStatus | None = None
    while True:
        now = follower.poll()
        if now != last and on_status is not None:
            on_status(now)
        last = now
        if now.ended_somehow:
            return now
        time.sleep(poll_s)
