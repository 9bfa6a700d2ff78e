"""A generation job as both sides know it: where a model looks for events, and what it found in a session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from labelloop.contract.values import Json, items, mapping, names, rows, text, whole

FoundRow = tuple[float, float, str, float]  # start, end (s), class, confidence


@dataclass(frozen=True, slots=True)
class SessionSource:
    """A session that a model looks at."""

    id: str
    name: str
    source: str

    def to_json(self) -> dict[str, Any]:
        """As requests hold it."""
        return {"id": self.id, "name": self.name, "source": self.source}

    @classmethod
    def from_json(cls, data: Json) -> SessionSource:
        """Read one back."""
        return cls(text(data.get("id")), text(data.get("name")), text(data.get("source")))


@dataclass(frozen=True, slots=True)
class GenerationJob:
    """What a generation job is to do, and how the holder of the lock applies what it finds.

    ``settings`` differ from the model's own post-processing. ``target`` and what follows say how found
    events meet the labels that are there; ``dry`` asks what would be done.
    """

    model: str
    sessions: tuple[SessionSource, ...]
    classes: tuple[str, ...]
    cache_dir: str
    settings: Json = field(default_factory=dict)
    target: str = ""
    existing: str = ""
    min_length_s: float = 0.0
    least_part: Json = field(default_factory=dict)
    dry: bool = False
    resample: bool = False
    by_position: bool = False  # channels are taken in their order, whatever they are called

    def to_json(self) -> dict[str, Any]:
        """As request.json holds it, less what every run adds."""
        return {
            "version": 1,
            "model": self.model,
            "settings": dict(self.settings),
            "classes": list(self.classes),
            "cache_dir": self.cache_dir,
            "sessions": [session.to_json() for session in self.sessions],
            "target": self.target,
            "existing": self.existing,
            "min_length_s": self.min_length_s,
            "least_part": dict(self.least_part),
            "dry": self.dry,
            "resample": self.resample,
            **({"by_position": True} if self.by_position else {}),
        }

    @classmethod
    def from_json(cls, data: Json) -> GenerationJob:
        """Read a request back."""
        return cls(
            text(data.get("model")),
            tuple(map(SessionSource.from_json, rows(data.get("sessions")))),
            names(data.get("classes")),
            text(data.get("cache_dir")),
            mapping(data.get("settings")),
            text(data.get("target")),
            text(data.get("existing")),
            float(data.get("min_length_s") or 0.0),
            mapping(data.get("least_part")),
            bool(data.get("dry")),
            bool(data.get("resample")),
            bool(data.get("by_position")),
        )


@dataclass(frozen=True, slots=True)
class SessionEvents:
    """What was found in one session, or the sentence that says why nothing was looked for."""

    id: str
    events: tuple[FoundRow, ...] = ()
    error: str = ""
    dropped: Mapping[str, int] = field(default_factory=dict)  # how many events each limit took

    def to_json(self) -> dict[str, Any]:
        """As a result file holds it."""
        data = {"id": self.id, "events": [list(row) for row in self.events], "error": self.error or None}
        return data | ({"dropped": dict(self.dropped)} if self.dropped else {})

    @classmethod
    def from_json(cls, data: Json) -> SessionEvents:
        """Read a result file back. One that is damaged says so in ``error``."""
        try:
            found = tuple((float(a), float(b), str(c), float(d)) for a, b, c, d in items(data["events"]))
        except (KeyError, TypeError, ValueError):
            return cls(text(data.get("id")), (), text(data.get("error")) or "Its result file is damaged.")
        counts = {str(k): whole(v) or 0 for k, v in mapping(data.get("dropped")).items()}
        return cls(text(data.get("id")), found, text(data.get("error")), counts)


@dataclass(frozen=True, slots=True)
class ScoreRequest:
    """A session that a model's process shall score while a wizard is open."""

    model: str
    session: SessionSource

    def to_json(self) -> dict[str, Any]:
        """As a file below ``ask`` holds it."""
        return {"model": self.model, "session": self.session.to_json()}

    @classmethod
    def from_json(cls, data: Json) -> ScoreRequest:
        """Read one back."""
        return cls(text(data.get("model")), SessionSource.from_json(mapping(data.get("session"))))
