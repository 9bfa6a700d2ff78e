"""Each verb as users and scripts use it: its --json, its exit code, its stdout and its stderr."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from labelloop.cli.main import VERBS, cli
from labelloop.storage.lock import ProjectLock
from labelloop.storage.opening import open_project
from labelloop.storage.saving import Saver
from tests.end_to_end.support import Call, Ran, environment, labelloop, state_of
from tests.made_project import ROWS, make_project, tree, write_labels, write_recording

SHOWN = [verb for verb in VERBS if verb != "open"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path / "p", 4)


def good(ran: Ran) -> Ran:
    assert ran.code == 0, ran.err
    return ran


def test_version_and_help(call: Call) -> None:
    assert call("--version").out.startswith("labelloop, version 0.1.0")
    ran = good(call("--help"))
    assert all(f"  {verb} " in ran.out or f"  {verb}\n" in ran.out for verb in SHOWN)


@pytest.mark.parametrize("verb", SHOWN)
def test_each_verb_has_help_with_an_example(call: Call, verb: str) -> None:
    ran = good(call(verb, "--help"))
    assert f"Example: labelloop {verb}" in " ".join(ran.out.split())
    assert ran.err == ""


def test_shell_completion() -> None:
    words = {"COMP_WORDS": "labelloop re", "COMP_CWORD": "1", "_LABELLOOP_COMPLETE": "bash_complete"}
    ran = good(labelloop(more=words))
    assert {line.split(",")[1] for line in ran.out.splitlines()} >= {"rescan", "redistribute", "revert"}
    source = good(labelloop(more={"_LABELLOOP_COMPLETE": "bash_source"}))
    assert "complete" in source.out


def test_wrong_usage_is_two(call: Call, project: Path) -> None:
    for words in (
        ["nonsense"],
        ["assign"],
        ["info", project, "--odd"],
        ["generate", project, "--method", "x"],
    ):
        ran = call(*words)
        assert ran.code == 2
        assert ran.out == ""
        assert len(ran.err.splitlines()) == 1


def test_a_verb_wins_over_a_folder_of_its_name(tmp_path: Path) -> None:
    make_project(tmp_path / "info", 1)
    ran = labelloop("info", cwd=tmp_path)
    assert ran.code == 2
    assert "Missing argument" in ran.err
    assert good(labelloop("info", "info", "--json", cwd=tmp_path)).json["sessions"]
    opened = labelloop("./info", cwd=tmp_path)
    assert opened.code == 1
    assert "needs a terminal" in opened.sentence


def test_new_makes_a_project_in_place(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "Walks"
    write_recording(folder / "down" / "d1" / "data.csv")
    write_labels(folder / "down" / "d1" / "label.label")
    write_labels(folder / "down" / "d1" / "second.label", ("1,1,odd,1,",))
    write_recording(folder / "up" / "u1.csv")
    write_recording(folder / "up" / "u1_x.csv")
    write_labels(folder / "up" / "u1_label.label", ())
    (folder / "up" / "bad.csv").write_text("Time,x\n0,hello\n")
    before = tree(folder)
    ran = good(call("new", folder, "--json"))
    assert ran.json == {
        "project": str(folder / "Walks.improj"),
        "sessions": 3,
        "skipped": [{"path": "up/bad", "reason": ran.json["skipped"][0]["reason"]}],
    }
    after = tree(folder)
    assert {k: v for k, v in after.items() if k in before} == before
    assert set(after) - set(before) == {
        "Walks.improj", "down/d1/d1.imsession", "up/u1.imsession", "up/u1_x.imsession", "up/u1_x_label.label",
    }  # fmt: skip
    info = good(call("info", folder, "--json")).json
    assert [s["path"] for s in info["sessions"]] == ["down/d1", "up/u1", "up/u1_x"]
    assert info["classes"] == ["up", "down", "odd"]
    store = open_project(folder, "test", write=False)
    first = next(iter(store.project.sessions()))
    assert store.project.label_tracks_of(first.id) == ["label", "second"]
    store.close()
    again = call("new", folder)
    assert (again.code, "has a project already" in again.sentence) == (1, True)


def test_info_says_what_the_contract_says(call: Call, project: Path) -> None:
    for named in (project, project.parent):
        data = good(call("info", named, "--json")).json
        assert data["project"] == str(project)
    assert data["classes"] == ["up", "down"]
    assert data["warnings"] == []
    assert list(data["sets"]) == ["train", "validation", "test", "unassigned"]
    assert data["sets"]["unassigned"] == {
        "sessions": 4, "events": 12, "labelled_s": 7.5, "length_s": pytest.approx(39.8),
    }  # fmt: skip
    assert data["sessions"][0] | {"done": [], "flag": ""} == {
        "name": "up_00", "path": "up/up_00", "set": "unassigned", "locked": False, "status": "partial",
        "message": "", "data_track": "data", "label_track": "label", "channels": 2, "rate_hz": 20.0,
        "length_s": 9.95, "labels": {"up": 2, "down": 1}, "done": [], "flag": "",
    }  # fmt: skip
    plain = good(call("info", project))
    assert "up/up_00" in plain.out
    assert plain.err == ""


def test_assign_and_undo_leave_no_trace(call: Call, project: Path) -> None:
    before = tree(project.parent)
    ran = good(call("assign", project, "train", "up/*", "down_01", "--json"))
    assert ran.json["moved"] == 3
    assert "moved to Train" in ran.err
    assert [s["set"] for s in good(call("info", project, "--json")).json["sessions"]].count("train") == 3
    assert tree(project.parent)["Made.improj"] != before["Made.improj"]
    undone = good(call("undo", project, "--json")).json
    assert undone["undone"] == "3 sessions moved to Train"
    assert tree(project.parent) == before
    empty = call("undo", project)
    assert (empty.code, empty.sentence) == (1, "labelloop: There is nothing to undo.")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["up/up_00"], 1), (["Data/up/up_00"], 1), (["up/up_00/"], 1), (["up_00"], 1), (["up/*"], 2),
        (["*_0[01]"], 2), (["all"], 4), (["unassigned"], 4), (["train"], 0), (["unlabelled"], 0),
        (["done"], 0),
        (["up/*", "up_00", "all"], 4),
    ],
)  # fmt: skip
def test_words_for_sessions(call: Call, project: Path, words: list[str], found: int) -> None:
    assert len(good(call("assign", project, "unassigned", *words, "--json")).json["sessions"]) == found


def test_an_ambiguous_name_needs_its_path(call: Call, tmp_path: Path) -> None:
    for group in ("a", "b"):
        write_recording(tmp_path / group / "same" / "data.csv")
    good(call("new", tmp_path, "--name", "Two"))
    ran = call("assign", tmp_path, "train", "same")
    assert ran.code == 1
    assert "a/same, b/same" in ran.sentence
    assert good(call("assign", tmp_path, "train", "a/same", "--json")).json["moved"] == 1


def test_locked_sessions_are_refused_by_name(call: Call, project: Path) -> None:
    text = project.read_text(encoding="utf-8-sig").replace('ownerLocked="False"', 'ownerLocked="True"', 1)
    project.write_text(text, encoding="utf-8-sig")
    ran = call("assign", project, "train", "all")
    assert ran.code == 1
    assert "up/up_00" in ran.sentence
    moved = good(call("redistribute", project, "--json", "--train", 100, "--validation", 0, "--test", 0)).json
    assert sorted(moved["moved"]) == ["down/down_01", "down/down_03", "up/up_02"]


def test_redistribute_is_repeatable_and_undone_as_one(call: Call, project: Path) -> None:
    before = tree(project.parent)
    plan = good(call("redistribute", project, "--dry-run", "--json", "--seed", 3)).json
    assert plan["dry_run"]
    assert tree(project.parent) == before
    assert good(call("redistribute", project, "--json", "--seed", 3)).json["moved"] == plan["moved"]
    good(call("undo", project))
    assert tree(project.parent) == before
    for words in (["--train", "nan"], ["--train", "-1"], ["--train", 0, "--validation", 0, "--test", 0]):
        assert call("redistribute", project, *words).code == 1


def test_add_and_rescan(call: Call, project: Path) -> None:
    folder = project.parent
    write_recording(folder / "Data" / "walk" / "w1" / "data.csv", channels=3)
    write_labels(folder / "Data" / "walk" / "w1" / "label.label", ("1,1,walk,1,",))
    (folder / "Data/up/up_00/label.label").write_text((folder / "Data/down/down_01/label.label").read_text())
    write_labels(folder / "Data/up/up_02/label.label", (*ROWS, "9,0.5,jump,1,"))
    write_recording(folder / "Data/down/down_01/data.csv", 100)
    (folder / "Data/down/down_03/data.csv").unlink()
    os.utime(folder / "Data/up/up_00/data.csv", (1, 1))
    seen = good(call("rescan", project, "--json")).json
    assert seen == {
        "changed": ["down/down_01", "up/up_02"], "missing": ["down/down_03"],
        "broken": [], "new": ["walk/w1"],
    } | {"changed": sorted(seen["changed"])}  # fmt: skip
    info = good(call("info", project, "--json")).json
    assert info["classes"] == ["up", "down", "jump"]
    assert {s["path"]: s["status"] for s in info["sessions"]}["down/down_03"] == "broken"
    assert {s["path"]: s["length_s"] for s in info["sessions"]}["down/down_01"] == pytest.approx(4.95)
    added = good(call("add", project, folder / "Data" / "walk", "--json")).json
    assert (added["sessions"], added["skipped"]) == (1, [])
    assert call("add", project, folder / "Data").code == 1
    assert call("add", project, folder.parent).code == 1
    settled = good(call("rescan", project, "--json")).json
    assert (settled["changed"], settled["new"]) == ([], [])
    good(call("undo", project))
    good(call("undo", project))
    assert good(call("info", project, "--json")).json["classes"] == ["up", "down"]


GENERATE = ["--method", "track", "--source", "label", "--sessions", "all"]


def test_generate_by_track_into_a_new_track_and_revert(call: Call, project: Path) -> None:
    before = tree(project.parent)
    words = ["generate", project, *GENERATE, "--target", "new:auto", "--offset", "0.25", "--json"]
    dry = good(call(*words, "--dry-run")).json
    assert (dry["added"], dry["run"]) == (12, "")
    assert tree(project.parent) == before
    made = good(call(*words)).json
    assert made == {
        "run": "g1",
        "sessions": [{"name": s["name"], "added": 3, "kept": 0, "removed": 0} for s in made["sessions"]],
        "added": 12,
    }
    assert (project.parent / "Data/up/up_00/auto.label").read_text().splitlines()[1] == "1.75,0.5,up,1,"
    taken = call(*words)
    assert (taken.code, "already" in taken.sentence) == (1, True)
    assert good(call("revert", project, "g1", "--json")).json == {
        "run": "g1", "sessions": 4, "removed": 12, "restored": 0, "kept": 0,
    }  # fmt: skip
    assert tree(project.parent) == before
    again = call("revert", project, "g1")
    assert (again.code, "reverted already" in again.sentence) == (1, True)
    assert good(call("undo", project, "--json")).json["undone"] == "run g1 reverted in 4 sessions"
    undone = good(call("undo", project, "--json")).json
    assert undone == {"undone": "labels of run g1 in 4 sessions", "changes": 4}
    assert tree(project.parent) == before


def test_generate_in_place_and_revert(call: Call, project: Path) -> None:
    before = tree(project.parent)
    words = ["generate", project, *GENERATE, "--target", "existing:label", "--by", "up:0.1", "--json"]
    assert good(call(*words)).json["added"] == 8
    store = open_project(project, "test")
    session = next(iter(store.project.sessions()))
    track = store.project.track(session.id)
    from dataclasses import replace

    from labelloop.project.label_changes import EditLabels

    changed = replace(track[0], name="down", source_text="")
    store.editor.apply(EditLabels(session.id, "label", (track[0],), (changed,)))
    Saver(store).save()
    store.close()
    done = good(call("revert", project, "g1", "--json")).json
    assert (done["removed"], done["restored"], done["kept"]) == (7, 7, 1)
    rows = (project.parent / "Data/up/up_00/label.label").read_text().splitlines()
    assert rows[1] == "1.5,0.6,down,1,"
    assert rows[2:] == list(ROWS[1:])
    others = {k: v for k, v in tree(project.parent).items() if "up_00" not in k and k != "Made.improj"}
    assert others.items() <= before.items()


def test_generate_whole_sessions(call: Call, project: Path) -> None:
    words = [
        "generate",
        project,
        "--method",
        "session",
        "--sessions",
        "up/*",
        "--target",
        "new:whole",
        "--json",
    ]
    assert good(call(*words)).json["added"] == 2
    info = good(call("info", project, "--json")).json
    assert info["sessions"][0]["labels"] == {"up": 2, "down": 1}
    assert (project.parent / "Data/up/up_00/whole.label").read_text().splitlines()[1] == "0,9.95,up,1,"
    assert (
        call("generate", project, "--method", "session", "--sessions", "all", "--target", "label").code == 1
    )


def test_some_sessions_fail_and_the_rest_is_done(call: Call, project: Path) -> None:
    (project.parent / "Data/up/up_00/label.label").write_bytes(b"\x00\xff\x00")
    ran = call("generate", project, *GENERATE, "--target", "new:auto", "--json")
    assert ran.code == 3
    assert ran.json["added"] == 9
    assert "up/up_00" in ran.err
    (project.parent / "Data/up/up_02/up_02.imsession").write_bytes(b"<nonsense")
    ran = call("generate", project, *GENERATE, "--target", "new:more", "--json")
    assert (ran.code, ran.json["added"]) == (3, 6)


def test_evaluate(call: Call, project: Path) -> None:
    good(call("generate", project, *GENERATE, "--target", "new:auto", "--offset", "down:0.25"))
    words = ["evaluate", project, "--truth", "label", "--predicted", "auto"]
    data = good(call(*words, "--json")).json
    assert {
        "event_f1",
        "precision",
        "recall",
        "onset_error_s",
        "offset_error_s",
        "frame_f1",
        "per_class",
    } <= set(data)
    assert data["event_f1"] == 1
    assert data["onset_error_s"] == pytest.approx(0.25 / 3)
    assert good(call(*words, "up_00", "--iou", "0.9", "--json")).json["per_class"]["down"]["event_f1"] == 0
    assert "event F1 1.000" in good(call(*words)).out
    for more in (["--iou", "0"], ["--iou", "nan"], ["--predicted", "none"], ["nobody"]):
        assert call(*words, *more).code == 1


def test_jobs_and_models_of_a_fresh_project(call: Call, project: Path) -> None:
    assert good(call("jobs", project, "--json")).json == {"jobs": []}
    assert good(call("models", project, "--json")).json == {"models": []}
    for words in (["jobs", project, "t9"], ["jobs", project, "last"], ["download", project, "best", "x.h5"]):
        assert call(*words).code == 1
    assert call("jobs", project, "--stop").code == 2


def test_doctor(call: Call, project: Path) -> None:
    assert all(
        {"state", "what", "text"} == set(f) for f in good(call("doctor", project, "--json")).json["findings"]
    )
    (project.parent / "Data/up/up_00/data.csv").unlink()
    ran = call("doctor", project)
    assert ran.code == 1
    assert "up/up_00" in ran.out


def test_demo(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = call("demo", tmp_path / "d", "--no-open", "--json")
    if ran.code:
        pytest.skip("the demo is not made yet")
    assert Path(ran.json["project"]).is_file()
    assert good(call("info", tmp_path / "d", "--json")).json["sessions"]
    again = call("demo", tmp_path / "d", "--no-open")
    assert (again.code, "not empty" in again.sentence) == (1, True)


@pytest.mark.parametrize(
    "words", [["assign", "train", "all"], ["undo"], ["redistribute"], ["rescan"], ["revert", "g1"]]
)
def test_a_held_project_is_left_alone(call: Call, project: Path, words: list[str]) -> None:
    lock = ProjectLock(project.parent / ".labelloop" / "lock", "Made")
    lock.acquire("the labelloop app")
    before = tree(project.parent)
    ran = call(words[0], project, *words[1:])
    assert ran.code == 1
    assert "the labelloop app" in ran.sentence
    assert str(os.getpid()) in ran.sentence
    assert tree(project.parent) == before
    assert call("info", project).code == 0
    lock.release()


def test_data_goes_to_stdout_and_words_to_stderr(project: Path) -> None:
    ran = good(labelloop("assign", project, "train", "all", "--json"))
    assert len(ran.out.splitlines()) == 1
    json.loads(ran.out)
    assert "\x1b" not in ran.out + ran.err


def test_a_reader_that_stops_is_no_error(project: Path) -> None:
    command = f"{sys.executable} -m labelloop info {project} | head -c 1"
    done = subprocess.run(command, shell=True, env=environment(), capture_output=True, check=False)
    assert done.stderr == b""


def test_a_reopened_project_is_as_it_was(call: Call, project: Path, tmp_path: Path) -> None:
    good(call("assign", project, "test", "up_00"))
    copied = shutil.copytree(project.parent, tmp_path / "copy")
    one, other = open_project(project, "test", write=False), open_project(copied, "test", write=False)
    assert state_of(one) == state_of(other)
    one.close()
    other.close()


def test_clicks_own_runner_sees_the_same(project: Path) -> None:
    result = CliRunner().invoke(cli, ["info", str(project), "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout.splitlines()[-1])["project"] == str(project)
