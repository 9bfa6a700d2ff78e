"""The cells of the session list."""

from __future__ import annotations

from collections.abc import Sequence

from labelloop.errors import printable
from labelloop.project.project import Project
from labelloop.project.session import Session
from labelloop.project.sets import TITLES, UNASSIGNED
from labelloop.rendering.format import clock, fit, percent, rate
from labelloop.services.labels.class_signs import ClassSigns
from labelloop.services.sessions.select import BROKEN, REVIEW, counts, labelled_seconds, status_of
from labelloop.storage.store import ProjectStore
from labelloop.widgets.list_table import Cell, Column

SHORT_SETS = {"train": "Train", "validation": "Valid", "test": "Test", UNASSIGNED: "–"}
STATUS_STYLES = {BROKEN: "error", REVIEW: "warn", "done": "good"}
FIXED = (
    Column("session", "session", 15, flexible=True),
    Column("set", "set", 6),
    Column("status", "status", 10),
    Column("rate", "rate", 8, "right", rank=3),
    Column("length", "length", 8, "right", rank=2),
)
WIDE = (
    Column("labelled", "labelled", 8, "right", rank=4),
    Column("labels", "labels", 6, "right", rank=6),
    Column("label_track", "label track", 11, rank=6),
    Column("data_track", "data track", 10, rank=7),
    Column("channels", "ch", 3, "right", rank=5),
    Column("flag", "flag", 12, rank=8),
)


def columns_for(store: ProjectStore, hidden: Sequence[str], order: Sequence[str] = ()) -> list[Column]:
    """All columns: those of ``order`` first, then fixed ones, a count per class, and what has room."""
    classes = [
        Column(f"class {name}", printable(name), max(4, min(12, len(name))), "right", rank=1 if i < 3 else 5)
        for i, name in enumerate(store.project.class_names)
    ]
    custom = [Column(f"custom {c.id}", printable(c.name), 12, rank=9) for c in store.project.state.columns]
    place = {title: number for number, title in enumerate(order)}
    shown = [c for c in (*FIXED, *classes, *WIDE, *custom) if c.title not in hidden]
    return sorted(shown, key=lambda c: place.get(c.title, len(place)))


def reordered(titles: Sequence[str], title: str, before: str) -> list[str]:
    """The titles with one of them put before another, or at the end without one.

    >>> reordered(["session", "set", "rate"], "rate", "set")
    ['session', 'rate', 'set']
    """
    rest = [t for t in titles if t != title]
    at = rest.index(before) if before in rest else len(rest)
    return [*rest[:at], title, *rest[at:]]


def cells_of(store: ProjectStore, session: Session, columns: Sequence[Column]) -> list[Cell]:
    """A cell for each column."""
    project = store.project
    amounts = counts(project, session)
    state = status_of(store, session)
    share = labelled_seconds(project, session) / session.length_s if session.length_s > 0 else 0.0
    set_name = project.set_of(session.id)
    marks = ("L" if session.locked else "") + ("!" if session.flag else "")
    short = SHORT_SETS.get(set_name, TITLES.get(set_name, set_name))
    cells: dict[str, Cell] = {
        "session": (printable(session.path), "error" if session.broken else ""),
        "set": (fit(short, 6 - max(1, len(marks))) + marks, ""),
        "status": (state, STATUS_STYLES.get(state, "dim")),
        "rate": (rate(session.rate_hz) if session.rate_hz else "–", "dim"),
        "length": (clock(session.length_s, 1), ""),
        "labels": (str(sum(amounts.values())) if amounts else "–", "dim"),
        "labelled": (percent(min(1.0, share)), "dim"),
        "label_track": (printable(session.label_track), "dim"),
        "data_track": (printable(session.data_track), "dim"),
        "channels": (str(session.shape[-1]) if session.shape else "–", "dim"),
        "flag": (printable(session.flag), "warn"),
    }
    return [cells.get(c.id) or _extra(session, amounts, c.id, project) for c in columns]


def _extra(session: Session, amounts: dict[str, int], column: str, project: Project) -> Cell:
    kind, _, key = column.partition(" ")
    if kind == "class":
        count = amounts.get(key, 0)
        return (str(count), ClassSigns(project).of(key).style) if count else ("–", "dim")
    return printable(session.custom.get(key, "")), "dim"
