"""Keys as users write them and as they are shown."""

from __future__ import annotations

import pytest

from labelloop.commands.keys import KEY_NAMES, shown, valid_key


@pytest.mark.parametrize("key", [*KEY_NAMES, "a", "Z", "?", "é", "ctrl+p", "ctrl+left", "shift+up"])
def test_keys_that_a_terminal_can_send(key: str) -> None:
    assert valid_key(key)


@pytest.mark.parametrize("key", ["", " ", "\t", "ab", "ctrl+i", "ctrl+m", "ctrl+h", "ctrl+A", "shift+a"])
def test_keys_that_a_terminal_cannot_send(key: str) -> None:
    assert not valid_key(key)


@pytest.mark.parametrize(
    ("key", "text"), [("escape", "esc"), ("ctrl+left", "ctrl+←"), ("shift+tab", "shift+tab"), ("+", "+")]
)
def test_keys_as_they_are_shown(key: str, text: str) -> None:
    assert shown(key) == text
