"""Our own file beside the project: done marks, flags, keys and colours of classes, windows."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from labelloop.contract.values import parsed
from labelloop.errors import UserError
from labelloop.project.classes import ClassLook
from labelloop.project.project import ProjectState


def render_sidecar(state: ProjectState) -> bytes:
    """The file's content for a state."""
    data: dict[str, Any] = {
        "version": 1,
        "done": {s.id: sorted(s.done) for s in state.sessions.values() if s.done},
        "flags": {s.id: s.flag for s in state.sessions.values() if s.flag},
        "looks": {name: [look.key, look.color] for name, look in state.looks.items()},
    }
    if state.windows:
        data["windows"] = state.windows
    return (json.dumps(data, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")


def apply_sidecar(data: bytes | None, state: ProjectState, where: str) -> None:
    """Put what the file says into a state that was just read from the project file.

    Raises:
        UserError: the file is not ours; it says what to do.
    """
    if data is None:
        return
    try:
        found = parsed(data.decode("utf-8", "surrogatepass"))
        state.looks = {name: ClassLook(*look) for name, look in found.get("looks", {}).items()}
        if windows := found.get("windows"):
            state.windows = (float(windows[0]), float(windows[1]))
        done, flags = found.get("done", {}), found.get("flags", {})
        for sid in (done.keys() | flags.keys()) & state.sessions.keys():
            session = state.sessions[sid]
            marks = frozenset(map(str, done.get(sid, ())))
            state.sessions[sid] = replace(session, done=marks, flag=str(flags.get(sid, "")))
    except (ValueError, TypeError, AttributeError, LookupError) as error:
        raise UserError(f"{where} can't be read ({error}): repair it or move it away.") from error
