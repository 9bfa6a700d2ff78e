"""Run folders: numbers, events, logs, deleting."""

from __future__ import annotations

import json
import multiprocessing
import os
from pathlib import Path

import pytest

from labelloop.errors import UserError
from labelloop.jobs import locks
from labelloop.jobs.run import RunFolder, list_runs, write_json


def make(root: Path, kind: str = "train", name: str = "n") -> RunFolder:
    return RunFolder.create(root, kind, name, {"sessions": [1, 2]})


def test_ids_are_short_go_up_and_say_the_kind(tmp_path: Path) -> None:
    runs = [make(tmp_path, kind) for kind in ("train", "generate", "train")]
    assert [run.id for run in runs] == ["t1", "g2", "t3"]
    assert [run.id for run in list_runs(tmp_path)] == ["t1", "g2", "t3"]
    assert [run.id for run in list_runs(tmp_path, "train")] == ["t1", "t3"]
    assert runs[0].request()["sessions"] == [1, 2]


def test_ten_runs_are_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for _ in range(11):
        make(tmp_path)
    assert [run.number for run in list_runs(tmp_path)] == list(range(1, 12))


def test_the_number_of_a_deleted_run_is_not_given_again(tmp_path: Path) -> None:
    make(tmp_path)
    make(tmp_path).delete()
    assert make(tmp_path).id == "t3"


def test_open_names_what_there_is(tmp_path: Path) -> None:
    make(tmp_path)
    assert RunFolder.open(tmp_path, "t1").number == 1
    for bad in ("t9", "../t1", "", "t1/x", "\x1b[31m"):
        with pytest.raises(UserError, match="known jobs: t1"):
            RunFolder.open(tmp_path, bad)


def create_many(root: Path, how_many: int) -> None:
    for _ in range(how_many):
        make(root)


def test_two_creators_at_once_get_different_numbers(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    both = [context.Process(target=create_many, args=(tmp_path, 20)) for _ in range(3)]
    for process in both:
        process.start()
    for process in both:
        process.join(30)
        assert process.exitcode == 0
    assert [run.number for run in list_runs(tmp_path)] == list(range(1, 61))
    assert not list(tmp_path.glob(".new-*"))


def test_a_folder_that_cant_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="can't be made"):
        make(tmp_path / "file" / "runs")


def test_events_come_in_pieces_and_a_torn_line_waits(tmp_path: Path) -> None:
    run = make(tmp_path)
    assert run.events() == ([], 0)
    run.append({"type": "message", "text": "ä"})
    first, offset = run.events()
    assert [event["text"] for event in first] == ["ä"]
    assert first[0]["t"] > 0
    with (run.path / "events.jsonl").open("ab") as file:
        file.write(b'{"type": "message", "te')
    assert run.events(offset) == ([], offset)
    with (run.path / "events.jsonl").open("ab") as file:
        file.write(b'xt": "b"}\n')
    second, _ = run.events(offset)
    assert [event["text"] for event in second] == ["b"]


def test_a_line_torn_by_a_killed_worker_costs_only_itself(tmp_path: Path) -> None:
    run = make(tmp_path)
    (run.path / "events.jsonl").write_bytes(b'{"type": "message", "text": "a"}\n{"type": "mess')
    run.append({"type": "message", "text": "c"})
    assert [event["text"] for event in run.events()[0]] == ["a", "c"]


def test_lines_that_are_no_events_are_passed_over(tmp_path: Path) -> None:
    run = make(tmp_path)
    (run.path / "events.jsonl").write_bytes(b'[1]\nnope\n\xff\xfe\n{"t": 1}\n{"type": 3}\n{"type": "x"}\n')
    assert run.events()[0] == [{"type": "x"}]


def test_results_are_those_that_are_whole(tmp_path: Path) -> None:
    run = make(tmp_path)
    for index in (0, 10, 2):
        write_json(run.path / "results" / f"{index}.json", {"id": index})
    (run.path / "results" / "3.json").write_text('{"id":')
    (run.path / "results" / ".4.json.tmp").write_text("{}")
    assert list(run.results()) == [(i, {"id": i}) for i in (0, 2, 10)]
    assert run.result() is None


def test_the_log_is_safe_to_show(tmp_path: Path) -> None:
    run = make(tmp_path)
    assert run.log_tail() == []
    (run.path / "log.txt").write_bytes(b"one\n\x1b[31mred\n10%\r20%\n\nlast \xff\n")
    assert run.log_tail(3) == ["␛[31mred", "20%", "last �"]
    assert run.log_tail(0) == []


def test_a_held_run_cant_be_deleted(tmp_path: Path) -> None:
    run = make(tmp_path)
    fd = locks.try_lock(run.lock)
    assert fd is not None
    assert run.alive
    with pytest.raises(UserError, match="t1 is running"):
        run.delete()
    os.close(fd)
    assert not run.alive
    run.delete()
    assert list_runs(tmp_path) == []


def test_a_run_that_is_gone_is_neither_stopped_nor_deleted(tmp_path: Path) -> None:
    run = make(tmp_path)
    other = RunFolder(run.path)
    other.delete()
    with pytest.raises(UserError, match="t1 can't be asked to stop: it does not exist"):
        run.stop()
    with pytest.raises(UserError, match="t1 can't be deleted: it does not exist"):
        run.delete()


def test_a_request_that_was_broken_is_a_sentence(tmp_path: Path) -> None:
    run = make(tmp_path)
    (run.path / "request.json").write_text(json.dumps([1]))
    with pytest.raises(UserError, match="can't be read"):
        run.request()


def test_runs_that_are_links_are_not_ours(tmp_path: Path) -> None:
    other = make(tmp_path / "elsewhere")
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "t1").symlink_to(other.path)
    assert list_runs(tmp_path / "runs") == []
    with pytest.raises(UserError):
        RunFolder.open(tmp_path / "runs", "t1")


def test_what_a_killed_maker_left_goes_with_the_next_run(tmp_path: Path) -> None:
    old, young = tmp_path / ".new-old", tmp_path / ".new-young"
    for path in (old, young):
        (path / "models").mkdir(parents=True)
    os.utime(old, (1, 1))
    make(tmp_path)
    assert (old.exists(), young.exists()) == (False, True)
