"""Runs that generated labels and ended early: doing what they left undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from labelloop.errors import UserError
from labelloop.jobs.launch import launch
from labelloop.jobs.run import RunFolder, read_json
from labelloop.jobs.status import status
from labelloop.project.history import Entry
from labelloop.services.generating.merging import Run
from labelloop.services.generating.methods import start
from labelloop.services.generating.model import reverts
from labelloop.services.generating.request import GenerateRequest
from labelloop.services.generating.runs import CLOSED
from labelloop.services.generating.search import LEVEL
from labelloop.services.labels.history import RUN
from labelloop.storage.store import ProjectStore


def asks_model(run: RunFolder) -> bool:
    """Whether a run is one of a model, which a process of its own goes on with."""
    return "model" in run.request()


def continue_run(store: ProjectStore, run_id: str) -> Run | None:
    """Let a run that was cancelled or lost go on with the sessions that it has not done.

    A model's run goes on in its own process (None); what it finds is put into the tracks as that of any run
    whose app ended, by the next that may write. Other methods go on here: poll what is returned.

    Raises:
        UserError: nothing of it is left to do, or it says not what was asked.
    """
    run = RunFolder.open(store.layout.runs, run_id)
    now, body, entries = status(run), run.request(), store.journal.entries()
    if not (asks_model(run) and "target" in body) and not body.get("asked"):
        raise UserError(
            f"Run {run.id} does not say what was asked and can't go on: take it back, and generate anew."
        )
    if now.active and asks_model(run):
        raise UserError(f"Run {run.id} is running.")
    if any(reverts(entry, run.id) for entry in entries):
        raise UserError(f"Run {run.id} was reverted: generate the labels anew.")
    if now.state == "done":
        raise UserError(f"Run {run.id} is done: there is nothing left to do.")
    if asks_model(run):
        (run.path / CLOSED).unlink(missing_ok=True)
        launch(run)
        return None
    if store.read_only:
        raise UserError(f"{store.project.name} is open for reading only; run {run.id} can't go on.")
    return start(store, _rest(store, run, body, entries), into=run)


def _rest(
    store: ProjectStore, run: RunFolder, body: Mapping[str, Any], entries: Sequence[Entry]
) -> GenerateRequest:
    """What was asked, for the sessions that the run has not changed, with the level it had found."""
    request = GenerateRequest.from_json(body["asked"])
    done = {sid for e in entries if e.tag == RUN + run.id for sid in e.change.touched().sessions}
    left = [row["id"] for row in body["sessions"] if row["id"] not in done and row["id"] in store.project]
    if not left:
        raise UserError(f"Run {run.id} has done all its sessions: there is nothing left to do.")
    request = replace(request, sessions=tuple(store.project.session(sid).path for sid in left))
    level = (read_json(run.path / LEVEL) or {}).get("level")
    if level is None:
        return request
    return replace(request, settings={**request.settings, "threshold": (repr(float(level)),)})
