"""A copy of the demo project for a user to try things on."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from labelloop.assets import asset
from labelloop.errors import UserError, os_reason, printable

DEMO = "Gestures"


def copy_demo(target: Path | None = None) -> Path:
    """Copy the demo project into a folder and return its project file.

    Args:
        target: the folder; by default a fresh one in the user's data folder. It may exist when it is empty.

    Raises:
        UserError: the folder holds something, or can't be written.
    """
    folder = target if target is not None else _fresh_folder()
    shown = printable(str(folder))
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            existing = sorted(folder.glob("*.improj")) if folder.is_dir() else []
            hint = f"open it with 'labelloop {shown}'" if existing else "name an empty or a new folder"
            raise UserError(f"{shown} is not empty: {hint}.")
        _copy_whole(asset("demo_data") / DEMO, folder)
    except OSError as error:
        raise UserError(f"The demo can't be copied to {shown}: {os_reason(error)}.") from error
    return folder / f"{DEMO}.improj"


def _copy_whole(source: Path, folder: Path) -> None:
    """Copy a folder so that the copy is there as a whole or not at all."""
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(prefix=".labelloop-", dir=folder))
    try:
        shutil.copytree(source, staged / DEMO, copy_function=shutil.copyfile)
        for child in sorted((staged / DEMO).iterdir(), key=lambda path: path.suffix == ".improj"):
            child.rename(folder / child.name)
    except BaseException:
        if made:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _fresh_folder() -> Path:
    from platformdirs import user_data_path

    base = user_data_path("labelloop")
    number = 1
    while (base / f"demo-{number}").exists():
        number += 1
    return base / f"demo-{number}"
