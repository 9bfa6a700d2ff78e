"""The verbs that open the app: whole, on the wizard, on the review queue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.support import Call
from tests.made_project import make_project


@pytest.fixture
def began(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What the app was to be started with."""
    calls: list[tuple[Any, ...]] = []
    monkeypatch.setattr("labelloop.cli.start.start_app", lambda *args, **more: calls.append((*args, more)))
    return calls


def test_a_path_alone_opens_the_app(call: Call, began: list[Any], tmp_path: Path) -> None:
    file = make_project(tmp_path / "p", 1)
    assert call(file).code == 0
    assert call("--glyphs", "ascii", "--mouse", file).code == 0
    assert began == [(file, {"glyphs": None, "mouse": False}), (file, {"glyphs": "ascii", "mouse": True})]


def test_without_a_path_the_last_project_is_opened(call: Call, began: list[Any]) -> None:
    assert call().code == 0
    assert began[0][0] is None


@pytest.mark.parametrize("verb", ["wizard", "review"])
def test_one_screen_alone_on_some_sessions(call: Call, began: list[Any], tmp_path: Path, verb: str) -> None:
    file = make_project(tmp_path / "p", 1)
    assert call(verb, file, "up/*", "down/*").code == 0
    assert (began[0][0], began[0][1]["first"], began[0][1]["words"]) == (file, verb, ("up/*", "down/*"))


def test_in_a_pipe_there_is_no_app(call: Call, tmp_path: Path) -> None:
    ran = call(make_project(tmp_path / "p", 1))
    assert ran.code == 1
    assert ran.sentence.startswith("labelloop: The app needs a terminal")
