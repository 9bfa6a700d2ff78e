"""The trained models of a project: list them, find one by name, copy one out."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labelloop.contract.training import ModelResult, TrainingResult
from labelloop.errors import UserError, os_reason, printable
from labelloop.formats.model.child import read_infos
from labelloop.formats.model.info import ModelInfo
from labelloop.formats.opening import open_regular
from labelloop.jobs.run import list_runs
from labelloop.storage.atomic import replace_file
from labelloop.storage.store import ProjectStore

BEST = "best"
MODELS_FOLDER = "Models"


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A model file of the project and the job that made it; ``job`` is empty for a file under Models/."""

    name: str
    path: Path
    job: str
    best: bool
    info: ModelInfo | None
    problem: str = ""

    @property
    def source(self) -> str:
        """What names it as the source of labels: ``JOB/NAME``, or its file."""
        return f"{self.job}/{self.name}" if self.job else str(self.path)

    def to_json(self) -> dict[str, Any]:
        """As ``labelloop models --json`` shows it."""
        info = self.info
        return {
            "name": self.name,
            "path": str(self.path),
            "job": self.job or None,
            "best": self.best,
            "classes": list(info.classes) if info else [],
            "channels": list(info.channels) if info else [],
            "rate_hz": info.rate_hz if info else None,
            "validation": info.validation if info else None,
            "problem": self.problem or None,
        }


def known_models(store: ProjectStore) -> list[KnownModel]:
    """All models, those of the latest job first and its best before the others."""
    out: list[KnownModel] = []
    runs = {run.id: TrainingResult.from_json(run.result()) for run in list_runs(store.layout.runs, "train")}
    beside = sorted((store.project.folder / MODELS_FOLDER).glob("**/*.h5"))
    made = [Path(row.path) for result in runs.values() for row in _rows(result)]
    _read_together([*made, *beside])
    for run_id, result in reversed(runs.items()):
        place = result.best.path if result.best else ""
        known = [
            _known(m.name, Path(m.path), run_id, m.path == place)
            for m in _rows(result)
            if Path(m.path).exists()
        ]
        out += sorted(known, key=lambda m: not m.best)
    return out + [_known(path.stem, path, "", False) for path in beside]


def _rows(result: TrainingResult) -> list[ModelResult]:
    """The models of a job that have a file, the best one among them."""
    rows = [m for m in result.models if m.path]
    best = result.best
    if best is not None and best.path and best.path not in [m.path for m in rows]:
        rows.append(best)
    return rows


def _known(name: str, path: Path, job: str, best: bool) -> KnownModel:
    try:
        return KnownModel(name, path, job, best, model_info(path))
    except UserError as error:
        return KnownModel(name, path, job, best, None, str(error))


def model_info(path: Path) -> ModelInfo:
    """What a model file says of itself, read again only when the file changed. Raises UserError."""
    version = _version(path)
    if version not in _read:
        _read[version] = read_infos([path])[0]
    found = _read[version]
    if isinstance(found, UserError):
        raise found
    return found


_Version = tuple[Path, int, int]
_read: dict[_Version, ModelInfo | UserError] = {}  # what files said, by path, time and size


def _version(path: Path) -> _Version:
    try:
        stat = path.stat()
    except OSError as error:
        raise UserError(f"The model {printable(str(path))} can't be read: {os_reason(error)}.") from error
    return path, stat.st_mtime_ns, stat.st_size


def _read_together(paths: Sequence[Path]) -> None:
    """Read many files at once, so that asking for one after the other is quick."""
    versions = list[_Version]()
    for path in paths:
        with suppress(UserError):
            versions.append(_version(path))
    fresh = [version for version in versions if version not in _read]
    _read.update(zip(fresh, read_infos([path for path, *_ in fresh]), strict=True))


def find_model(store: ProjectStore, source: str) -> Path:
    """The model file that a user means: ``best``, a model's name, ``JOB/NAME`` or a .h5 file.

    Raises:
        UserError: there is none; the message says what there is.
    """
    if source.endswith(".h5"):
        path = Path(source).expanduser()
        if not path.exists():
            path = store.project.folder / source
        if not path.exists():
            raise UserError(f"There is no model file {printable(source)}.")
        return path.resolve()
    models = known_models(store)
    if source == BEST:
        best = next((m for m in models if m.best), None)
        if best is None:
            raise UserError(f"{store.project.name} has no trained model yet: run 'labelloop train' first.")
        return best.path
    for model in models:
        if source in (model.name, f"{model.job}/{model.name}"):
            return model.path
    names = ", ".join(printable(m.name) for m in models[:6]) or "none yet"
    raise UserError(f"{store.project.name} has no model '{printable(source)}' (models: {names}).")


def download(store: ProjectStore, source: str, destination: Path) -> Path:
    """Copy a model out.

    Raises:
        UserError: there is no such model, or the destination can't be written.
    """
    path = find_model(store, source)
    target = destination / path.name if destination.is_dir() else destination
    if target.suffix.lower() != ".h5":
        raise UserError(f"{printable(str(destination))} must be a folder or a file that ends in .h5.")
    if target.resolve() == path.resolve():
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with open_regular(path, "The model") as file:
            data = file.read()
    except OSError as error:
        raise UserError(f"{printable(str(target))} can't be written ({error.strerror}).") from error
    replace_file(target, data)
    return target
