"""A copy of the demo project."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from labelloop.errors import UserError
from labelloop.services.projects import demo
from labelloop.services.projects.demo import copy_demo


def test_a_copy_is_whole(tmp_path: Path) -> None:
    file = copy_demo(tmp_path / "new" / "place")
    assert file.is_file()
    assert list(file.parent.rglob("*.label"))


def test_an_empty_folder_will_do(tmp_path: Path) -> None:
    assert copy_demo(tmp_path).parent == tmp_path


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UserError, match="is not empty: name an empty"):
        copy_demo(tmp_path)
    (tmp_path / "a.improj").touch()
    with pytest.raises(UserError, match="open it with 'labelloop"):
        copy_demo(tmp_path)


def test_a_copy_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copytree", full)
    with pytest.raises(UserError, match="disk is full"):
        copy_demo(tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_each_demo_has_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platformdirs.user_data_path", lambda _: tmp_path)
    assert demo.copy_demo().parent.name == "demo-1"
    assert demo.copy_demo().parent.name == "demo-2"
