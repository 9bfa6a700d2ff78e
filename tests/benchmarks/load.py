"""How long large projects take: many sessions, many labels, a long journal, a move of all and its undo.

    python -m tests.benchmarks.load [--sessions 60000] [--labels 1000000] [--edits 1000000]

Each figure stands beside what plain Python needs to read and write the same bytes.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from labelloop.formats.labels.label_file import EMPTY_LABELS
from labelloop.project.changes import Compound
from labelloop.project.history import DO, Entry
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.services.labels.history import undo
from labelloop.services.sessions.assign import assign
from labelloop.storage.journal_lines import entry_to_line
from labelloop.storage.opening import open_project
from labelloop.storage.saving import Saver
from labelloop.storage.store import ProjectStore
from tests.benchmarks.many_sessions import make_project


def timed(what: str, work: Callable[[], Any], beside: float | None = None) -> Any:
    """Do the work and print its seconds, and how often longer that is than ``beside``."""
    start = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - start
    ratio = f"  {seconds / beside:8.1f} x the plain bytes" if beside else ""
    print(f"{what:44} {seconds:8.3f} s{ratio}", flush=True)
    return result


def bare(path: Path) -> float:
    """Seconds to read a file's bytes and write them beside it."""
    start = time.perf_counter()
    path.with_name("bare.bytes").write_bytes(path.read_bytes())
    return time.perf_counter() - start


def many_sessions(folder: Path, count: int) -> None:
    """A project file with very many sessions."""
    file = make_project(folder / "many", count)
    beside = bare(file)
    store: ProjectStore = timed(f"open {count:,} sessions", lambda: open_project(file, "load"), beside)
    sessions = list(store.project.sessions())
    timed("assign one", lambda: assign(store.editor, sessions[:1], "test"))
    timed("save", lambda: Saver(store).save(), beside)
    timed("assign all", lambda: assign(store.editor, sessions, "validation"))
    timed("undo it", lambda: undo(store.editor))
    timed("save again", lambda: Saver(store).save(), beside)
    assign(store.editor, sessions, "validation")
    store.journal.close()  # as after a kill: nothing of it was saved
    if store.lock is not None:
        store.lock.release()
    again: ProjectStore = timed(
        "open and recover the move of all", lambda: open_project(file, "load"), beside
    )
    again.close()


def many_labels(folder: Path, count: int) -> None:
    """A track of very many labels."""
    file = make_project(folder / "labels", 1)
    track = next((folder / "labels").rglob("*.label"))
    rows = "".join(f"{n / 10:.1f},0.05,{'up' if n % 2 else 'down'},1,\n" for n in range(count))
    track.write_bytes(EMPTY_LABELS + rows.encode())
    beside = bare(track)
    store = open_project(file, "load")
    session = next(store.project.sessions())
    timed(f"read {count:,} labels", lambda: store.project.track(session.id), beside)
    label = Label(0.06, 0.01, "up")
    timed("add one label", lambda: store.editor.apply(EditLabels(session.id, "label", (), (label,))))
    timed("save", lambda: Saver(store).save(), beside)
    store.close()


def many_edits(folder: Path, count: int) -> None:
    """A journal of very many edits that are saved."""
    file = make_project(folder / "edits", 1)
    store = open_project(file, "load")
    session = next(store.project.sessions())
    label = Label(0.06, 0.01, "up")
    store.editor.apply(EditLabels(session.id, "label", (), (label,)))
    assert not Saver(store).save().problems
    journal = store.layout.journal
    store.close()
    _lengthen(journal, session.id, label, count)
    beside = bare(journal)
    again: ProjectStore = timed(f"open with {count:,} edits", lambda: open_project(file, "load"), beside)
    timed("the first undo", lambda: undo(again.editor))
    again.close()


def _lengthen(journal: Path, session: str, label: Label, count: int) -> None:
    """Make a journal of very many edits, all of them saved."""
    change = Compound((EditLabels(session, "label", (), (label,)),))
    lines = [entry_to_line(Entry(n + 1, DO, change, "labelled up", time=1.0)) for n in range(count)]
    journal.write_bytes(b"".join(lines))
    mark = {"offset": journal.stat().st_size, "seq": count}
    journal.with_name("mark.json").write_text(json.dumps(mark))


def main() -> None:
    """Run all three."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=60_000)
    parser.add_argument("--labels", type=int, default=1_000_000)
    parser.add_argument("--edits", type=int, default=1_000_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        many_sessions(Path(name), given.sessions)
        many_labels(Path(name), given.labels)
        many_edits(Path(name), given.edits)


if __name__ == "__main__":
    main()
