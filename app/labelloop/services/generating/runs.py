"""Runs that generate labels: folders for what this process does itself, and the list of all of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labelloop.jobs.run import GENERATE, RunFolder, list_runs, write_json
from labelloop.jobs.status import status
from labelloop.project.changes import primitives
from labelloop.project.history import Entry
from labelloop.project.label_changes import EditLabels
from labelloop.project.session import Session
from labelloop.services.labels.history import REVERT, runs_in_force
from labelloop.storage.store import ProjectStore

CLOSED = "closed.json"  # in a run folder: all that is to be applied was applied, or the run was cancelled
Opens = Callable[
    [str, Sequence[Session]], RunFolder
]  # makes a run: what it is called, and for which sessions


def opening(
    store: ProjectStore, request: Mapping[str, Any] | None = None, into: RunFolder | None = None
) -> Opens:
    """What makes the run folder of a method without a model, when all is checked and before it writes.

    ``request`` is kept in it, so that the rest can be done when this process dies; with ``into`` a run that is
    there goes on.
    """

    def opens(name: str, sessions: Sequence[Session]) -> RunFolder:
        if into is not None:
            (into.path / CLOSED).unlink(missing_ok=True)
        rows = [{"id": s.id, "name": s.path} for s in sessions]
        body = {"version": 1, "sessions": rows, "asked": request}
        run = into or RunFolder.create(store.layout.runs, GENERATE, name, body)
        run.append({"t": time.time(), "type": "state", "state": "running"})
        return run

    return opens


def close_run(run: RunFolder, state: str = "done") -> None:
    """Note that nothing of a run is left to be applied."""
    write_json(run.path / CLOSED, {"t": time.time(), "state": state})
    run.append({"t": time.time(), "type": "state", "state": state})


@dataclass(frozen=True, slots=True)
class LabelRun:
    """A run and what of it is in the project: labels that it added there, in how many sessions."""

    id: str
    name: str
    created: float  # seconds since 1970
    state: str
    added: int
    sessions: int
    in_force: bool


def label_runs(store: ProjectStore) -> list[LabelRun]:
    """All runs that generated labels, the latest first."""
    force = runs_in_force(store.editor)
    reverted = {entry.tag for entry in store.editor.history.done if entry.tag.startswith(REVERT)}
    runs = [r for r in list_runs(store.layout.runs, GENERATE) if not r.request().get("dry")]
    return [
        _label_run(run, () if REVERT + run.id in reverted else force.get(run.id, ()))
        for run in reversed(runs)
    ]


def _label_run(run: RunFolder, entries: Sequence[Entry]) -> LabelRun:
    now = status(run)
    parts = [p for entry in entries for p in primitives(entry.change) if isinstance(p, EditLabels)]
    added, sessions = sum(len(p.added) for p in parts), len({p.session for p in parts})
    created = float(run.request().get("created") or 0.0)
    return LabelRun(run.id, now.name, created, now.state, added, sessions, bool(entries))
