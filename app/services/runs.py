"""Run folders of what this process generates itself, so that it has an id to revert by."""

from __future__ import annotations

import time

from app.jobs.run import RunFolder, write_json
from app.services.generate_model import CLOSED
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
