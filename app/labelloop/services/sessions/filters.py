"""Filtering and sorting sessions by text and by ``column:value``."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from labelloop.project.session import Session
from labelloop.project.sets import TITLES
from labelloop.services.sessions.select import counts, labelled_seconds, status_of
from labelloop.storage.store import ProjectStore

Accepts = Callable[[ProjectStore, Session, str], bool]
_RELATIONS: dict[str, Callable[[float, float], bool]] = {
    ">=": lambda found, wanted: found >= wanted,
    "<=": lambda found, wanted: found <= wanted,
    ">": lambda found, wanted: found > wanted,
    "<": lambda found, wanted: found < wanted,
}


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter as it was typed: words that must be in the name, and ``column:value`` pairs."""

    words: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()

    @staticmethod
    def parse(text: str) -> Filter:
        """Read what a user typed; quotes hold a value of several words together.

        >>> Filter.parse('set:train do ward:"room 3"')
        Filter(words=('do',), pairs=(('set', 'train'), ('ward', 'room 3')))
        """
        words, pairs = list[str](), list[tuple[str, str]]()
        for part in _parts(text.lower()):
            column, colon, value = part.partition(":")
            if colon and column:
                pairs.append((column, value))
            else:
                words.append(part)
        return Filter(tuple(words), tuple(pairs))

    def __bool__(self) -> bool:
        return bool(self.words or self.pairs)

    def accepts(self, store: ProjectStore, session: Session) -> bool:
        """Whether a session passes."""
        path = session.path.lower()
        return all(word in path for word in self.words) and all(
            _accepts(store, session, column, value) for column, value in self.pairs
        )

    def unknown(self, store: ProjectStore) -> str:
        """The first column that the project does not have; empty when it has all of them."""
        known = {*COLUMNS, *(name.lower() for name in _own_columns(store))}
        return next((column for column, _ in self.pairs if column not in known), "")


def _parts(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:  # a quote that is not closed yet
        return text.replace('"', "").replace("'", "").split()


def _own_columns(store: ProjectStore) -> list[str]:
    return [*(c.name for c in store.project.state.columns), *store.project.class_names]


def _accepts(store: ProjectStore, session: Session, column: str, value: str) -> bool:
    """A fixed column, else a custom one of that name, else the count of a class; else none."""
    if fixed := COLUMNS.get(column):
        return fixed(store, session, value)
    for own in store.project.state.columns:
        if own.name.lower() == column:
            return value in session.custom.get(own.id, "").lower()
    amounts = counts(store.project, session)
    name = next((n for n in store.project.class_names if n.lower() == column), None)
    return name is not None and _measure(amounts.get(name, 0), value)


def _measure(found: float, value: str) -> bool:
    """Compare a number with ``>5``, ``<=2``, ``5`` or a range ``2..8``; nothing asks for any above zero.

    >>> _measure(5, ">4"), _measure(5, "2..4"), _measure(5, "5"), _measure(0, ""), _measure(5, "x")
    (True, False, True, False, False)
    """
    if not value:
        return found > 0
    sign = next((s for s in _RELATIONS if value.startswith(s)), "")
    low, dots, high = value.removeprefix(sign).partition("..")
    try:
        if dots:
            return float(low or "-inf") <= found <= float(high or "inf")
        wanted = float(low)
    except ValueError:
        return False
    return _RELATIONS[sign](found, wanted) if sign else abs(found - wanted) < 0.5


def _class(store: ProjectStore, session: Session, value: str) -> bool:
    return any(
        name.lower().startswith(value) for name, count in counts(store.project, session).items() if count
    )


def _custom(store: ProjectStore, session: Session, value: str) -> bool:
    return any(value in text.lower() for text in session.custom.values())


def _share(store: ProjectStore, session: Session) -> float:
    return min(1.0, labelled_seconds(store.project, session) / session.length_s) if session.length_s else 0.0


def _said(value: str) -> bool:
    return value in ("", "yes", "y", "true", "1")


def _channels(session: Session) -> int:
    return session.shape[-1] if session.shape else 0


COLUMNS: dict[str, Accepts] = {
    "set": lambda store, s, v: TITLES.get(store.project.set_of(s.id), "").lower().startswith(v),
    "class": _class,
    "status": lambda store, s, v: status_of(store, s).startswith(v),
    "locked": lambda _, s, v: s.locked == _said(v),
    "lock": lambda _, s, v: s.locked == _said(v),
    "flag": lambda _, s, v: bool(s.flag) and v in s.flag.lower(),
    "done": lambda _, s, v: any(name.lower().startswith(v) for name in s.done),
    "category": _custom,
    "track": lambda _, s, v: v in (s.label_track.lower(), s.data_track.lower()),
    "label_track": lambda _, s, v: v in s.label_track.lower(),
    "data_track": lambda _, s, v: v in s.data_track.lower(),
    "name": lambda _, s, v: v in s.path.lower(),
    "session": lambda _, s, v: v in s.path.lower(),
    "rate": lambda _, s, v: _measure(s.rate_hz, v),
    "length": lambda _, s, v: _measure(s.length_s, v),
    "channels": lambda _, s, v: _measure(_channels(s), v),
    "ch": lambda _, s, v: _measure(_channels(s), v),
    "labels": lambda store, s, v: _measure(sum(counts(store.project, s).values()), v),
    "labelled": lambda store, s, v: _measure(100 * _share(store, s), v.rstrip("%")),
}


def shown_sessions(
    store: ProjectStore, wanted: Filter, sort: str = "", descending: bool = False
) -> list[Session]:
    """The sessions that a filter lets through, in the file's order or sorted by a column (stable)."""
    sessions: Iterable[Session] = store.project.sessions()
    found = [s for s in sessions if not wanted or wanted.accepts(store, s)]
    if sort:
        found.sort(key=sort_key(store, sort), reverse=descending)
    return found


def sort_key(store: ProjectStore, column: str) -> Callable[[Session], tuple[object, ...]]:
    """What a column sorts by; a custom column's name sorts by its text, a class's name by its count."""
    project = store.project
    keys: dict[str, Callable[[Session], object]] = {
        "name": lambda s: s.path,
        "set": lambda s: project.set_of(s.id),
        "lock": lambda s: not s.locked,
        "status": lambda s: status_of(store, s),
        "rate": lambda s: s.rate_hz,
        "length": lambda s: s.length_s,
        "channels": _channels,
        "labels": lambda s: sum(counts(project, s).values()),
        "labelled": lambda s: _share(store, s),
        "label_track": lambda s: s.label_track,
        "data_track": lambda s: s.data_track,
        "category": lambda s: " ".join(s.custom.values()),
        "flag": lambda s: s.flag,
    }
    for own in project.state.columns:
        keys.setdefault(own.name, lambda s, own=own: s.custom.get(own.id, ""))  # type: ignore[misc]
    key = keys.get(column) or (lambda s: counts(project, s).get(column, 0))
    return lambda s: (key(s), s.path)


SORT_KEYS = (
    *("name", "set", "lock", "status", "rate", "length", "channels", "labels", "labelled"),
    *("label_track", "data_track", "category", "flag"),
)
