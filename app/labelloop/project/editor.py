"""The one gate through which a project changes: check, journal, apply, tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from labelloop.errors import Refused, Stuck, UserError, printable
from labelloop.project.changes import Change, Compound, Touched
from labelloop.project.history import DO, REDO, SKIPPED, UNDO, Entry, History
from labelloop.project.project import Project
from labelloop.project.uninterrupted import uninterrupted


class Journal(Protocol):
    """Where changes are written down before they count."""

    def append(self, entry: Entry) -> None:
        """Make the entry last. Raises Refused, with the reason, and leaves no trace when it can't."""
        ...

    def history(self) -> History:
        """All entries ever written, as the stacks of what can be undone and redone."""
        ...

    @property
    def last_seq(self) -> int:
        """The number of the last entry."""
        ...


@dataclass(frozen=True, slots=True)
class Applied:
    """What the editor did: the entry, in words, and what it touched."""

    entry: Entry
    title: str
    touched: Touched


Subscriber = Callable[[Applied], None]


@dataclass
class ProjectEditor:
    """Applies changes to a project. ``dirty`` maps each unsaved document to its last change's number."""

    project: Project
    journal: Journal
    dirty: dict[str, int] = field(default_factory=dict)
    _subscribers: list[Subscriber] = field(default_factory=list)
    _history: History | None = None

    @property
    def history(self) -> History:
        """What can be undone and redone, across restarts."""
        if self._history is None:
            self._history = self.journal.history()
        return self._history

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Call ``subscriber`` after each change; the result ends that."""
        self._subscribers.append(subscriber)
        return lambda: self._subscribers.remove(subscriber)

    def apply(self, change: Change, title: str = "", tag: str = "") -> Applied:
        """Make a change last and alter the project.

        Args:
            change: what to do.
            title: how to call it; by default what the change says of itself.
            tag: who asked, e.g. ``run:7`` for the labels of one generation run.

        Raises:
            Refused: the project can't take it or it can't be journaled; nothing was altered.
        """
        with uninterrupted():
            change.check(self.project)
            words = title or change.describe(self.project)
            entry = Entry(self.journal.last_seq + 1, DO, change, words, tag)
            self._do(entry)
        return self._report(entry)

    def undo(self) -> Applied:
        """Take the last change back. Raises Refused when there is none, Stuck when it doesn't fit now."""
        target = self.history.last_done()
        if target is None:
            raise Refused("There is nothing to undo.")
        return self._reverse(target, UNDO, target.change.inverse())

    def redo(self) -> Applied:
        """Do again what was undone last. Raises Refused when there is nothing, Stuck when it doesn't fit."""
        target = self.history.last_undone()
        if target is None:
            raise Refused("There is nothing to redo.")
        return self._reverse(target, REDO, target.change)

    def skip(self, undoing: bool) -> Applied:
        """Pass over what undo (or redo) would act on, so that it gets at what lies before. Raises Refused."""
        target = self.history.last_done() if undoing else self.history.last_undone()
        if target is None:
            raise Refused("There is nothing to skip.")
        entry = Entry(self.journal.last_seq + 1, UNDO, Compound(()), target.title, SKIPPED, target.seq)
        with uninterrupted():
            self._do(entry)
        return self._report(entry)

    def _reverse(self, target: Entry, op: str, change: Change) -> Applied:
        entry = Entry(self.journal.last_seq + 1, op, change, target.title, target.tag, target.seq)
        with uninterrupted():
            try:
                change.check(self.project)
            except UserError as error:
                raise Stuck(printable(target.title), op == UNDO, str(error)) from error
            self._do(entry)
        return self._report(entry)

    def _do(self, entry: Entry) -> None:
        self.journal.append(entry)
        entry.change.apply(self.project)
        if self._history is not None:
            self._history.record(entry)
        for document in entry.change.touched().documents:
            self.dirty[document] = entry.seq

    def _report(self, entry: Entry) -> Applied:
        applied = Applied(entry, entry.title, entry.change.touched())
        for subscriber in list(self._subscribers):
            subscriber(applied)
        return applied
