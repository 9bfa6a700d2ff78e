"""Verbs for the project itself: new, add, rescan, info."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from labelloop.storage.opening import open_project
from tests.end_to_end.support import Call, Ran
from tests.made_project import ROWS, make_project, tree, write_labels, write_recording


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path / "p", 4)


def good(ran: Ran) -> Ran:
    assert ran.code == 0, ran.err
    return ran


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
