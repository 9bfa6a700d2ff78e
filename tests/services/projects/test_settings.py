"""A user's own settings."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from labelloop.services.projects import settings as service
from labelloop.services.projects.settings import Settings, load_settings, save_settings


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config" / "settings.json"
    monkeypatch.setattr(service, "settings_file", lambda: path)
    return path


def test_they_come_back() -> None:
    save_settings(Settings("block", ("/a", "/b")))
    assert load_settings() == Settings("block", ("/a", "/b"))


@pytest.mark.parametrize("text", ["", "[]", "3", '{"recent": 3}', "\udcff", "{"])
def test_what_can_not_be_read_counts_as_none(file: Path, text: str) -> None:
    file.parent.mkdir()
    file.write_text(text, errors="surrogateescape")
    assert load_settings() == Settings()


def test_the_project_that_was_opened_stands_first_once() -> None:
    settings = Settings("", ("/a", "/b")).opened(Path("/b"))
    assert settings.recent == ("/b", "/a")
    many = Settings("", tuple(f"/{n}" for n in range(30))).opened(Path("/x"))
    assert (len(many.recent), many.recent[0]) == (20, "/x")


def test_a_place_that_can_not_be_written_stops_nobody(file: Path) -> None:
    file.parent.write_text("a file where the folder should be")
    save_settings(Settings("block"))
    assert load_settings() == Settings()


def test_what_is_no_plain_file_is_passed_over(file: Path) -> None:
    file.parent.mkdir(exist_ok=True)
    os.mkfifo(file)
    assert load_settings() == Settings()
    file.unlink()
    file.symlink_to("/dev/zero")
    assert load_settings() == Settings()
