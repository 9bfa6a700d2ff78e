"""A user's own keys, from ``keys.toml`` in the user's configuration folder."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from labelloop.commands.catalogue import BY_ID, COMMANDS, DEFAULT_KEYS, Keys
from labelloop.commands.command import Group
from labelloop.commands.keys import shown, valid_key
from labelloop.errors import printable

# Ids that commands had; in a user's file they keep working.
OLD_IDS = {
    "viewer.queue": "viewer.open_review",
    "viewer.review": "viewer.next_unconfirmed",
    "runs.revert": "runs.revert",
}


@dataclass(frozen=True, slots=True)
class Keymap:
    """The keys in force and what is wrong with the user's file, a sentence each."""

    keys: Keys
    problems: tuple[str, ...] = ()


_MOST_BYTES = 1 << 20


def keys_file() -> Path:
    """Where a user's own keys are looked for."""
    from platformdirs import user_config_path

    return user_config_path("labelloop", appauthor=False) / "keys.toml"


def load_keymap(file: Path | None = None) -> Keymap:
    """The default keys with the user's own over them; whatever is wrong leaves the defaults in place.

    The file holds lines such as ``"viewer.delete" = "d"`` or ``"sessions.to_train" = ["T", "ctrl+t"]``;
    an empty list takes the keys away.
    """
    file = file or keys_file()
    try:
        if file.exists() and not (file.is_file() and file.stat().st_size <= _MOST_BYTES):
            raise OSError(f"it is no plain file of at most {_MOST_BYTES:,} bytes")
        found = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return Keymap(DEFAULT_KEYS)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        return Keymap(
            DEFAULT_KEYS, (f"Your keys in {file} can't be read ({error}); the default keys are used.",)
        )
    return remapped(found, file.name)


def remapped(entries: Mapping[str, object], where: str = "keys.toml") -> Keymap:
    """The default keys changed by ``entries``: command id to key or list of keys, in tables or not."""
    keys = dict(DEFAULT_KEYS)
    problems: list[str] = []
    own: set[str] = set()
    old: list[str] = []
    for written, value in _flat(entries):
        name = OLD_IDS.get(written, written)
        old += [f"{written} is {name}"] if name != written else []
        wanted = _wanted(value)
        if name not in BY_ID:
            problems.append(f"{where}: there is no command {printable(name)}.")
        elif wanted is None:
            problems.append(f"{where}: {name} needs a key or a list of keys.")
        elif bad := [key for key in wanted if not valid_key(key)]:
            problems.append(f"{where}: {name} can't have the key {printable(bad[0])}.")
        else:
            keys[name] = wanted
            own.add(name)
    if old:
        problems.append(f"{where}: commands have other names; the old ones still work: {', '.join(old)}.")
    problems += _settle(keys, own, where)
    return Keymap(keys, tuple(problems))


def _flat(entries: Mapping[str, object], prefix: str = "") -> list[tuple[str, object]]:
    pairs: list[tuple[str, object]] = []
    for name, value in entries.items():
        if isinstance(value, dict):
            pairs += _flat(value, f"{prefix}{name}.")
        else:
            pairs.append((prefix + name, value))
    return pairs


def _wanted(value: object) -> tuple[str, ...] | None:
    if isinstance(value, str):
        return (value,) if value else ()
    if isinstance(value, list) and all(isinstance(key, str) for key in value):
        return tuple(value)
    return None


def _settle(keys: dict[str, tuple[str, ...]], own: set[str], where: str) -> list[str]:
    """Give a key that two commands of one screen want to the user's choice, or to the first; say so."""
    problems = []
    for group in Group:
        taken: dict[str, str] = {}
        members = [c.id for c in COMMANDS if c.group in (group, Group.EVERYWHERE)]
        for name in sorted(members, key=lambda n: n not in own):
            for key in keys[name]:
                if key not in taken:
                    taken[key] = name
                elif taken[key] != name:
                    keys[name] = tuple(k for k in keys[name] if k != key)
                    problems.append(
                        f"{where}: {shown(key)} is wanted by {taken[key]} and {name}; "
                        f"it runs {taken[key]}, give {name} another key."
                    )
    return list(dict.fromkeys(problems))


def clashes(keys: Keys = DEFAULT_KEYS) -> list[str]:
    """Keys that two commands of one screen share."""
    return _settle(dict(keys), set(), "keys")


CLASS_GROUPS = (Group.SESSIONS, Group.VIEWER, Group.REVIEW)  # the screens where a key acts on a class
_LIST_KEYS = {"j": "the next row of a list", "k": "the row before of a list"}


def key_clash(key: str, keys: Keys = DEFAULT_KEYS, groups: Sequence[Group] = CLASS_GROUPS) -> str:
    """What ``key`` does already where classes have keys, as ``Undo (Everywhere)``; empty when it is free.

    >>> key_clash("z"), key_clash("1"), key_clash("Y")
    ('Undo (Everywhere)', '', '')
    """
    if key in _LIST_KEYS:
        return _LIST_KEYS[key]
    members = (c for c in COMMANDS if c.group in (*groups, Group.EVERYWHERE))
    taken = (c for c in members if key in keys.get(c.id, c.keys) and not c.id.endswith(".class"))
    return next((f"{c.title} ({c.group.value})" for c in taken), "")


def free_keys(keys: Keys = DEFAULT_KEYS) -> str:
    """The letters and signs that a class may have as its key."""
    return "".join(c for c in map(chr, range(33, 127)) if not c.isdigit() and not key_clash(c, keys))
