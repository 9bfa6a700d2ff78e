"""One session's labels on their way to or from a file: what every label format reads and writes."""

from __future__ import annotations

from dataclasses import dataclass

from labelloop.project.labels import Label


@dataclass(frozen=True, slots=True)
class SessionLabels:
    """One session's labels on their way to or from a file.

    ``session`` is how the file names it; empty where the file's own name says it. ``start`` and ``end`` are
    the session's ends, for formats that want to know them.
    """

    session: str
    labels: tuple[Label, ...]
    track: str = ""
    start: float = 0.0
    end: float = 0.0
