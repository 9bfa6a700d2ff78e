"""What can be said of a project: its sets, its sessions, what to mind, what to do next."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

from labelloop.errors import UserError, os_reason, printable
from labelloop.project.session import Session
from labelloop.project.sets import SETS
from labelloop.services.sessions.select import counts, labelled_seconds, status_of
from labelloop.services.training.jobs import training_warnings
from labelloop.storage.store import ProjectStore


def look_at_files(store: ProjectStore) -> None:
    """Give sessions whose files are missing or lead out of the project a message that says so."""
    plain = _PlainPaths(str(store.project.folder))
    for session in list(store.project.sessions()):
        message = _trouble(store, session, plain)
        if message != session.message:
            store.project.replace_session(replace(session, message=message))


class _PlainPaths:
    """Tells quickly which paths surely stay inside the project: no step up, no link on the way."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._folders: dict[str, bool] = {}

    def __contains__(self, relative: str) -> bool:
        *folders, name = relative.split("/")
        if not {"", ".", ".."}.isdisjoint((*folders, name)) or not relative.isprintable() or "\\" in relative:
            return False
        path = self._root
        for folder in folders:
            path += "/" + folder
            if path not in self._folders:
                self._folders[path] = not os.path.islink(path)
            if not self._folders[path]:
                return False
        return ":" not in relative and not os.path.islink(f"{path}/{name}")


def _trouble(store: ProjectStore, session: Session, plain: _PlainPaths) -> str:
    """Why a session can't be used as far as a look at its files tells; empty when it can."""
    files = (("a recording", session.data_file), ("a label file", session.label_file))
    try:
        for what, file in (*files, ("a session file", session.session_file)):
            if (file or what == "a recording") and file not in plain:
                store.inside(file, what)
        size = store.project.data_path(session).stat().st_size
    except FileNotFoundError:
        return f"The recording {printable(session.data_file)} is missing: put it back or remove the session."
    except UserError as error:
        return str(error)
    except OSError as error:
        return f"The recording {printable(session.data_file)} can't be read: {os_reason(error)}."
    return "" if size else f"The recording {printable(session.data_file)} is empty."


def project_json(store: ProjectStore) -> dict[str, Any]:
    """The project as ``labelloop info --json`` shows it."""
    look_at_files(store)
    project = store.project
    sessions = [session_json(store, s) for s in project.sessions()]
    return {
        "project": str(project.file),
        "name": project.name,
        "classes": project.class_names,
        "sets": {name: _set_json(store, name) for name in SETS},
        "sessions": sessions,
        "warnings": project_warnings(store),
    }


def _set_json(store: ProjectStore, name: str) -> dict[str, Any]:
    sessions = store.project.in_set(name)
    return {
        "sessions": len(sessions),
        "events": sum(sum(counts(store.project, s).values()) for s in sessions),
        "labelled_s": round(sum(labelled_seconds(store.project, s) for s in sessions), 6),
        "length_s": round(sum(s.length_s for s in sessions), 6),
    }


def session_json(store: ProjectStore, session: Session) -> dict[str, Any]:
    """One session as ``labelloop info --json`` shows it."""
    project = store.project
    return {
        "name": session.name,
        "path": session.path,
        "set": project.set_of(session.id),
        "locked": session.locked,
        "status": status_of(store, session),
        "message": session.message,
        "data_track": session.data_track,
        "label_track": session.label_track,
        "channels": session.shape[-1] if session.shape else 0,
        "rate_hz": session.rate_hz,
        "length_s": session.length_s,
        "labels": counts(project, session),
        "done": sorted(session.done),
        "flag": session.flag,
    }


def project_warnings(store: ProjectStore) -> list[str]:
    """What a user should mind: recovery, files, sets."""
    broken = [s for s in store.project.sessions() if s.broken]
    out = list(store.warnings) + training_warnings(store.project)
    if broken:
        out.append(f"{len(broken)} of {len(store.project)} sessions can't be used: see their messages.")
    return out
