"""The verbs export and import."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelloop.formats.registry import as_list
from labelloop.storage.opening import open_project
from tests.end_to_end.support import Call, Ran, state_of
from tests.made_project import make_project


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path / "p", 4)


def good(ran: Ran) -> Ran:
    assert ran.code == 0, ran.err
    return ran


def labels(project: Path, track: str = "label") -> dict[str, list[tuple[object, ...]]]:
    store = open_project(project, "test", write=False)
    try:
        return {
            s.path: [
                (x.start, x.end, x.name, x.confirmed, x.origin) for x in store.project.track(s.id, track)
            ]
            for s in store.project.sessions()
            if track in store.project.label_tracks_of(s.id)
        }
    finally:
        store.close()


@pytest.mark.parametrize("name", [f.name for f in as_list()])
def test_out_and_into_another_track(call: Call, project: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    sent = good(call("export", project, "--format", name, "--output", out, "--json")).json
    assert all(Path(file).is_file() for file in sent["files"])
    got = good(call("import", project, "--format", name, out, "--track", "back", "--json")).json
    assert got["added"] == sent["labels"] > 0
    before, after = labels(project), labels(project, "back")
    assert {p: [r[2] for r in rows] for p, rows in after.items()} == {
        p: [r[2] for r in rows] for p, rows in before.items() if rows or p in after
    }
    assert all(not row[3] and str(row[4]).startswith("import:") for rows in after.values() for row in rows)


def test_an_import_of_what_is_there_adds_nothing(call: Call, project: Path, tmp_path: Path) -> None:
    good(call("export", project, "--format", "csv", "--output", tmp_path / "out"))
    before = labels(project)
    got = good(call("import", project, "--format", "csv", tmp_path / "out", "--json")).json
    assert got["added"] == 0
    assert labels(project) == before


def path_of(project: Path) -> str:
    return next(iter(labels(project)))


def test_confirmed_is_said_and_undone_a_session(call: Call, project: Path, tmp_path: Path) -> None:
    path = path_of(project)
    file = tmp_path / f"{path.rpartition('/')[2]}.txt"
    file.write_text("0.25\t0.75\tup\n")
    before = labels(project)
    dry = good(call("import", project, "--format", "audacity", file, "--dry-run", "--json")).json
    assert dry["added"] == 1
    assert labels(project) == before
    good(call("import", project, "--format", "audacity", file, "--confirmed"))
    assert (0.25, 0.75, "up", True, f"import:{file.name}") in labels(project)[path]
    assert "imported" in good(call("undo", project, "--json")).json["undone"]
    assert labels(project) == before


def test_unknown_classes_are_refused_unless_added(call: Call, project: Path, tmp_path: Path) -> None:
    path = path_of(project)
    table = tmp_path / "t.csv"
    table.write_text(f"session,start,end,class\n{path},0.25,0.5,jump\nnowhere,1,2,jump\n")
    ran = call("import", project, "--format", "csv", table)
    assert ran.code == 1
    assert "lacks 'jump'" in ran.sentence
    got = good(call("import", project, "--format", "csv", table, "--add-classes", "--json")).json
    assert got["sessions"][0]["added"] == 1
    assert got["skipped"] == [{"path": "nowhere", "reason": "the project has no such session"}]
    good(call("undo", project))
    assert "jump" not in good(call("info", project, "--json")).json["classes"]


@pytest.mark.parametrize(("existing", "left"), [("keep", 4), ("replace-class", 2), ("replace-all", 1)])
def test_existing_labels(call: Call, project: Path, tmp_path: Path, existing: str, left: int) -> None:
    path = next(p for p, rows in labels(project).items() if len(rows) == 3)
    table = tmp_path / "t.csv"
    table.write_text(f"session,start,end,class\n{path},0.25,0.5,up\n")
    good(call("import", project, "--format", "csv", table, "--existing", existing))
    assert len(labels(project)[path]) == left


def test_one_wrong_file_and_nothing_is_changed(call: Call, project: Path, tmp_path: Path) -> None:
    good(call("export", project, "--format", "audacity", "--output", tmp_path / "out"))
    files = sorted((tmp_path / "out").rglob("*.txt"))
    files[-1].write_text("1\t2\tup\nnonsense\n")
    files[0].write_text("0.1\t0.2\tup\n")
    before = labels(project)
    ran = call("import", project, "--format", "audacity", tmp_path / "out")
    assert ran.code == 1
    assert f"{files[-1]}, line 2: this is no Audacity label" in ran.sentence
    assert labels(project) == before


def test_files_that_are_there_are_not_replaced_unless_told(call: Call, project: Path, tmp_path: Path) -> None:
    words = ["export", project, "--format", "csv", "--output", tmp_path]
    good(call(*words))
    ran = call(*words)
    assert ran.code == 1
    assert "--force" in ran.sentence
    good(call(*words, "--force"))


def test_hostile_names_stay_text(call: Call, project: Path, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("session,start,end,class\n\x1b[31mx,1,2,up\n[bold]x,1,2,up\n../../x,1,2,up\n")
    ran = call("import", project, "--format", "csv", table)
    assert ran.code == 1
    assert "\x1b" not in ran.err
    assert "␛[31mx" in ran.sentence
    table.write_text(f"session,start,end,class\n{path_of(project)},1,2,\x1b[31mred\n")
    assert "control characters" in call("import", project, "--format", "csv", table, "--add-classes").sentence


def test_a_missing_file_an_odd_track_and_no_label_track(call: Call, project: Path, tmp_path: Path) -> None:
    ran = call("import", project, "--format", "csv", tmp_path / "no.csv")
    assert (ran.code, "does not exist" in ran.sentence) == (1, True)
    assert "no label track" in call("export", project, "--format", "csv", "--track", "x").sentence
    out = tmp_path / "out"
    good(call("export", project, "--format", "csv", "--output", out))
    ran = call("import", project, "--format", "csv", out, "--track", "a/b")
    assert "no name for a track" in ran.sentence


def test_a_round_trip_leaves_the_project_as_it_was(call: Call, project: Path, tmp_path: Path) -> None:
    store = open_project(project, "test", write=False)
    before = state_of(store)
    store.close()
    good(call("export", project, "--format", "json", "--output", tmp_path / "out"))
    good(call("import", project, "--format", "json", tmp_path / "out", "--existing", "replace-all"))
    for _ in range(sum(bool(rows) for rows in labels(project).values())):
        good(call("undo", project))
    store = open_project(project, "test", write=False)
    assert state_of(store) == before
    store.close()
