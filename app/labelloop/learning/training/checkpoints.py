"""What a training job leaves in its run folder so that it can go on after its worker was lost."""

from __future__ import annotations

import contextlib
import io
import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from labelloop.contract.values import parsed
from labelloop.jobs.run import RunFolder
from labelloop.learning.training.fit import Fitted
from labelloop.storage.atomic import replace_file
from labelloop.storage.own_files import make_own_folder, open_own

DAMAGED = (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile)  # what a cut file raises


def keep(folder: Path, index: int, fitted: Fitted) -> None:
    """Save a model's best weights and history so far. Raises UserError when the disk does not take it."""
    place = folder / "checkpoints"
    make_own_folder(place)
    arrays: dict[str, Any] = {
        f"{name}|{n}": a for name, group in fitted.weights.items() for n, a in enumerate(group)
    }
    notes = json.dumps({"history": fitted.history, "best": fitted.best})
    data = io.BytesIO()
    arrays["notes"] = np.frombuffer(notes.encode(), dtype=np.uint8)
    np.savez(data, allow_pickle=False, **arrays)
    replace_file(place / f"{index}.npz", data.getvalue())


def started(folder: Path, index: int) -> Fitted | None:
    """What ``keep`` saved, or None."""
    path = folder / "checkpoints" / f"{index}.npz"
    with (
        contextlib.suppress(*DAMAGED),
        os.fdopen(open_own(path), "rb") as raw,
        np.load(raw, allow_pickle=False) as file,
    ):
        notes = parsed(file["notes"].tobytes())
        weights: dict[str, list[Any]] = {}
        for key in file.files:
            if key != "notes":
                weights.setdefault(key.rpartition("|")[0], []).append(file[key])
        return Fitted(weights, history=notes["history"], best=notes["best"])
    return None


def finish(folder: Path, index: int, row: Mapping[str, Any]) -> None:
    """Note that a model is trained and saved."""
    make_own_folder(folder / "checkpoints")
    RunFolder(folder).write(f"checkpoints/{index}.json", row)


def finished(folder: Path, index: int) -> dict[str, Any] | None:
    """The result's entry of a model that was trained before, or None."""
    row = RunFolder(folder).read(f"checkpoints/{index}.json")
    return row if row is not None and Path(str(row.get("path"))).is_file() else None
