"""Files of sessions that never came into the project go at the next start; what a user has goes never."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelloop.storage.home import ProjectHome
from labelloop.storage.making import Making, clear_made
from labelloop.storage.opening import open_project
from tests.made_project import make_project


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path / "p", 2)


def made(project: Path, name: str, data: bytes = b"made") -> Path:
    path = project.parent / name
    path.parent.mkdir(parents=True, exist_ok=True)
    Making(ProjectHome(project.parent)).note(path, data)
    path.write_bytes(data)
    return path


def test_what_no_session_names_is_removed(project: Path) -> None:
    path, temp = made(project, "Data/new/label.label"), project.parent / "Data/new/.labelloop-1.tmp"
    temp.write_bytes(b"half")
    open_project(project, "test", write=False).close()
    assert path.exists(), "whoever only reads removes nothing"
    open_project(project, "test").close()
    assert not path.exists()
    assert not temp.exists()
    assert not ProjectHome(project.parent).making.exists()


def test_what_a_session_names_or_a_user_changed_stays(project: Path) -> None:
    known = next(project.parent.rglob("label.label"))
    Making(ProjectHome(project.parent)).note(known, known.read_bytes())
    changed = made(project, "Data/new/label.label")
    changed.write_bytes(b"labels of a user")
    open_project(project, "test").close()
    assert known.exists()
    assert changed.read_bytes() == b"labels of a user"


def test_a_note_of_a_stranger_removes_nothing_outside(project: Path, tmp_path: Path) -> None:
    outside = tmp_path / "precious"
    outside.write_bytes(b"made")
    note = ProjectHome(project.parent).making
    made(project, "Data/new/label.label")
    text = note.read_text()
    for name in ("../precious", str(outside), "Data/link"):
        note.write_text(note.read_text() + text.replace("Data/new/label.label", name))
    (project.parent / "Data" / "link").symlink_to(outside)
    with note.open("ab") as file:
        file.write(b'{"path": 3}\n{"pa')
    store = open_project(project, "test")
    clear_made(store.layout, store.project)
    store.close()
    assert outside.read_bytes() == b"made"
    assert (project.parent / "Data" / "link").is_symlink()
    assert not (project.parent / "Data" / "new" / "label.label").exists()
