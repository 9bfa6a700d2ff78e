"""A history that reads the journal from its end is one that was told every entry from the beginning."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from labelloop.project.changes import Compound
from labelloop.project.history import DO, REDO, SKIPPED, UNDO, Entry, History

NOTHING = Compound(())
SKIP_UNDO, SKIP_REDO = "skip undo", "skip redo"


class Stacks:
    """Two plain lists."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.done: list[Entry] = []
        self.undone: list[Entry] = []

    def step(self, op: str) -> Entry | None:
        seq = len(self.entries) + 1
        if op == DO:
            entry = Entry(seq, DO, NOTHING, tag=f"run:{seq % 2}")
            self.done.append(entry)
            self.undone.clear()
        elif op in (SKIP_UNDO, SKIP_REDO):
            stack = self.done if op == SKIP_UNDO else self.undone
            if not stack:
                return None
            entry = Entry(seq, UNDO, NOTHING, tag=SKIPPED, of=stack.pop().seq)
        elif (stack := self.done if op == UNDO else self.undone) != []:
            moved = stack.pop()
            (self.undone if op == UNDO else self.done).append(moved)
            entry = Entry(seq, op, NOTHING, of=moved.seq)
        else:
            return None
        self.entries.append(entry)
        return entry


ops = st.lists(st.sampled_from([DO, DO, UNDO, UNDO, REDO, SKIP_UNDO, SKIP_REDO]), max_size=30)


def same(history: History, stacks: Stacks) -> bool:
    return history.last_done() == (stacks.done[-1] if stacks.done else None) and history.last_undone() == (
        stacks.undone[-1] if stacks.undone else None
    )


@given(ops, ops, st.booleans(), st.booleans())
def test_read_backwards_it_is_the_same(before: list[str], after: list[str], look: bool, all_: bool) -> None:
    stacks = Stacks()
    for op in before:
        stacks.step(op)
    history = History(stacks.entries[::-1])
    if all_:
        assert (history.done, history.undone) == (stacks.done, stacks.undone)
    for op in after:
        if look:
            assert same(history, stacks)
        if entry := stacks.step(op):
            history.record(entry)
    assert same(history, stacks)
    assert (history.undone, history.done) == (stacks.undone, stacks.done)
    assert history.tagged("run:1") == [e for e in stacks.done if e.tag == "run:1"]


def test_only_what_is_needed_is_read() -> None:
    read = []

    def newest_first() -> object:
        for seq in range(1000, 0, -1):
            read.append(seq)
            yield Entry(seq, DO, NOTHING)

    history = History(newest_first())  # type: ignore[arg-type]
    assert history.last_done() == Entry(1000, DO, NOTHING)
    assert history.last_undone() is None
    assert read == [1000]
