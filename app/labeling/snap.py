"""Edges from the signal itself (placeholder)."""

from __future__ import annotations

from app.project.segment import Segment


class Snapper:
    """Finds edges."""

    def edges(self, segment: Segment) -> Segment:
        """Edges."""
        return segment

    def event(self, at: float, length: float) -> Segment | None:
        """Event."""
        return None
