"""Scores that a model gave a session, kept for previews, score lane and review; may be deleted any time."""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from labelloop.contract.values import parsed
from labelloop.errors import UserError
from labelloop.storage.atomic import replace_file
from labelloop.storage.own_files import make_own_folder, open_own

Array = npt.NDArray[Any]
_UNREADABLE = (
    *(OSError, ValueError, KeyError, EOFError, TypeError, MemoryError),
    *(NotImplementedError, RuntimeError, zipfile.BadZipFile, zlib.error),
)  # what a damaged file of arrays raises


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Scores per frame.

    scores: (frames, 1 + classes), background first. times: (frames + 1,) seconds, where each frame starts and
    the last one ends. boundary: (frames, 2) nearness of an onset and an offset, or None. post: the model's
    own post-processing settings. agreement: (frames,) how far the models of an ensemble agree, or None.
    """

    model: str
    classes: tuple[str, ...]
    times: npt.NDArray[np.float64]
    scores: npt.NDArray[np.float32]
    boundary: npt.NDArray[np.float32] | None = None
    post: dict[str, Any] = field(default_factory=dict)
    agreement: npt.NDArray[np.float32] | None = None

    def _frames(self, start: float, end: float) -> slice:
        first = int(np.clip(np.searchsorted(self.times, start, side="right") - 1, 0, len(self.scores) - 1))
        last = int(np.clip(np.searchsorted(self.times, end, side="left"), first + 1, len(self.scores)))
        return slice(first, last)

    def agreement_over(self, start: float, end: float) -> float | None:
        """How far the models of an ensemble agree over a stretch of time, 0 to 1; None for a single model."""
        return None if self.agreement is None else float(self.agreement[self._frames(start, end)].mean())

    def over(self, start: float, end: float) -> dict[str, float]:
        """Each class's mean score over a stretch of time."""
        means = self.scores[self._frames(start, end)].mean(axis=0)
        return {name: float(means[1 + i]) for i, name in enumerate(self.classes)}

    def of_class(self, name: str) -> npt.NDArray[np.float32]:
        """One class's score per frame; zeros for a class that the model does not know."""
        if name not in self.classes:
            return np.zeros(len(self.scores), np.float32)
        return self.scores[:, 1 + self.classes.index(name)]


def _short(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def scores_file(cache_dir: Path, session_id: str, model: Path) -> Path:
    """Where the scores of a session by a model are kept; another file when the model's file is another."""
    try:
        stat = model.stat()
        version = f"{model.resolve()}:{stat.st_mtime_ns}:{stat.st_size}"
    except OSError:
        version = str(model)
    return cache_dir / "scores" / f"{_short(session_id)}-{_short(version)}.npz"


def write_scores(path: Path, value: Scores) -> None:
    """Keep scores. Raises UserError when they can't be written."""
    buffer = io.BytesIO()
    arrays = {"times": value.times, "scores": value.scores.astype(np.float16)}
    if value.boundary is not None:
        arrays["boundary"] = value.boundary.astype(np.float16)
    if value.agreement is not None:
        arrays["agreement"] = value.agreement.astype(np.float16)
    names = np.array([value.model, *value.classes])
    post = np.array(json.dumps(value.post))
    np.savez(buffer, names=names, post=post, **arrays)  # type: ignore[arg-type]
    make_own_folder(path.parent)
    replace_file(path, buffer.getvalue())


def read_scores(path: Path) -> Scores | None:
    """Scores that were kept; None when there are none or they can't be read."""
    try:
        with os.fdopen(open_own(path), "rb") as file, np.load(file, allow_pickle=False) as data:
            model, *classes = (str(name) for name in data["names"])
            boundary = data["boundary"].astype(np.float32) if "boundary" in data else None
            agreement = data["agreement"].astype(np.float32) if "agreement" in data else None
            scores = data["scores"].astype(np.float32)
            times = data["times"].astype(np.float64)
            post = parsed(str(data["post"]))
    except _UNREADABLE:
        return None
    if (
        scores.ndim != 2
        or not len(scores)
        or scores.shape[1] != 1 + len(classes)
        or len(times) != len(scores) + 1
    ):
        return None
    if agreement is not None and len(agreement) != len(scores):
        return None
    return Scores(model, tuple(classes), times, scores, boundary, post, agreement)


def latest_scores(cache_dir: Path, session_id: str) -> Scores | None:
    """The scores of a session that were kept last, whichever model gave them."""
    found = list((cache_dir / "scores").glob(f"{_short(session_id)}-*.npz"))
    if not found:
        return None
    return read_scores(max(found, key=os.path.getmtime))


def keep_scores(path: Path, value: Scores) -> None:
    """Keep scores where that is possible; where it is not nothing is lost."""
    try:
        write_scores(path, value)
    except (UserError, OSError):
        return
