"""Where our own files lie beside a project's: all below one folder."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

OURS = ".labelloop"


@dataclass(frozen=True, slots=True)
class ProjectHome:
    """The paths of our files for a project in ``folder``."""

    folder: Path

    @property
    def home(self) -> Path:
        """The folder of all our files."""
        return self.folder / OURS

    @property
    def journal(self) -> Path:
        """Every change ever made, one a line."""
        return self.home / "journal.jsonl"

    @property
    def mark(self) -> Path:
        """From where in the journal changes may not be in the files yet."""
        return self.home / "mark.json"

    @property
    def lock(self) -> Path:
        """Held by the one writer."""
        return self.home / "lock"

    @property
    def sidecar(self) -> Path:
        """What Studio's files have no place for: done marks, flags, keys and colours."""
        return self.home / "project.json"

    @property
    def original(self) -> Path:
        """The project file as it was before our first change."""
        return self.home / "original.improj"

    @property
    def view(self) -> Path:
        """Cursor, zoom, filters: where the user was."""
        return self.home / "view.json"

    @property
    def cache(self) -> Path:
        """Signals as read; may be deleted at any time."""
        return self.home / "cache"

    @property
    def runs(self) -> Path:
        """One folder a job."""
        return self.home / "runs"

    @property
    def conflicts(self) -> Path:
        """Versions of files that another program changed while we had edits for them."""
        return self.home / "conflicts"

    @property
    def making(self) -> Path:
        """Files that are being made for sessions that are not in the project yet."""
        return self.home / "making.jsonl"

    @property
    def state(self) -> Path:
        """Notes on saved files: which versions hold which changes, and where labels came from."""
        return self.home / "state"

    def side_file(self, document: str) -> Path:
        """What we know of a saved document beyond its text."""
        digest = hashlib.sha256(document.encode("utf-8", "surrogatepass")).hexdigest()[:24]
        return self.state / digest[:2] / f"{digest}.json"
