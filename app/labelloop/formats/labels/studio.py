"""Studio's own label files, as one of the formats to exchange."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from labelloop.formats.labels.label_file import EMPTY_LABELS, parse_labels
from labelloop.formats.labels.session_labels import SessionLabels


def read(data: bytes, where: str) -> list[SessionLabels]:
    """The labels of a file; they are written anew when they come into another one. Raises UserError."""
    labels = tuple(replace(label, source_text="") for label in parse_labels(data, where).labels)
    return [SessionLabels("", labels)]


def write(sessions: Sequence[SessionLabels]) -> bytes:
    """One session's file."""
    labels = [replace(label, source_text="") for session in sessions for label in session.labels]
    return bytes(parse_labels(EMPTY_LABELS, "new").render(labels))
