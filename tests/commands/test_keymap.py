"""A user's own keys."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from labelloop.commands.catalogue import DEFAULT_KEYS
from labelloop.commands.keymap import load_keymap, remapped


def test_no_file_means_default_keys(tmp_path: Path) -> None:
    found = load_keymap(tmp_path / "keys.toml")
    assert found.keys == DEFAULT_KEYS
    assert found.problems == ()


def test_own_keys_by_id_or_table(tmp_path: Path) -> None:
    file = tmp_path / "keys.toml"
    file.write_text('"sessions.to_train" = ["T", "ctrl+t"]\n[viewer]\ndelete = "X"\noverlay = []\n')
    found = load_keymap(file)
    assert found.problems == ()
    assert found.keys["sessions.to_train"] == ("T", "ctrl+t")
    assert found.keys["viewer.delete"] == ("X",)
    assert found.keys["viewer.overlay"] == ()


def test_a_clash_is_said_and_the_users_choice_wins() -> None:
    found = remapped({"viewer.delete": "n"})
    assert found.keys["viewer.delete"] == ("n",)
    assert found.keys["viewer.next"] == ()
    assert found.problems == (
        "keys.toml: n is wanted by viewer.delete and viewer.next; "
        "it runs viewer.delete, give viewer.next another key.",
    )


def test_a_clash_with_a_key_of_every_screen() -> None:
    found = remapped({"viewer.snap": "z"})
    assert found.keys["undo"] == ()
    assert len(found.problems) == 1


@pytest.mark.parametrize(
    ("entries", "problem"),
    [
        ({"nope": "x"}, "there is no command nope"),
        ({"a\x1b[31m": "x"}, "there is no command a␛[31m"),
        ({"undo": 5}, "undo needs a key or a list of keys"),
        ({"undo": ["hyper+x"]}, "undo can't have the key hyper+x"),
        ({"undo": "ctrl+i"}, "undo can't have the key ctrl+i"),
    ],
)
def test_wrong_entries_are_said_and_left_out(entries: dict[str, object], problem: str) -> None:
    found = remapped(entries)
    assert found.keys == DEFAULT_KEYS
    assert [problem in text for text in found.problems] == [True]


@pytest.mark.parametrize("content", [b"not = = toml", b"\xff\xfe\x00", b""])
def test_a_broken_file_leaves_the_defaults(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "keys.toml"
    file.write_bytes(content)
    found = load_keymap(file)
    assert found.keys == DEFAULT_KEYS
    assert len(found.problems) == (1 if content else 0)


def test_a_pipe_or_device_leaves_the_default_keys(tmp_path: Path) -> None:
    file = tmp_path / "keys.toml"
    os.mkfifo(file)
    found = load_keymap(file)
    assert found.keys == DEFAULT_KEYS
    assert "no plain file" in found.problems[0]
    file.unlink()
    file.symlink_to("/dev/zero")
    assert load_keymap(file).problems
