"""Files outside a project are opened once their user said so; a project can't say it itself."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from labelloop.errors import UserError
from labelloop.formats import paths
from labelloop.formats.paths import is_allowed_outside, resolve_file
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.storage import permits
from labelloop.storage.opening import open_project
from labelloop.storage.permits import ALLOW, heed, permits_file
from labelloop.storage.saving import Saver
from tests.made_project import make_project


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(permits, "permits_file", lambda: tmp_path / "config" / "outside.json")
    monkeypatch.setattr(paths, "_open_roots", set())
    return tmp_path / "config" / "outside.json"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A project whose recordings lie beside its folder."""
    project = make_project(tmp_path / "p", 1)
    (tmp_path / "p" / "Data").rename(tmp_path / "Data")
    text = project.read_text(encoding="utf-8-sig").replace(">/Data/", ">../Data/")
    project.write_text(text, encoding="utf-8-sig")
    return project


def test_the_place_is_the_user_s_own() -> None:
    assert permits_file().name == "outside.json"


def test_it_is_refused_then_said_once_and_remembered(
    outside: Path, monkeypatch: pytest.MonkeyPatch, config: Path
) -> None:
    store = open_project(outside, "test")
    session = next(store.project.sessions())
    with pytest.raises(UserError, match="--allow-outside"):
        store.project.track(session.id)
    store.close()
    monkeypatch.setenv(ALLOW, "1")
    open_project(outside, "test").close()
    monkeypatch.delenv(ALLOW)
    monkeypatch.setattr(paths, "_open_roots", set())
    again = open_project(outside, "test")
    assert len(again.project.track(session.id)) == 3
    again.editor.apply(EditLabels(session.id, "label", (), (Label(6.5, 0.2, "up"),)))
    assert Saver(again).save().problems == []
    with pytest.raises(UserError, match="outside"):
        again.inside(session.data_file, "a file to delete", strict=True)
    again.close()
    assert "6.5" in next((outside.parent.parent / "Data").rglob("label.label")).read_text()
    assert config.exists()


def test_another_project_is_not_meant(outside: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ALLOW, "1")
    heed(outside.parent)
    monkeypatch.delenv(ALLOW)
    other = tmp_path / "q"
    other.mkdir()
    heed(other)
    assert is_allowed_outside(outside.parent)
    assert not is_allowed_outside(other)
    assert not resolve_file(other, "../Data/x.csv").inside


@pytest.mark.parametrize("data", [b"", b"{", b"{}", b"[1, null]"])
def test_a_damaged_file_permits_nothing(outside: Path, config: Path, data: bytes) -> None:
    config.parent.mkdir()
    config.write_bytes(data)
    heed(outside.parent)
    assert not is_allowed_outside(outside.parent)


def test_a_place_that_can_not_be_written_to_is_no_reason_to_stop(
    outside: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.parent.write_bytes(b"a file")
    monkeypatch.setenv(ALLOW, "1")
    heed(outside.parent)
    assert is_allowed_outside(outside.parent)
    assert os.environ[ALLOW] == "1"
