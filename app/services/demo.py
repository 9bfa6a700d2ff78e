"""A copy of the demo project for a person to try things on."""

from __future__ import annotations

import shutil
from pathlib import Path

from app.assets import asset
from app.errors import UserError, printable

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
        shutil.copytree(asset("demo_data") / DEMO, folder, dirs_exist_ok=True)
    except OSError as error:
        raise UserError(f"The demo can't be copied to {shown} ({error.strerror or error}).") from error
    return folder / f"{DEMO}.improj"


def _fresh_folder() -> Path:
    from platformdirs import user_data_path

    base = user_data_path("labelloop")
    number = 1
    while (base / f"demo-{number}").exists():
        number += 1
    return base / f"demo-{number}"
