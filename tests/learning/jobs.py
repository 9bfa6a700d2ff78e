"""Training jobs on made-up recordings, and what they say, for tests of learning."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from labelloop.contract.training import TrainingJob
from labelloop.learning.data.prepared import Example
from tests.learning.made import movements

job_of = TrainingJob.from_json


class Shelf:
    """Recordings by name of file."""

    def __init__(self, examples: list[Example]) -> None:
        self.known = {f"/data/{x.name}": x.recording for x in examples}

    def load(self, source: Path) -> Any:
        return self.known[str(source)]


class Notes:
    """What a job said; ``stop_at`` events it is asked to stop."""

    def __init__(self, stop_after: int = 10**9) -> None:
        self.said: list[dict[str, Any]] = []
        self.parts: dict[int, dict[str, Any]] = {}
        self.stop_after = stop_after

    def report(self, type: str, **values: Any) -> None:
        self.said.append({"type": type, **values})

    def part(self, index: int, value: dict[str, Any]) -> None:
        self.parts[index] = value

    @property
    def stopped(self) -> bool:
        return len([e for e in self.said if e["type"] == "epoch"]) >= self.stop_after

    @property
    def texts(self) -> str:
        return " ".join(e["text"] for e in self.said if e["type"] == "message")


def row(example: Example, part: str, **more: Any) -> dict[str, Any]:
    labels = [[e.start, e.end, e.name] for e in example.events]
    source = f"/data/{example.name}"
    return {"id": example.id, "name": example.name, "set": part, "source": source, "labels": labels, **more}


def request(parts: dict[str, list[Example]], **more: Any) -> dict[str, Any]:
    rows = [row(x, part) for part, examples in parts.items() for x in examples]
    return {"kind": "train", "preset": "quick", "seed": 1, "classes": [], "sessions": rows, **more}


def shelf(parts: dict[str, list[Example]]) -> Shelf:
    return Shelf([x for examples in parts.values() for x in examples])


MOVES = {
    "train": [movements(1), movements(2)],
    "validation": [movements(3)],
    "test": [movements(4, shift=-3.0)],
}
