"""A half-open stretch of time within a session."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class Segment:
    """``[start, end)`` in seconds of the session's own time.

    Raises:
        ValueError: a bound is not a finite number, or the end lies before the start.

    >>> Segment(1, 3) & Segment(2, 5)
    Segment(start=2, end=3)
    >>> Segment(1, 2) & Segment(2, 3) is None
    True
    """

    start: float
    end: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.start) and math.isfinite(self.end)):
            raise ValueError(f"a segment needs finite times, not {self.start} to {self.end}")
        if self.end < self.start:
            raise ValueError(f"a segment can't end ({self.end}) before it starts ({self.start})")

    @property
    def length(self) -> float:
        """Seconds from start to end."""
        return self.end - self.start

    @property
    def centre(self) -> float:
        """The time halfway between start and end."""
        return (self.start + self.end) / 2

    def __and__(self, other: Segment) -> Segment | None:
        """The common part, or None when they share none of positive length."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Segment(start, end) if start < end else None

    def __contains__(self, time: float) -> bool:
        return self.start <= time < self.end

    def iou(self, other: Segment) -> float:
        """Intersection over union, 0 to 1.

        >>> Segment(0, 2).iou(Segment(1, 3)) == 1 / 3
        True
        """
        common = min(self.end, other.end) - max(self.start, other.start)
        union = max(self.end, other.end) - min(self.start, other.start)
        return max(0.0, common) / union if union > 0 else 0.0
