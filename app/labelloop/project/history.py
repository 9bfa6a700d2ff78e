"""What was done, undone and done again."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from labelloop.project.changes import Change

DO, UNDO, REDO = "do", "undo", "redo"
SKIPPED = "skipped"  # the tag of an undo that changes nothing: its entry fits no more and is passed over


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal. ``of`` is the number of the entry that an undo or redo is about.

    ``change`` is what was applied to the project: for an undo the inverse.
    """

    seq: int
    op: str
    change: Change
    title: str = ""
    tag: str = ""
    of: int = 0
    time: float = 0.0


class History:
    """What can be undone and redone, as far back as the journal goes; read from its end as far as needed.

    ``newest_first`` gives the entries so far, the last one first.
    """

    def __init__(self, newest_first: Iterable[Entry] = ()) -> None:
        self._earlier = iter(newest_first)
        self._done: deque[Entry] = deque()  # the newest of those in force, in order
        self._undone: deque[int] = deque()  # numbers of what can be done again, the next one first
        self._known: dict[int, Entry] = {}  # ... of which the entries were read
        self._settled: dict[int, bool] = {}  # numbers whose entries come further back: whether in force
        self._at_undone = True  # no edit was read yet: what was undone before it can't be done again

    def _read(self) -> bool:
        """Read one more entry back; whether there was one."""
        entry = next(self._earlier, None)
        if entry is None:
            return False
        if entry.op == DO:
            self._at_undone = False
            if self._settled.pop(entry.seq, True):
                self._done.appendleft(entry)
            elif entry.seq in self._undone:
                self._known[entry.seq] = entry
        elif entry.of not in self._settled:
            self._settled[entry.of] = entry.op == REDO
            if entry.op == UNDO and self._at_undone and entry.tag != SKIPPED:
                self._undone.append(entry.of)
        return True

    @property
    def done(self) -> list[Entry]:
        """All entries in force, oldest first."""
        while self._read():
            pass
        return list(self._done)

    @property
    def undone(self) -> list[Entry]:
        """All entries that can be done again, the next one last."""
        while self._read():
            pass
        return [self._known[number] for number in reversed(self._undone) if number in self._known]

    def record(self, entry: Entry) -> None:
        """Take one more entry in."""
        if entry.op == DO:
            self._at_undone = False
            self._undone.clear()
            self._known.clear()
            self._done.append(entry)
        elif entry.tag == SKIPPED:
            self._pass_over(entry.of)
        elif entry.op == UNDO and (last := self.last_done()) is not None and last.seq == entry.of:
            self._undone.appendleft(last.seq)
            self._known[last.seq] = self._done.pop()
        elif entry.op == REDO and (following := self.last_undone()) is not None and following.seq == entry.of:
            self._undone.popleft()
            self._done.append(self._known.pop(following.seq))

    def _pass_over(self, number: int) -> None:
        if (last := self.last_done()) is not None and last.seq == number:
            self._done.pop()
        elif (following := self.last_undone()) is not None and following.seq == number:
            self._undone.popleft()
            self._known.pop(number)

    def last_done(self) -> Entry | None:
        """What undo would undo."""
        while not self._done and self._read():
            pass
        return self._done[-1] if self._done else None

    def last_undone(self) -> Entry | None:
        """What redo would do again."""
        while self._at_undone and self._read():
            pass
        while self._undone and self._undone[0] not in self._known and self._read():
            pass
        return self._known.get(self._undone[0]) if self._undone else None

    def tagged(self, tag: str) -> list[Entry]:
        """All entries in force with this tag, oldest first."""
        return [entry for entry in self.done if entry.tag == tag]
