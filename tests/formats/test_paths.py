"""Paths in files: where they lead, and that none leads out of the project unseen."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelloop.errors import UserError
from labelloop.formats.paths import (
    clean,
    data_folder_of,
    require_inside,
    require_writable,
    resolve_file,
    resolve_payload,
    safe_file_name,
    session_paths,
    track_file_name,
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "Data/down/down_01").mkdir(parents=True)
    return folder


def test_payloads_inside_the_project(project: Path) -> None:
    session = project / "Data/down/down_01"
    cases = {
        "data.csv": session / "data.csv",
        r".\data.csv": session / "data.csv",
        r"..\..\..\Models\m\x.data": project / "Models/m/x.data",
        "/Data/up/data.csv": project / "Data/up/data.csv",
        r"\Data\up\data.csv": project / "Data/up/data.csv",
        "/etc/passwd": project / "etc/passwd",
        "a b/ü.csv": session / "a b/ü.csv",
    }
    for payload, expected in cases.items():
        found = resolve_payload(project, session, payload)
        assert (found.path, found.inside) == (expected, True)
        assert require_inside(found, "x.imsession") == expected
    assert resolve_file(project, "Data/up/data.csv").path == project / "Data/up/data.csv"


@pytest.mark.parametrize(
    "payload",
    [
        "../../../../secret.csv",
        r"..\..\..\..\secret.csv",
        "/../secret.csv",
        r"C:\Users\me\data.csv",
        "C:/data.csv",
        "/C:/data.csv",
        "c:data.csv",
        r"\\server\share\data.csv",
        "//server/share/data.csv",
        "a\x00b",
        "../../..",
    ],
)
def test_payloads_that_lead_out(project: Path, payload: str) -> None:
    found = resolve_payload(project, project / "Data/down/down_01", payload)
    assert not found.inside
    with pytest.raises(UserError, match=r"x\.imsession .*outside") as caught:
        require_inside(found, "x.imsession")
    assert str(caught.value).isprintable()


def test_links_are_followed(project: Path, tmp_path: Path) -> None:
    session = project / "Data/down/down_01"
    (tmp_path / "outside.csv").touch()
    (project / "shared").mkdir()
    os.symlink(tmp_path / "outside.csv", session / "out.csv")
    os.symlink(project / "shared", session / "in")
    os.symlink(session / "loop", session / "loop")
    assert not resolve_payload(project, session, "out.csv").inside
    assert resolve_payload(project, session, r"in\x.csv").path == project / "shared/x.csv"
    resolve_payload(project, session, "loop/x.csv")
    os.symlink(project, tmp_path / "alias")
    through = resolve_payload(tmp_path / "alias", tmp_path / "alias/Data/down/down_01", "data.csv")
    assert through.inside
    assert through.path == session / "data.csv"


def test_only_files_that_may_hold_labels_are_writable(project: Path) -> None:
    session = project / "Data/down/down_01"
    assert require_writable(resolve_payload(project, session, "label.label"), "x") == session / "label.label"
    for payload in (r"..\..\..\P.improj", "s.imsession", "/.labelloop/journal", "../../../../x.label", " "):
        with pytest.raises(UserError):
            require_writable(resolve_payload(project, session, payload), "x")


def test_paths_of_the_project_file() -> None:
    assert clean("/Data/x/data.csv") == "Data/x/data.csv"
    assert clean(r"\Data\x\data.csv") == "Data/x/data.csv"
    assert clean(r"\\server\x") == "//server/x"
    assert clean("x.csv") == "x.csv"


def test_the_data_folder() -> None:
    assert data_folder_of(["Data/a/x.csv", "Data/y.csv", ""]) == "Data"
    assert data_folder_of(["Data/a/x.csv", "other/y.csv"]) == ""
    assert data_folder_of([]) == ""


def test_how_sessions_are_called() -> None:
    rows = [
        ("down_01", "Data/down/down_01/data.csv", "Data/down/down_01/down_01.imsession"),
        ("renamed", "Data/down/down_02/data.csv", "Data/down/down_02/s.imsession"),
        ("walk", "Data/flat/walk.csv", "Data/flat/walk.imsession"),
        ("run", "Data/flat/run_data.csv", "Data/flat/run.imsession"),
        ("alone", "Data/one/alone.csv", "Data/one/alone.imsession"),
        ("root", "Data/root.csv", "Data/root.imsession"),
        ("no session file", "Data/up/u/data.csv", ""),
        ("nothing", "", ""),
    ]
    assert session_paths(rows, "Data") == [
        "down/down_01",
        "down/down_02",
        "flat/walk",
        "flat/run",
        "one/alone",
        "root",
        "up/u",
        "nothing",
    ]


def test_file_names_of_tracks() -> None:
    assert track_file_name("Live Labeling") == "Live-Labeling.label"
    assert track_file_name("label", "walk") == "walk_label.label"
    assert safe_file_name("../../etc") == "_.._etc"
    assert safe_file_name("con") == "_con"
    assert safe_file_name("COM1.x") == "_COM1.x"
    assert safe_file_name("a/b\\c:d\x1b") == "a_b_c_d_"
    assert safe_file_name("  ") == "track"


@given(st.text())
def test_a_file_name_is_one_for_every_system(name: str) -> None:
    safe = safe_file_name(name)
    assert 0 < len(safe.encode()) <= 120
    assert not set(safe) & set('\\/:*?"<>|\x00\n\r')
    assert safe not in (".", "..")
    assert Path(safe).name == safe


@given(st.text(max_size=30))
def test_nothing_leads_out_unseen(payload: str) -> None:
    root = Path("/nowhere/project")
    found = resolve_payload(root, root / "Data/x", payload)
    assert found.inside == (root in found.path.parents)
