"""The question whose version of a file shall be gone on with, asked for one file after the other."""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import partial

from labelloop.project.changes import PROJECT_DOC, Touched
from labelloop.screens.shared.host import Host
from labelloop.screens.shared.project_screen import ProjectScreen
from labelloop.services.projects.conflicts import difference, settle
from labelloop.storage.saving import Saver

LATER_S = 60.0  # a question that was left is asked again after so long
PATIENCE_S = 0.7  # keys that are on their way when the question appears don't answer it


class Conflicts:
    """Files that another program changed while edits waited for them; none is written meanwhile."""

    def __init__(self, host: Host, saver: Saver) -> None:
        self._host = host
        self._saver = saver
        self._keys: list[str] = []
        self._not_before = 0.0

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, keys: Iterable[str]) -> None:
        """Hold these documents and ask about them."""
        fresh = [key for key in keys if key not in self._keys]
        self._keys += fresh
        self._saver.held.update(fresh)
        if fresh:
            self._not_before = 0.0

    def ask(self, screen: object) -> None:
        """Ask about the first one, on a screen that can ask."""
        if not self._keys or not isinstance(screen, ProjectScreen) or screen.asking:
            return
        if time.monotonic() < self._not_before:
            return
        self._not_before = time.monotonic() + LATER_S
        key = self._keys[0]
        theirs = "theirs with my edits" if key == PROJECT_DOC else "theirs"
        answers = {"m": "keep mine", "t": theirs}
        screen.choose(
            "conflict", difference(self._host.store, key), answers, partial(self._settle, key), PATIENCE_S
        )

    def _settle(self, key: str, answer: str) -> None:
        ours = answer == "m"
        clashes = settle(self._host.store, self._saver, key, ours)
        self._keys.remove(key)
        self._not_before = 0.0
        self._host.changed(Touched(sessions=frozenset(self._host.project.state.sessions), classes=True))
        if clashes:
            lost = ", ".join(clashes[:3]) + (f" and {len(clashes) - 3} more" if len(clashes) > 3 else "")
            self._host.report(f"Theirs is taken in; these edits don't fit into it any more: {lost}.", "warn")
        elif ours:
            self._host.report("Yours is kept; theirs lies in .labelloop/conflicts.")
        else:
            self._host.report("Theirs is taken in; yours lies in .labelloop/conflicts.")
