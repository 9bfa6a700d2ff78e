"""Verbs for sets and for the history: assign, redistribute, undo."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.storage.opening import open_project
from labelloop.storage.saving import Saver
from tests.end_to_end.support import Call, Ran
from tests.made_project import make_project, tree, write_recording


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path / "p", 4)


def good(ran: Ran) -> Ran:
    assert ran.code == 0, ran.err
    return ran


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


def test_what_an_undo_can_no_longer_reach_is_skipped_by_name(call: Call, project: Path) -> None:
    good(call("assign", project, "train", "up/up_00"))
    store = open_project(project, "a test")
    session = next(s for s in store.project.sessions() if s.name == "up_02")
    store.editor.apply(EditLabels(session.id, "label", (), (Label(0.1, 0.2, "up"),)), "one label")
    assert not Saver(store).save().problems
    path = project.parent / session.label_file
    store.close()
    path.write_text("Time(Seconds),Length(Seconds),Label(string),Confidence(double),Comment(string)\n")
    refused = call("undo", project)
    assert refused.code == 1
    assert "'one label' can't be undone" in refused.sentence
    assert "labelloop undo --skip" in refused.sentence
    assert good(call("undo", project, "--skip", "--json")).json == {"skipped": "one label"}
    assert good(call("undo", project, "--skip", "--json")).json["undone"] == "up_00 moved to Train"
    assert call("undo", project, "--skip").sentence == "labelloop: There is nothing to undo."
