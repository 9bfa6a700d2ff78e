"""Filtering and sorting sessions by text and by ``column:value``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.project.session import Session
from app.project.sets import TITLES
from app.services.select import counts, labelled_seconds, status_of
from app.storage.store import ProjectStore

SORT_KEYS = ("name", "set", "status", "rate", "length", "labels", "labelled", "category", "flag")


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter as it was typed: words that must be in the name, and ``column:value`` pairs."""

    words: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()

    @staticmethod
    def parse(text: str) -> Filter:
        """Read what a person typed; an unknown column counts as text.

        >>> Filter.parse("set:train do")
        Filter(words=('do',), pairs=(('set', 'train'),))
        """
        words, pairs = list[str](), list[tuple[str, str]]()
        for part in text.lower().split():
            column, colon, value = part.partition(":")
            if colon and column in COLUMNS:
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
            COLUMNS[column](store, session, value) for column, value in self.pairs
        )


def _class(store: ProjectStore, session: Session, value: str) -> bool:
    return any(
        name.lower().startswith(value) for name, count in counts(store.project, session).items() if count
    )


def _custom(store: ProjectStore, session: Session, value: str) -> bool:
    return any(value in text.lower() for text in session.custom.values())


COLUMNS: dict[str, Callable[[ProjectStore, Session, str], bool]] = {
    "set": lambda store, s, v: TITLES.get(store.project.set_of(s.id), "").lower().startswith(v),
    "class": _class,
    "status": lambda store, s, v: status_of(store, s).startswith(v),
    "locked": lambda _, s, v: s.locked == (v in ("", "yes", "true", "1")),
    "flag": lambda _, s, v: bool(s.flag) and v in s.flag.lower(),
    "done": lambda _, s, v: any(name.lower().startswith(v) for name in s.done),
    "category": _custom,
    "track": lambda _, s, v: v in (s.label_track.lower(), s.data_track.lower()),
    "name": lambda _, s, v: v in s.path.lower(),
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
    """What a column sorts by; a class's name sorts by its count."""
    project = store.project
    keys: dict[str, Callable[[Session], object]] = {
        "name": lambda s: s.path,
        "set": lambda s: project.set_of(s.id),
        "status": lambda s: status_of(store, s),
        "rate": lambda s: s.rate_hz,
        "length": lambda s: s.length_s,
        "labels": lambda s: sum(counts(project, s).values()),
        "labelled": lambda s: labelled_seconds(project, s) / s.length_s if s.length_s else 0.0,
        "category": lambda s: " ".join(s.custom.values()),
        "flag": lambda s: s.flag,
    }
    key = keys.get(column) or (lambda s: counts(project, s).get(column, 0))
    return lambda s: (key(s), s.path)
