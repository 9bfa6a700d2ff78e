"""The verbs generate and revert."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelloop.storage.opening import open_project
from labelloop.storage.saving import Saver
from tests.end_to_end.support import Call, Ran
from tests.made_project import ROWS, make_project, tree


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path / "p", 4)


def good(ran: Ran) -> Ran:
    assert ran.code == 0, ran.err
    return ran


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
