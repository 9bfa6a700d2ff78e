"""What was done, undone and done again."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.project.changes import Change

DO, UNDO, REDO = "do", "undo", "redo"


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


@dataclass
class History:
    """Two stacks, as far back as the journal goes."""

    done: list[Entry] = field(default_factory=list)
    undone: list[Entry] = field(default_factory=list)

    def record(self, entry: Entry) -> None:
        """Take one more entry in."""
        if entry.op == DO:
            self.done.append(entry)
            self.undone.clear()
        elif entry.op == UNDO and self.done and self.done[-1].seq == entry.of:
            self.undone.append(self.done.pop())
        elif entry.op == REDO and self.undone and self.undone[-1].seq == entry.of:
            self.done.append(self.undone.pop())

    def last_done(self) -> Entry | None:
        """What undo would take back."""
        return self.done[-1] if self.done else None

    def last_undone(self) -> Entry | None:
        """What redo would do again."""
        return self.undone[-1] if self.undone else None

    def tagged(self, tag: str) -> list[Entry]:
        """All entries in force with this tag, oldest first."""
        return [entry for entry in self.done if entry.tag == tag]
