"""Workers: they outlive everybody, and what became of them is known without guessing."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from labelloop.errors import UserError
from labelloop.jobs.children import reap
from labelloop.jobs.launch import launch, resume
from labelloop.jobs.progress import JobStatus
from labelloop.jobs.run import RunFolder, read_json
from labelloop.jobs.status import JobFollower, status, wait

FAKE = Path(__file__).with_name("fake_worker.py")
LAUNCHER = """
import sys
from pathlib import Path
from labelloop.jobs.launch import launch
from labelloop.jobs.run import RunFolder
launch(RunFolder(Path(sys.argv[1])), argv=[sys.executable, sys.argv[2], sys.argv[1]])
print("launched")
"""


@pytest.fixture(autouse=True)
def own_slots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABELLOOP_SLOTS", str(tmp_path / "slots"))


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., RunFolder]]:
    runs: list[RunFolder] = []

    def one(**request: object) -> RunFolder:
        runs.append(RunFolder.create(tmp_path / "runs", "train", "fake", request))
        return runs[-1]

    yield one
    for run in runs:
        if run.alive and (pid := pid_of(run)):
            os.kill(pid, signal.SIGKILL)


def start(run: RunFolder) -> int:
    return launch(run, argv=[sys.executable, str(FAKE), str(run.path)])


def pid_of(run: RunFolder) -> int:
    about = read_json(run.path / "worker.json")
    return int(about["pid"]) if about else 0


def until(run: RunFolder, wanted: Callable[[JobStatus], bool], patience_s: float = 20) -> JobStatus:
    follower, end = JobFollower(run), time.monotonic() + patience_s
    while not wanted(now := follower.poll()):
        assert time.monotonic() < end, now
        time.sleep(0.02)
    return now


def test_a_job_runs_to_its_end(make: Callable[..., RunFolder]) -> None:
    run = make(epochs=3)
    seen: list[JobStatus] = []
    assert status(run).state == "queued"
    start(run)
    assert run.alive
    last = wait(run, seen.append, poll_s=0.01)
    assert (last.state, last.message, last.epoch, last.epochs) == ("done", "best: fake", 3, 3)
    assert [record.epoch for record in last.models[0].history] == [1, 2, 3]
    assert seen[0].state in ("queued", "running")
    assert seen[-1] == last
    assert run.result() == {"best": 3}
    assert run.log_tail() == ["hello from the worker"]
    assert last.started is not None
    assert last.ended is not None


def test_a_job_is_never_lost_between_launch_and_its_first_word(make: Callable[..., RunFolder]) -> None:
    run = make(epochs=2)
    launch(run, argv=[sys.executable, "-c", "import time; time.sleep(0.5)"])
    assert status(run).state == "queued"
    assert until(run, lambda s: s.state == "lost").message.startswith("worker lost")


def test_a_killed_worker_is_lost_and_resume_goes_on(make: Callable[..., RunFolder]) -> None:
    run = make(epochs=40, pause=0.05)
    start(run)
    until(run, lambda s: s.epoch >= 3)
    os.kill(pid_of(run), signal.SIGKILL)
    lost = until(run, lambda s: not s.active)
    assert lost.state == "lost"
    assert lost.message == (
        f"worker lost after epoch {lost.epoch} of 40, killed or out of memory; resume goes on from there"
    )
    resume(run, argv=[sys.executable, str(FAKE), str(run.path)])
    assert status(run).state in ("queued", "running")
    last = wait(run)
    assert last.state == "done"
    assert [record.epoch for record in last.models[0].history] == list(range(1, 41))
    with pytest.raises(UserError, match="nothing to resume"):
        resume(run)


def test_stop_keeps_the_best(make: Callable[..., RunFolder]) -> None:
    run = make(epochs=1000, pause=0.02)
    start(run)
    until(run, lambda s: s.epoch >= 2)
    run.stop()
    last = wait(run)
    assert last.state == "stopped"
    assert last.message == f"stopped after epoch {last.epoch}"
    resume(run, argv=[sys.executable, str(FAKE), str(run.path)])
    assert not run.stop_requested
    assert until(run, lambda s: s.epoch > last.epoch).state == "running"


def test_only_one_worker_at_a_time(make: Callable[..., RunFolder]) -> None:
    run = make(epochs=1000, pause=0.02)
    start(run)
    with pytest.raises(UserError, match="running already"):
        start(run)
    with pytest.raises(UserError, match="is running"):
        run.delete()


def test_a_worker_outlives_its_parent_and_holds_no_pipe(make: Callable[..., RunFolder]) -> None:
    run = make(epochs=100, pause=0.05)
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", LAUNCHER, str(run.path), str(FAKE)],
        stdin=subprocess.PIPE,
        capture_output=True,
        timeout=20,
        check=True,
    )
    assert done.stdout == b"launched\n"
    assert time.monotonic() - began < 4
    before = status(run).epoch
    assert until(run, lambda s: s.epoch >= before + 3).state == "running"


def test_a_hangup_of_the_terminal_doesnt_reach_the_worker(make: Callable[..., RunFolder]) -> None:
    run = make(epochs=100, pause=0.05)
    script = LAUNCHER + "import time; time.sleep(60)"
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(run.path), str(FAKE)], start_new_session=True
    )
    until(run, lambda s: s.epoch >= 1)
    os.killpg(parent.pid, signal.SIGHUP)
    assert parent.wait(10) == -signal.SIGHUP
    before = status(run).epoch
    assert until(run, lambda s: s.epoch >= before + 3).state == "running"
    assert os.getsid(pid_of(run)) == pid_of(run)


def test_an_error_of_the_worker_is_a_failed_job(make: Callable[..., RunFolder]) -> None:
    run = make(boom=True)
    start(run)
    last = wait(run)
    assert last.state == "failed"
    assert "ZeroDivisionError: boom" in last.message
    assert any("Traceback" in line for line in run.log_tail())


def test_a_program_that_cant_be_started_is_a_sentence(make: Callable[..., RunFolder]) -> None:
    run = make()
    with pytest.raises(UserError, match=r"t1 can.t be started: it does not exist"):
        launch(run, argv=["/does/not/exist"])
    assert status(run).state == "failed"
    assert not run.alive


def test_a_workers_own_child_doesnt_keep_the_job_alive(make: Callable[..., RunFolder]) -> None:
    run = make(epochs=1, child=True)
    start(run)
    wait(run)
    end = time.monotonic() + 5
    while run.alive:
        assert time.monotonic() < end
        time.sleep(0.02)


def test_ended_workers_dont_stay_as_zombies(make: Callable[..., RunFolder]) -> None:
    run = make(epochs=1)
    pid = start(run)
    wait(run)
    end = time.monotonic() + 5
    while Path(f"/proc/{pid}").exists():
        reap()
        assert time.monotonic() < end
        time.sleep(0.02)


def test_the_default_command_finds_the_program_from_anywhere(make: Callable[..., RunFolder]) -> None:
    run = make()
    launch(run, module="labelloop.jobs.run")
    until(run, lambda s: not s.active)
    assert not any("No module" in line for line in run.log_tail())


def test_trainings_take_turns_and_the_first_comes_first(make: Callable[..., RunFolder]) -> None:
    first, second, third = (make(slot=0.6) for _ in range(3))
    start(first)
    until(first, lambda s: s.state == "running")
    start(second)
    assert until(second, lambda s: s.message == "waiting for another training to end").state == "queued"
    start(third)
    ended = [wait(run) for run in (first, second, third)]
    assert [s.state for s in ended] == ["done"] * 3
    for before, after in itertools.pairwise(ended):
        assert before.ended is not None
        assert after.started is not None
        assert after.started >= before.ended


def test_a_waiting_job_can_be_stopped(make: Callable[..., RunFolder]) -> None:
    first, second = make(slot=20), make(slot=20)
    start(first)
    until(first, lambda s: s.state == "running")
    start(second)
    until(second, lambda s: "waiting" in s.message)
    second.stop()
    assert wait(second).state == "stopped"
