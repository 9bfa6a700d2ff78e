"""Paths in the files of a run: written so that a project can be moved or copied with its jobs."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from labelloop.storage.home import OURS

_MARK = "$PROJECT"  # stands for the project's folder at the head of a path
_PATHS = frozenset({"source", "cache_dir", "models_dir", "from", "model", "path"})  # fields that hold paths
_CACHE = f"/{OURS}/cache"


def project_folder(run: Path) -> str:
    """The folder of the project that a run lies in; empty when the project is kept apart from its runs."""
    home = run.parent.parent
    return str(home.parent) if home.name == OURS else ""


def portable(value: Mapping[str, Any], run: Path) -> dict[str, Any]:
    """The same values with paths below the project written without where it lies."""
    folder = project_folder(run)
    return _changed(value, lambda path: _moved(path, folder, _MARK)) if folder else dict(value)


def rooted(value: Mapping[str, Any], run: Path, written_in: str = "") -> dict[str, Any]:
    """The same values with paths as they are where the project lies now.

    Args:
        value: what ``portable`` made, or the same with whole paths.
        run: the run's folder.
        written_in: where the project lay when whole paths were written (``written_below``), if that is known.
    """
    folder = project_folder(run)
    if not folder:
        return dict(value)

    def here(path: str) -> str:
        moved = _moved(path, _MARK, folder)
        return _moved(path, written_in, folder) if moved is path and written_in else moved

    return _changed(value, here)


def written_below(request: Mapping[str, Any]) -> str:
    """The project's folder as a request with whole paths names it, by its cache; empty if it doesn't."""
    cache = request.get("cache_dir")
    return cache.removesuffix(_CACHE) if isinstance(cache, str) and cache.endswith(_CACHE) else ""


def _moved(path: str, old: str, new: str) -> str:
    return new + path[len(old) :] if path == old or path.startswith(old + os.sep) else path


def _changed(value: Mapping[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    return {key: _field(key, field, change) for key, field in value.items()}


def _field(key: str, value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value) if key in _PATHS else value
    if isinstance(value, Mapping):
        return _changed(value, change)
    if isinstance(value, list):
        return [_field("", item, change) for item in value]
    return value
