"""``python -m labelloop.learning RUN_FOLDER``: do what the run folder's request asks for."""

from __future__ import annotations

import contextlib
import faulthandler
import os
from pathlib import Path

from labelloop.contract.generation import GenerationJob
from labelloop.contract.training import TrainingJob
from labelloop.errors import UserError, printable
from labelloop.jobs.run import GENERATE, SERVE, TRAIN
from labelloop.jobs.worker import Worker, main
from labelloop.storage.signals import SignalStore


def work(worker: Worker) -> None:
    """Run one job to its end."""
    request = worker.request()
    store = SignalStore(Path(request["cache_dir"]))
    if request.get("kind") == TRAIN:
        _train(worker, TrainingJob.from_json(request), store)
    elif request.get("kind") == GENERATE:
        from labelloop.learning.predicting.job import generate

        worker.state("running")
        state = generate(
            GenerationJob.from_json(request), store, worker, [n for n, _ in worker.run.results()]
        )
        worker.result({"state": state})
        worker.state(state)
    elif request.get("kind") == SERVE:
        from labelloop.learning.predicting.serving import serve

        worker.state("running")
        worker.state(serve(worker.run.path, request, store, worker))
    else:
        raise UserError(f"There is no job of the kind '{printable(str(request.get('kind')))}'.")


def _train(worker: Worker, request: TrainingJob, store: SignalStore) -> None:
    """A training job, at a lower priority than what a user looks at."""
    from labelloop.learning.training.job import Job

    slot = worker.turn()
    if slot is None:
        worker.state("stopped", "stopped before it began")
        return
    with slot:
        with contextlib.suppress(OSError):
            os.nice(5)
        worker.state("running")
        try:
            result = Job(worker.run.path, request, store, worker).run()
        except UserError as error:
            worker.result({"state": "failed", "message": printable(str(error)), "best": None, "models": []})
            raise
        except Exception as error:
            if not isinstance(error, MemoryError) and type(error).__name__ != "ResourceExhaustedError":
                raise
            raise UserError(
                "There is not enough memory to train: use fewer or shorter sessions, or smaller models."
            ) from error
        worker.result(result)
        worker.state(result["state"], result["message"])


if __name__ == "__main__":
    faulthandler.enable()  # a process that ends by a signal leaves the reason in its log
    main(work)
