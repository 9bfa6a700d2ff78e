"""Reading JSON values that another process, another version or a damaged disk may have written."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]


def parsed(text: str | bytes) -> Any:
    """The value of a JSON text.

    Raises:
        ValueError: it is none, or so deeply nested or so long a number that no reader of ours wrote it.
    """
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def mapping(value: object) -> Json:
    """The value if it is a JSON object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def rows(value: object) -> list[Json]:
    """The JSON objects of a list; nothing of anything else."""
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def items(value: object) -> list[Any]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def number(value: object) -> float | None:
    """The value if it is a finite number, else None.

    >>> number(1), number(True), number("1"), number(float("nan"))
    (1.0, None, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if math.isfinite(value) else None


def whole(value: object) -> int | None:
    """The value as a whole number if it is a number, else None."""
    found = number(value)
    return None if found is None else int(found)


def text(value: object) -> str:
    """The value as text; nothing for None."""
    return "" if value is None else str(value)


def names(value: object) -> tuple[str, ...]:
    """The texts of a list."""
    return tuple(map(str, items(value)))
