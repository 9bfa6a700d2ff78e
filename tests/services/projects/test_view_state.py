"""Where the user was."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelloop.services.projects.view_state import ViewState, load_view, save_view


def test_it_comes_back(tmp_path: Path) -> None:
    state = ViewState("up", "set:train", places={"a": [0.0, 1.0, 0.5]}, dismissed={"a": [[1, 2, "up"]]})
    save_view(tmp_path / "x" / "view.json", state)
    assert load_view(tmp_path / "x" / "view.json") == state


@pytest.mark.parametrize("text", ["", "[]", "null", "{", '"x"'])
def test_what_can_not_be_read_is_a_fresh_one(tmp_path: Path, text: str) -> None:
    (tmp_path / "view.json").write_text(text)
    assert load_view(tmp_path / "view.json") == ViewState()


def test_a_value_of_another_kind_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "view.json").write_text('{"active_class": 3, "filter": "x", "overlay": "yes", "more": 1}')
    assert load_view(tmp_path / "view.json") == ViewState(filter="x")


def test_a_place_that_can_not_be_written_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    save_view(tmp_path / "file" / "view.json", ViewState())
