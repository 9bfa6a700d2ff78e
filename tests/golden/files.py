"""The files that version 0.1.0 left, read as they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "labelloop"


def text(path: str) -> str:
    """A file's text."""
    return (HERE / path).read_text(encoding="utf-8")


def value(path: str) -> Any:
    """A file's JSON value."""
    return json.loads(text(path))
