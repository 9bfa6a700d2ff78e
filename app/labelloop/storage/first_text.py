"""What a label file was before the program first wrote it: undoing everything brings back its bytes."""

from __future__ import annotations

import base64
import contextlib
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from labelloop.errors import UserError
from labelloop.formats.labels.label_file import parse_labels
from labelloop.project.labels import Label

KEY = "original"
_MOST_BYTES = 1 << 18  # a longer file is written in Studio's order when its labels come back


def packed(data: bytes | None) -> str:
    """A file's content for a note in JSON; nothing for a long one or none."""
    if not data or len(data) > _MOST_BYTES:
        return ""
    return base64.b85encode(zlib.compress(data, 9)).decode("ascii")


def original_of(extra: Mapping[str, Any], labels: Iterable[Label], count: int) -> bytes | None:
    """The first content when it holds just these labels again; None when it doesn't, or is not known."""
    text = extra.get(KEY)
    if not isinstance(text, str) or not text:
        return None
    with contextlib.suppress(ValueError, zlib.error, UserError):
        unpacker = zlib.decompressobj()
        data = unpacker.decompress(base64.b85decode(text), _MOST_BYTES)
        held = parse_labels(data, "its first version").labels
        if len(held) == count and Counter(map(_written, held)) == Counter(map(_written, labels)):
            return data
    return None


def _written(label: Label) -> tuple[float, float, str, float, str]:
    return label.start, label.length, label.name, label.confidence, label.comment
