"""One label (event) of a session."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from labelloop.project.segment import Segment

USER = ""  # the origin of a label made by hand, and of every row without a record


@dataclass(frozen=True, slots=True)
class Label:
    """One event: a class from ``start`` over ``length`` seconds.

    ``origin`` says where it came from (USER, or ``run:ID``, ``track:NAME``, ``import:FILE``) and
    ``confirmed`` whether a user vouches for it; neither is in the label file. ``source_text`` is the
    row as it was read, kept so that an untouched row is written back unchanged; it is no part of equality.
    """

    start: float
    length: float
    name: str
    confidence: float = 1.0
    comment: str = ""
    origin: str = USER
    confirmed: bool = True
    source_text: str = field(default="", compare=False, repr=False)

    @classmethod
    def spanning(cls, start: float, end: float, name: str, **more: object) -> Label:
        """A label from start to end, with a length that is short to write and does not pass the end."""
        length = round(end - start, 9)
        if start + length > end:
            length = min(length, end - start)
        while length > 0 and (over := start + length - end) > 0:  # the sum is rounded, too
            length = max(0.0, min(length - over, math.nextafter(length, 0.0)))
        return cls(start, length, name, **more)  # type: ignore[arg-type]

    @property
    def end(self) -> float:
        """The first moment after the label, in seconds."""
        return self.start + self.length

    @property
    def segment(self) -> Segment:
        """The label's stretch of time."""
        return Segment(self.start, self.end)

    def moved(self, start: float, end: float) -> Label:
        """The same label from start to end, no longer the row that was read."""
        fresh = Label.spanning(start, end, self.name)
        return replace(self, start=fresh.start, length=fresh.length, source_text="")

    def key(self) -> tuple[float, float, str, float, str, str, bool]:
        """What the track is sorted by: time first, then all else: order never depends on history."""
        rest = (self.confidence, self.comment, self.origin, self.confirmed)
        return (self.start, self.length, self.name, *rest)


def problem_of(label: Label) -> str | None:
    """Why this label can't be in a track, or None."""
    if not (math.isfinite(label.start) and math.isfinite(label.length)):
        return "its times are not finite numbers"
    if label.length < 0:
        return f"it ends before it starts (at {label.start} s, length {label.length} s)"
    if not label.name.strip():
        return "it has no class"
    return None
