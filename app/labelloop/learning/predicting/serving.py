"""A process that scores sessions on request while a wizard is open, so that its preview need not wait.

The run folder's ``ask/`` holds one JSON file a request, ``{"model", "session": {"id", "name", "source"}}``;
the answer is the kept scores, or ``answers/<name>.json`` with the sentence that says why there are none.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from labelloop.contract.generation import ScoreRequest
from labelloop.contract.values import mapping, parsed
from labelloop.errors import UserError
from labelloop.jobs.scores import scores_file, write_scores
from labelloop.learning.data.sessions import Store
from labelloop.learning.predicting.auxiliary import load_with_auxiliary
from labelloop.learning.predicting.job import Reporter, as_scores
from labelloop.learning.predicting.model import Model
from labelloop.storage.own_files import make_own_folder, read_own

IDLE_S = 0.02
LONELY_S = 600.0  # without a request for so long nobody is there any more


def serve(folder: Path, request: Mapping[str, Any], store: Store, reporter: Reporter) -> str:
    """Answer until asked to stop, until the asking process is gone, or until nothing comes for long."""
    cache = Path(request["cache_dir"])
    models: dict[str, Model] = {}
    last = time.monotonic()
    make_own_folder(folder / "ask")
    make_own_folder(folder / "answers")
    reporter.report("message", text="ready")
    while (
        not reporter.stopped and time.monotonic() - last < LONELY_S and _alive(int(request.get("asker", 0)))
    ):
        waiting = sorted((folder / "ask").glob("*.json"))
        for path in waiting:
            last = time.monotonic()
            _answer(path, folder / "answers" / path.name, cache, models, store)
        if not waiting:
            time.sleep(IDLE_S)
    return "done"


def _alive(pid: int) -> bool:
    """Whether the process that asks is still there."""
    if not pid:
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _answer(path: Path, reply: Path, cache: Path, models: dict[str, Model], store: Store) -> None:
    problem = ""
    try:
        asking = ScoreRequest.from_json(mapping(parsed(read_own(path))))
        file, session = Path(asking.model), asking.session
        model = models.get(str(file)) or models.setdefault(str(file), load_with_auxiliary(file))
        recording = store.load(Path(session.source))
        recording = model.fitted(recording, session.name)
        kept = scores_file(cache, session.id, file)
        if not kept.exists():
            write_scores(kept, as_scores(model, model.look(recording)))
    except (UserError, ValueError, KeyError, OSError) as error:
        problem = str(error)
    path.unlink(missing_ok=True)
    reply.write_text(json.dumps({"problem": problem}), encoding="utf-8")
