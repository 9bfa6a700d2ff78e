"""What is said of a training job: why the best is best, where it stands in the queue, who its models are."""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping
from typing import Any

from labelloop.contract.recipes import DISTILLED, ENSEMBLE, FINAL
from labelloop.contract.training import TrainingJob, TrainingResult
from labelloop.errors import printable
from labelloop.jobs.progress import QUEUED, JobStatus
from labelloop.jobs.run import RunFolder, read_json
from labelloop.jobs.slots import slot_count, slots_folder, waiting

TOGETHER = {
    ENSEMBLE: "the average of all dense models",
    DISTILLED: "one model distilled from all dense ones",
}  # models that a job makes of those of the list


def best_reason(result: TrainingResult) -> str:
    """Why a job's best model is its best, in a sentence; empty while it has none."""
    best = result.best
    own = best.on("validation").event_f1 if best else None
    if best is None or own is None:
        return ""
    values = {m.name: value for m in result.models if (value := m.on("validation").event_f1) is not None}
    name = best.name
    others = {n: v for n, v in values.items() if n != name and n not in TOGETHER}
    first = max(others, key=lambda n: others[n], default="")
    if name in TOGETHER:
        alone = f"; {printable(first)} alone had {others[first]:.3f}" if first else ""
        whose = " of the ensemble" if name == DISTILLED else ""  # no Validation is left that it did not see
        return f"{TOGETHER[name]} (event F1 {own:.3f}{whose}{alone}); it learns from Validation, too"
    if not first:
        return f"the only model; event F1 on Validation {own:.3f}"
    return f"highest event F1 on Validation, {own:.3f} against {others[first]:.3f} of {printable(first)}"


def queue_sentence(run: RunFolder, now: JobStatus) -> str:
    """Where a queued job stands among all that wait on this machine; empty when it does not wait there."""
    about = read_json(run.path / "worker.json") or {}
    if now.state != QUEUED or about.get("host") != socket.gethostname():
        return ""
    pids = waiting(slots_folder())
    if about.get("pid") not in pids:
        return ""
    before = pids.index(about["pid"])
    return f"{before} before it in the queue" if before else "next in the queue"


def queue_explains(place: str) -> str:
    """Why a job waits at its place in the queue."""
    return f"{place}: this machine trains {slot_count()} at once; it starts by itself"


def message_of(run: RunFolder, now: JobStatus) -> str:
    """What a job says of itself, its place in the queue while it waits."""
    place = queue_sentence(run, now)
    return queue_explains(place) if place else now.message


def notes(run: RunFolder) -> list[str]:
    """What a job found worth telling, each once, in the order in which it was told."""
    events, _ = run.events()
    told = (str(e.get("text") or "") for e in events if e.get("type") == "message")
    return [printable(text) for text in dict.fromkeys(told) if text]


def details(run: RunFolder) -> list[str]:
    """What a job was for, why its best model is the best, and what it noted."""
    result, job = TrainingResult.from_json(run.result()), TrainingJob.from_json(run.request())
    best = result.best.name if result.best else ""
    reason = best_reason(result)
    return [
        *([f"description: {printable(job.description)}"] if job.description else []),
        *([f"best: {printable(best)}, {reason}"] if reason else []),
        *(f"note: {text}" for text in notes(run)),
    ]


def log_lines(run: RunFolder, most: int = 500) -> list[str]:
    """What a job told of itself, with the time, and what its process printed, the latest last."""
    events, _ = run.events()
    told = [(float(e.get("t") or 0), text) for e in events if (text := _told(e))]
    lines = [f"{time.strftime('%H:%M:%S', time.localtime(t))}  {printable(text)}" for t, text in told]
    printed = run.log_tail(most)
    if not printed:
        return lines[-most:]
    return ["printed by its process:", *printed, "", "told by the job:", *lines[-most:]]


def _told(event: Mapping[str, Any]) -> str:
    kind = event.get("type")
    if kind == "message":
        return str(event.get("text") or "")
    if kind == "model" and event.get("state") in ("running", "done", "stopped"):
        return f"{model_title(str(event.get('name') or ''))}: {event['state']}"
    if kind == "state":
        return ": ".join(str(event[key]) for key in ("state", "message") if event.get(key))
    return ""


def model_title(name: str) -> str:
    """A model's name as users see it: one that goes on learning does so from Validation, too.

    >>> model_title("dense-medium-1-final"), model_title("a")
    ('dense-medium-1 + Validation', 'a')
    """
    return f"{name.removesuffix(FINAL)} + Validation" if name.endswith(FINAL) else name
