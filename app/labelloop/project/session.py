"""One session of a project: where its files lie and what the project file says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ClassTotal:
    """How many labels of one class a session has and the seconds they cover."""

    name: str
    count: int
    length: float


@dataclass(frozen=True, slots=True)
class TrackRef:
    """A track that a session file names. ``file`` is a path below the project's folder."""

    name: str
    file: str
    kind: str = "labelcsv"

    @property
    def is_label(self) -> bool:
        """Whether the track holds labels in a form we read."""
        return self.kind == "labelcsv"

    @property
    def is_signal(self) -> bool:
        """Whether the track holds a signal in a form we read."""
        return self.kind in ("datacsv", "audiowav")


@dataclass(frozen=True, slots=True)
class Session:
    """One recording and its tracks.

    ``data_file``, ``session_file`` and ``label_file`` are paths below the project's folder with forward
    slashes and no leading one. ``path`` is how users name the session: the recording's path below the data
    folder. ``totals`` and ``labels_modified`` (a .NET date, see formats/improj) describe the active label
    track as the project file last saw it. ``length_s`` is last time minus first.
    """

    id: str
    name: str
    path: str
    data_file: str
    session_file: str
    label_file: str
    data_track: str = "data"
    label_track: str = "label"
    locked: bool = False
    shape: tuple[int, ...] = ()
    rate_hz: float = 0.0
    start_s: float = 0.0
    length_s: float = 0.0
    data_modified: str = "0"
    labels_modified: str = "0"
    tags: str = "None"
    totals: tuple[ClassTotal, ...] = ()
    custom: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    done: frozenset[str] = frozenset()
    flag: str = ""
    message: str = ""

    @property
    def end_s(self) -> float:
        """The recording's last time, in seconds."""
        return self.start_s + self.length_s

    @property
    def broken(self) -> bool:
        """Whether the session can't be used; ``message`` says why."""
        return bool(self.message)
