"""From a path to the running app: which project, which glyphs, which sessions."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from labelloop.cli import start
from labelloop.errors import UserError
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.rendering.glyphs import Glyphs
from labelloop.services.projects.settings import Settings, load_settings
from labelloop.storage.opening import open_project
from tests.made_project import make_project, write_recording


class _Terminal:
    """A stream that is a terminal of some encoding."""

    def __init__(self, encoding: str = "utf-8") -> None:
        self.encoding = encoding

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        pass


@pytest.fixture
def began(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What the app was begun with, in a terminal and in a home of its own."""
    calls: list[tuple[Any, ...]] = []

    def run(store: Any, *more: Any) -> int:
        calls.append((store.path, *more))
        return 0

    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(start, "_run", run)
    terminal = SimpleNamespace(stdin=_Terminal(), stderr=_Terminal(), exit=sys.exit)
    monkeypatch.setattr(start, "sys", terminal)
    monkeypatch.chdir(tmp_path)
    return calls


def test_without_a_terminal_there_is_no_app(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="The app needs a terminal; see 'labelloop --help'"):
        start.start_app(tmp_path)


def test_the_first_time_glyphs_are_asked_for_and_then_remembered(tmp_path: Path, began: list[Any]) -> None:
    file = make_project(tmp_path / "p", 1)
    start.start_app(file)
    assert began[0] == (file.resolve(), Glyphs.BRAILLE, False, "", [], True)
    start.start_app(file, glyphs="block", mouse=True)
    assert began[1] == (file.resolve(), Glyphs.BLOCK, True, "", [], False)
    start.start_app(file)
    assert began[2][1] is Glyphs.BLOCK
    assert load_settings().recent[0] == str(file.resolve())


def test_the_project_of_this_folder_comes_before_the_last_one(tmp_path: Path, began: list[Any]) -> None:
    with pytest.raises(UserError, match="No project was opened yet"):
        start.start_app(None)
    other = make_project(tmp_path / "p", 1)
    start.start_app(other)
    start.start_app(None)
    assert began[-1][0] == other.resolve()
    here = make_project(tmp_path, 1, name="Here")
    start.start_app(None)
    assert began[-1][0] == here.resolve()


def test_one_of_several_is_chosen_by_its_number(
    tmp_path: Path, began: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [make_project(tmp_path / name, 1) for name in ("a", "b")]
    for file in files:
        start.start_app(file)
    monkeypatch.setattr("click.prompt", lambda *_, **__: 2)
    start.start_app(None)
    assert began[-1][0] == files[0].resolve()


def test_a_folder_of_recordings_becomes_a_project_when_wanted(
    tmp_path: Path, began: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UserError, match="holds no project and no recordings"):
        start.start_app(tmp_path)
    write_recording(tmp_path / "data" / "s0" / "data.csv")
    monkeypatch.setattr("click.confirm", lambda *_, **__: False)
    with pytest.raises(UserError, match=r"Nothing was made\."):
        start.start_app(tmp_path / "data")
    assert not list((tmp_path / "data").glob("*.improj"))
    monkeypatch.setattr("click.confirm", lambda *_, **__: True)
    start.start_app(tmp_path / "data")
    assert began[-1][0].suffix == ".improj"


@pytest.mark.parametrize(
    ("encoding", "term", "remembered", "glyphs"),
    [
        ("utf-8", "xterm", "", Glyphs.BRAILLE),
        ("UTF8", "xterm", "block", Glyphs.BLOCK),
        ("utf-8", "linux", "", Glyphs.BLOCK),
        ("utf-8", "linux", "braille", Glyphs.BRAILLE),
        ("utf-8", "xterm", "smoke", Glyphs.BRAILLE),
        ("iso-8859-1", "xterm", "braille", Glyphs.ASCII),
    ],
)
def test_glyphs_that_the_terminal_can_show(
    encoding: str, term: str, remembered: str, glyphs: Glyphs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "sys", SimpleNamespace(stderr=_Terminal(encoding)))
    monkeypatch.setenv("TERM", term)
    assert start._glyphs(remembered) is glyphs


def test_review_opens_the_sessions_that_wait(tmp_path: Path, began: list[Any]) -> None:
    file = make_project(tmp_path / "p", 2)
    with pytest.raises(UserError, match="there is nothing to review"):
        start.start_app(file, first="review")
    store = open_project(file, "a test")
    first = next(iter(store.project.sessions()))
    label = Label.spanning(6, 7, "up", origin="run:g1", confirmed=False)
    store.editor.apply(EditLabels(first.id, "label", (), (label,)))
    assert start._session_ids(store, "review", ()) == [first.id]
    assert start._session_ids(store, "wizard", ()) == []
    assert start._session_ids(store, "wizard", ["all"]) == [s.id for s in store.project.sessions()]
    store.close()


def test_settings_of_another_version_do_no_harm(tmp_path: Path, began: list[Any]) -> None:
    assert list(Settings().recent) == []
    (tmp_path / "config" / "labelloop").mkdir(parents=True)
    (tmp_path / "config" / "labelloop" / "settings.json").write_text("[1, 2")
    start.start_app(make_project(tmp_path / "p", 1))
    assert len(began) == 1
