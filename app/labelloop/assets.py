"""Finding what the program ships beside its code: style sheets and the demo project."""

from __future__ import annotations

from pathlib import Path

from labelloop.errors import UserError

_PACKAGE = Path(__file__).resolve().parent


def asset(name: str) -> Path:
    """The folder ``styles`` or ``demo_data``: inside an installed package, or at the top of a checkout.

    Raises:
        UserError: the installation is incomplete.
    """
    for folder in (_PACKAGE / "_assets" / name, _PACKAGE.parent.parent / name):
        if folder.is_dir():
            return folder
    raise UserError(f"The installation lacks {name}: install labelloop again.")
