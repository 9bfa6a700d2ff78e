"""Whole projects, made and real: what was read is written back to the byte, a change stays where it is."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from labelloop.formats.improj.project_file import new_improj, parse_improj
from labelloop.formats.improj.session_file import parse_imsession
from labelloop.formats.labels.label_file import parse_labels
from labelloop.formats.paths import resolve_payload
from tests.recordings import CLASSES, SETS, write_recordings
from tests.where import SHARED, needs_shared

REAL, MADE = "real", "made"
REAL_SETS = {"train": 41, "validation": 13, "test": 14}


@pytest.fixture(scope="module", params=[MADE, pytest.param(REAL, marks=needs_shared)])
def recordings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the recordings: small ones that are always there, and the real ones."""
    if request.param == REAL:
        return SHARED
    folder: Path = tmp_path_factory.mktemp("recordings")
    write_recordings(folder)
    return folder


@pytest.fixture(scope="module")
def project(recordings: Path) -> Path:
    """The project file in Studio's form among them."""
    return next((recordings / "studio").rglob("*.improj"))


def test_every_project_file_round_trips(recordings: Path) -> None:
    files = sorted(recordings.rglob("*.improj"))
    assert files
    for file in files:
        data = file.read_bytes()
        document = parse_improj(data, str(file))
        assert document.render(document.state()) == data, file
        assert document.warnings == []
        assert parse_improj(new_improj(document.state()), "new").state() == document.state()


def test_every_session_file_round_trips(recordings: Path, project: Path) -> None:
    files = sorted(recordings.rglob("*.imsession"))
    assert files
    for file in files:
        data = file.read_bytes()
        document = parse_imsession(data, str(file))
        assert document.render() == data, file
        for track in document.tracks:
            found = resolve_payload(project.parent, file.parent, track.payload)
            assert found.inside
            assert document.without_track(track.name).tracks == tuple(
                t for t in document.tracks if t is not track
            )


def test_every_label_file_round_trips(recordings: Path) -> None:
    files = sorted(recordings.rglob("*.label"))
    assert files
    for file in files:
        data = file.read_bytes()
        document = parse_labels(data, str(file))
        assert document.render(document.labels) == data, file
        assert document.warnings == []


def test_the_studio_project_is_understood(recordings: Path, project: Path) -> None:
    document = parse_improj(project.read_bytes(), "x")
    state = document.state()
    assert {name: len(ids) for name, ids in state.members.items()} == {
        "unassigned": 0,
        **(REAL_SETS if recordings == SHARED else SETS),
    }
    assert [c.name for c in state.classes] == (["indoor"] if recordings == SHARED else list(CLASSES))
    assert document.data_folder == "Data"
    for session in state.sessions.values():
        assert session.path == f"{session.custom[state.columns[0].id]}/{session.name}"
        assert (project.parent / session.data_file).is_file()
        assert (project.parent / session.session_file).is_file()
        assert (project.parent / session.label_file).is_file()
        labels = parse_labels((project.parent / session.label_file).read_bytes(), session.path).labels
        assert sum(total.count for total in session.totals) == len(labels)


@pytest.mark.parametrize("target", ["unassigned", "validation", "test"])
def test_each_session_can_go_and_come_back(project: Path, target: str) -> None:
    data = project.read_bytes()
    document = parse_improj(data, "x")
    for session_id in document.state().members["train"][::8]:
        state = document.state()
        place = state.members["train"].index(session_id)
        state.members["train"].remove(session_id)
        state.members[target].append(session_id)
        moved = document.render(state)
        old, new = data.decode().split("\n"), moved.decode().split("\n")
        come = [
            line[1:] for line in difflib.unified_diff(old, new, n=0, lineterm="") if line.startswith("+")
        ][1:]
        allowed = 11 if target != "unassigned" else 13
        assert len(come) <= allowed
        again = parse_improj(moved, "x")
        back = again.state()
        back.members[target].remove(session_id)
        back.members["train"].insert(place, session_id)
        assert again.render(back) == data
