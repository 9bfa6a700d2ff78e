"""Runs that generate labels: folders for what this process does itself, and the list of all of them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from app.errors import UserError
from app.jobs.launch import launch
from app.jobs.run import GENERATE, RunFolder, list_runs, write_json
from app.jobs.status import status
from app.project.changes import primitives
from app.project.history import Entry
from app.project.label_changes import EditLabels
from app.services.generate_model import CLOSED, takes_back
from app.services.history import REVERT, runs_in_force
from app.storage.store import ProjectStore


def open_run(store: ProjectStore, name: str, words: tuple[str, ...]) -> RunFolder:
    """A run that is about to write labels. Raises UserError when its folder can't be made."""
    body = {"version": 1, "sessions": [], "words": list(words)}
    run = RunFolder.create(store.layout.runs, "generate", name, body)
    run.append({"t": time.time(), "type": "state", "state": "running"})
    return run


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
    taken_back = {entry.tag for entry in store.editor.history.done if entry.tag.startswith(REVERT)}
    runs = [r for r in list_runs(store.layout.runs, GENERATE) if not r.request().get("dry")]
    return [
        _label_run(run, () if REVERT + run.id in taken_back else force.get(run.id, ()))
        for run in reversed(runs)
    ]


def _label_run(run: RunFolder, entries: Sequence[Entry]) -> LabelRun:
    now = status(run)
    parts = [p for entry in entries for p in primitives(entry.change) if isinstance(p, EditLabels)]
    added, sessions = sum(len(p.added) for p in parts), len({p.session for p in parts})
    created = float(run.request().get("created") or 0.0)
    return LabelRun(run.id, now.name, created, now.state, added, sessions, bool(entries))


def continue_run(store: ProjectStore, run_id: str) -> None:
    """Let a model's run that was cancelled or lost go on with the sessions that it has not done.

    What it finds is put into the tracks as that of any run whose app ended: by the next that may write.

    Raises:
        UserError: nothing of it is left to do, or it was no run of a model.
    """
    run = RunFolder.open(store.layout.runs, run_id)
    now, body = status(run), run.request()
    if "model" not in body or "target" not in body:
        raise UserError(
            f"Run {run.id} asked no model and can't go on by itself: take it back, and generate anew."
        )
    if now.active:
        raise UserError(f"Run {run.id} is running.")
    if any(takes_back(entry, run.id) for entry in store.journal.entries()):
        raise UserError(f"Run {run.id} was taken back: generate the labels anew.")
    if now.state == "done":
        raise UserError(f"Run {run.id} is done: there is nothing left to do.")
    (run.path / CLOSED).unlink(missing_ok=True)
    launch(run)
