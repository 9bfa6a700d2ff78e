"""Where the user was: saved beside the project, never undone, never needed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from labelloop.contract.values import parsed
from labelloop.errors import UserError
from labelloop.storage.atomic import replace_file
from labelloop.storage.own_files import make_own_folder, read_own


@dataclass
class ViewState:
    """Active class, list settings, and each session's place in the viewer (start, end, cursor)."""

    active_class: str = ""
    filter: str = ""
    sort: str = ""
    descending: bool = False
    hidden_columns: list[str] = field(default_factory=list)
    column_order: list[str] = field(default_factory=list)
    cursor: str = ""
    ticked: list[str] = field(default_factory=list)
    places: dict[str, list[float]] = field(default_factory=dict)
    hidden_channels: list[str] = field(default_factory=list)
    channel_order: list[str] = field(default_factory=list)
    overlay: bool = False
    shared_scale: bool = False
    snapping: bool = False
    hide_score: bool = False
    dismissed: dict[str, list[list[Any]]] = field(default_factory=dict)
    wizard: dict[str, Any] = field(default_factory=dict)


def load_view(path: Path) -> ViewState:
    """The saved state; a fresh one when there is none or it can't be read."""
    try:
        data = parsed(read_own(path))
        fresh = ViewState()
        for known in fields(ViewState):
            value = data.get(known.name)
            if type(value) is type(getattr(fresh, known.name)):
                setattr(fresh, known.name, value)
        return fresh
    except (OSError, ValueError, AttributeError):
        return ViewState()


def save_view(path: Path, state: ViewState) -> None:
    """Save the state; a place where it can't be saved is no reason to stop."""
    try:
        make_own_folder(path.parent)
        replace_file(path, json.dumps(asdict(state), ensure_ascii=False).encode("utf-8", "surrogatepass"))
    except (UserError, OSError):
        return
