"""Keys: what a user writes, and how they are shown."""

from __future__ import annotations

KEY_NAMES = {
    "enter": "enter",
    "escape": "esc",
    "space": "space",
    "tab": "tab",
    "shift+tab": "shift+tab",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "page up",
    "pagedown": "page down",
    "home": "home",
    "end": "end",
    "backspace": "backspace",
    "delete": "delete",
}


def valid_key(key: str) -> bool:
    """Whether ``key`` is a printable character, a named key, or one of these with ``ctrl+`` or ``shift+``.

    >>> valid_key("T"), valid_key("ctrl+p"), valid_key("shift+left"), valid_key("ctrl+i")
    (True, True, True, False)
    """
    if key in KEY_NAMES or (len(key) == 1 and key.isprintable() and key != " "):
        return True
    modifier, _, rest = key.partition("+")
    if modifier == "ctrl":  # i, m and h are tab, enter and backspace in a terminal
        return (len(rest) == 1 and "a" <= rest <= "z" and rest not in "imh") or rest in KEY_NAMES
    return modifier == "shift" and rest in KEY_NAMES


def shown(key: str) -> str:
    """A key as the key bar and the help screen write it.

    >>> shown("escape"), shown("T"), shown("ctrl+left")
    ('esc', 'T', 'ctrl+←')
    """
    modifier, plus, rest = key.rpartition("+")
    if plus and modifier and rest in KEY_NAMES and key not in KEY_NAMES:
        return f"{modifier}+{KEY_NAMES[rest]}"
    return KEY_NAMES.get(key, key)
