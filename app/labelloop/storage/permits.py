"""Projects whose files may lie outside their folder, as a user said once; kept with the user, not in them.

A project of a stranger can't grant it to itself.
"""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

from platformdirs import user_config_path

from labelloop.contract.values import parsed
from labelloop.errors import UserError
from labelloop.formats.opening import open_regular
from labelloop.formats.paths import allow_outside
from labelloop.storage.atomic import replace_file

ALLOW = "LABELLOOP_ALLOW_OUTSIDE"  # set while a command runs that was told so
_MOST_BYTES = 1 << 20


def permits_file() -> Path:
    """Where the permits are kept."""
    return user_config_path("labelloop", appauthor=False) / "outside.json"


def heed(project_folder: Path) -> None:
    """Let the files of a project lie outside when its user said so, now or earlier."""
    folder = project_folder.resolve()
    known = _permitted()
    if os.environ.get(ALLOW) and str(folder) not in known:
        known.append(str(folder))
        with contextlib.suppress(UserError, OSError):  # a place where it can't be kept: it is said again
            permits_file().parent.mkdir(parents=True, exist_ok=True)
            replace_file(permits_file(), json.dumps(known).encode("utf-8", "surrogatepass"))
    if str(folder) in known:
        allow_outside(folder)


def _permitted() -> list[str]:
    try:
        with open_regular(permits_file()) as file:
            found = parsed(file.read(_MOST_BYTES))
    except (UserError, OSError, ValueError):
        return []
    return [str(item) for item in found] if isinstance(found, list) else []
