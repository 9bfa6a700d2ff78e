"""What a run of the suite left out, in one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable


def reason_of(longrepr: object) -> str:
    """Why a report says its test was skipped; pytest gives a tuple of file, line and reason."""
    text = str(longrepr[2]) if isinstance(longrepr, tuple) and len(longrepr) == 3 else str(longrepr)
    return " ".join(text.removeprefix("Skipped: ").split()) or "no reason given"


def left_out(reasons: Iterable[str], deselected: int = 0) -> str:
    """One line that counts the tests left out by reason, the most frequent first; never empty."""
    counts = Counter(reasons)
    parts = [f"{count} because {why}" for why, count in sorted(counts.items(), key=lambda x: (-x[1], x[0]))]
    if deselected:
        parts.append(f"{deselected} not selected")
    return "left out: " + ("; ".join(parts) if parts else "nothing")
