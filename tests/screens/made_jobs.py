"""Training jobs that nobody ran: run folders as a worker leaves them."""

from __future__ import annotations

from typing import Any

from labelloop.jobs.run import RunFolder, write_json
from labelloop.storage.store import ProjectStore

SCORES = {"precision": 0.9, "recall": 1.0, "accuracy": 0.91, "f1": 0.88}


def metrics(value: float) -> dict[str, float]:
    """A set's figures; ``value`` is the event F1 at 0.5."""
    return {**SCORES, "event_f1_30": value, "event_f1_50": value, "event_f1_70": value - 0.06}


def statistics(session: str) -> dict[str, Any]:
    """Two classes with an event that is mistaken, one that is missed and one that is false."""
    return {
        "classes": ["down", "up"],
        "confusion": [[3, 0, 1], [1, 2, 0], [1, 0, 0]],
        "onset_error_s": 0.031,
        "offset_error_s": 0.044,
        "actual": {"down": 5, "up": 2},
        "predicted": {"down": 4, "up": 3},
        "events": [
            {"session": session, "start": 30.0, "end": 31.0, "actual": "down", "predicted": "up"},
            {"session": "gone", "start": 3.0, "end": 4.0, "actual": "down", "predicted": None},
        ],
    }


def row(run: RunFolder, name: str, value: float, session: str) -> dict[str, Any]:
    """A model's entry in a result; its file holds nothing."""
    path = run.path / "models" / f"{name}.h5"
    path.write_bytes(b"")
    return {
        "name": name,
        "family": "dense",
        "parameters": 80231,
        "path": str(path),
        "train": metrics(0.99),
        "validation": metrics(value),
        "test": None,
        "statistics": {"validation": statistics(session), "train": statistics(session)},
    }


def made_job(store: ProjectStore, values: dict[str, float], best: str, **request: Any) -> RunFolder:
    """A finished job; ``values`` has each model's event F1 on Validation."""
    session = next(store.project.sessions()).id
    body = {"version": 1, "classes": ["down", "up"], "description": "", "sessions": [], **request}
    run = RunFolder.create(store.layout.runs, "train", str(request.get("name", "made")), body)
    run.append({"type": "state", "state": "running"})
    for index, name in enumerate(values):
        run.append({"type": "model", "index": index, "name": name, "state": "running", "parameters": 80231})
        for epoch in (1, 2):
            run.append({"type": "epoch", "model": index, "epoch": epoch, "epochs": 2, "loss": 1 / epoch})
        run.append({"type": "model", "index": index, "name": name, "state": "done"})
    run.append({"type": "state", "state": "done", "message": f"best: {best}"})
    rows = [row(run, name, value, session) for name, value in values.items()]
    chosen = next((r for r in rows if r["name"] == best), None)
    shown = {k: chosen[k] for k in ("name", "path", "validation")} if chosen else None
    message = "" if chosen else "No model found any of Validation's events: label more events."
    write_json(run.path / "result.json", {"state": "done", "best": shown, "models": rows, "message": message})
    return run
