"""The worker's side of a run folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from labelloop.errors import UserError
from labelloop.jobs import locks
from labelloop.jobs.launch import LOCK_FD
from labelloop.jobs.run import RunFolder
from labelloop.jobs.worker import Worker, main, working_on


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder.create(tmp_path, "train", "n", {"x": 1})


def last(run: RunFolder) -> tuple[str, str]:
    event = run.events()[0][-1]
    return event["state"], event["message"]


def test_the_run_is_held_while_the_work_goes_on(run: RunFolder) -> None:
    with working_on(run.path) as worker:
        assert run.alive
        assert worker.request()["x"] == 1
    assert not run.alive


def test_a_second_worker_is_refused(run: RunFolder) -> None:
    with (
        working_on(run.path),
        pytest.raises(UserError, match="t1 has a worker already"),
        working_on(run.path),
    ):
        pass


def test_the_lock_that_was_handed_down_is_taken(run: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    fd = locks.try_lock(run.lock)
    assert fd is not None
    os.set_inheritable(fd, True)
    monkeypatch.setenv(LOCK_FD, str(fd))
    with working_on(run.path):
        assert not os.get_inheritable(fd)
        assert LOCK_FD not in os.environ
    assert not run.alive


@pytest.mark.parametrize("given", ["", "x", "0", "99999"])
def test_what_is_not_the_runs_lock_is_not_taken_for_it(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv(LOCK_FD, given)
    with working_on(run.path):
        assert run.alive


def test_a_refusal_is_a_failed_job_in_its_own_words(run: RunFolder) -> None:
    with pytest.raises(SystemExit) as stop, working_on(run.path):
        raise UserError("No \x1b[31mlabels.")
    assert stop.value.code == UserError("").exit_code
    assert last(run) == ("failed", "No ␛[31mlabels.")


def test_a_bug_is_a_failed_job_whose_log_has_more(run: RunFolder, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop, working_on(run.path):
        raise ZeroDivisionError("boom")
    assert stop.value.code == 70
    assert last(run) == ("failed", "ZeroDivisionError: boom (a bug; the log has more)")
    assert "Traceback" in capsys.readouterr().err


def test_results_lie_in_their_places(run: RunFolder) -> None:
    worker = Worker(run)
    worker.result({"best": 1})
    worker.part(3, {"id": "s"})
    assert run.result() == {"best": 1}
    assert list(run.results()) == [(3, {"id": "s"})]


def test_a_stop_is_seen(run: RunFolder) -> None:
    worker = Worker(run)
    assert not worker.stopped
    run.stop()
    assert worker.stopped
    assert worker.turn() is None


def test_the_command_line_names_the_run(run: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["worker", str(run.path)])
    main(lambda worker: worker.state("done", "all"))
    assert last(run) == ("done", "all")


def test_a_library_that_is_missing_is_no_bug(run: RunFolder) -> None:
    with pytest.raises(SystemExit) as end, working_on(run.path):
        raise ImportError("No module named 'tensorflow'", name="tensorflow")
    assert end.value.code == 1
    state, message = last(run)
    assert state == "failed"
    assert message.startswith("tensorflow can't be loaded here: 'labelloop doctor'")
