"""A worker that learns nothing: it does the steps that its request lists."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from labelloop.jobs.worker import Worker, main


def train(worker: Worker, epochs: int, pause: float) -> None:
    """Tell of epochs, from the one after the last that was told, until the end or a stop."""
    told, _ = worker.run.events()
    first = max([e["epoch"] for e in told if e["type"] == "epoch"], default=0) + 1
    worker.report("model", index=0, name="fake", state="running", parameters=7)
    for epoch in range(first, epochs + 1):
        if worker.stopped:
            worker.result({"best": epoch - 1})
            return worker.state("stopped", f"stopped after epoch {epoch - 1}")
        worker.report("epoch", model=0, epoch=epoch, epochs=epochs, loss=1 / epoch, event_f1=0.5, eta_s=40)
        time.sleep(pause)
    worker.result({"best": epochs})
    return worker.state("done", "best: fake")


def wait_and_sleep(worker: Worker, seconds: float) -> None:
    """Take a turn at the machine and waste it."""
    turn = worker.turn()
    if turn is None:
        return worker.state("stopped", "stopped before its turn")
    with turn:
        worker.state("running")
        time.sleep(seconds)
        return worker.state("done")


def work(worker: Worker) -> None:
    """Do as the request says."""
    request: dict[str, Any] = worker.request()
    print("hello from the worker", flush=True)
    if request.get("child"):
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(20)"])
    if request.get("deaf"):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if request.get("boom"):
        raise ZeroDivisionError("boom")
    if request.get("slot"):
        return wait_and_sleep(worker, request["slot"])
    worker.state("running")
    Path(worker.run.path / "results" / "note.txt").write_text("not a result")
    return train(worker, request.get("epochs", 3), request.get("pause", 0.0))


if __name__ == "__main__":
    main(work)
