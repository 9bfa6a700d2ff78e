"""What the Generate Labels wizard holds: a frozen value that survives going back and a dropped connection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import Enum, auto
from typing import Any, NamedTuple

from labelloop.errors import UserError
from labelloop.labeling.tracks import KEEP
from labelloop.services.generating.merging import EXISTING, Target
from labelloop.services.generating.request import GenerateRequest

METHOD, SOURCE, TARGET, SETTINGS, SUMMARY, PROGRESS, RESULT = range(1, 8)
STEPS = {
    METHOD: "Method",
    SOURCE: "Source",
    TARGET: "Target",
    SETTINGS: "Settings",
    SUMMARY: "Summary",
    PROGRESS: "Progress",
    RESULT: "Result",
}


class Source(Enum):
    """What a method starts from."""

    MODEL = auto()
    TRACK = auto()
    EXAMPLES = auto()
    RULE = auto()
    NOTHING = auto()


class MethodRow(NamedTuple):
    """How the wizard offers a method; ``by_class`` says that its settings can differ by class."""

    title: str
    what: str
    source: Source
    by_class: bool = False


METHODS = {
    "model": MethodRow("Model Assisted", "a trained model finds the events", Source.MODEL, by_class=True),
    "track": MethodRow(
        "From existing label track", "move, resize, merge, rename the labels of a track", Source.TRACK
    ),
    "similar": MethodRow(
        "Find similar", "example events are the pattern, before any model exists", Source.EXAMPLES
    ),
    "threshold": MethodRow(
        "Threshold", "where a channel, or several together, lie over or under a level", Source.RULE
    ),
    "session": MethodRow(
        "Whole session", "one label from start to end, by the folder's name", Source.NOTHING
    ),
}
NO_METHOD = MethodRow("", "", Source.NOTHING)  # of a saved answer that no method has


FOR_CLASS = "for_class"  # the class that the settings on the screen are for; empty for all
BY_CLASS = frozenset({"threshold", "min_length", "max_length", "gap"})


def word_for(words: str, cls: str) -> str:
    """A setting's value for a class, or for all classes when ``cls`` is empty; empty when there is none.

    >>> word_for("0.4\\ndown:0.3", "down"), word_for("0.4\\ndown:0.3", ""), word_for("0.4", "up")
    ('0.3', '0.4', '')
    """
    found = (word.rpartition(":") for word in words.splitlines())
    return next((value for name, _, value in found if name == cls), "")


def with_word(words: str, cls: str, value: str) -> str:
    """A setting's words, one a line, with another value for a class or for all classes.

    >>> with_word("0.4", "down", "0.3"), with_word("0.4\\ndown:0.3", "", "")
    ('0.4\\ndown:0.3', 'down:0.3')
    """
    kept = [word for word in words.splitlines() if word.rpartition(":")[0] != cls]
    new = [f"{cls}:{value}" if cls else value] if value else []
    return "\n".join(kept + new if cls else new + kept)


@dataclass(frozen=True, slots=True)
class WizardState:
    """All answers so far; those that belong to a method are kept for each of them.

    ``set_for`` holds, by method, the words that differ from the defaults, by option.
    """

    step: int = METHOD
    method: str = "model"
    sources: Mapping[str, str] = field(default_factory=dict)  # for each method; examples separated by lines
    sessions: tuple[str, ...] = ()  # paths
    target_kind: str = EXISTING
    track: str = ""
    existing: str = KEEP
    set_for: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    run: str = ""

    @property
    def settings(self) -> Mapping[str, str]:
        """The settings of the chosen method that differ from the defaults."""
        return self.set_for.get(self.method, {})

    def with_settings(self, settings: Mapping[str, str]) -> WizardState:
        """With these settings for the chosen method, empty ones left out."""
        return replace(self, set_for={**self.set_for, self.method: {k: v for k, v in settings.items() if v}})

    @property
    def source(self) -> str:
        """The source for the chosen method."""
        return self.sources.get(self.method, "")

    @property
    def row(self) -> MethodRow:
        """How the chosen method is offered."""
        return METHODS.get(self.method, NO_METHOD)

    def with_source(self, source: str) -> WizardState:
        """With another source for the chosen method."""
        return replace(self, sources={**self.sources, self.method: source})

    def with_setting(self, name: str, value: str) -> WizardState:
        """With another value for a setting; where it can differ by class, of the class on the screen."""
        if self.row.by_class and name in BY_CLASS:
            value = with_word(self.settings.get(name, ""), self.settings.get(FOR_CLASS, ""), value)
        return self.with_settings({**self.settings, name: value})

    def request(self) -> GenerateRequest:
        """What the answers ask for. Raises UserError when something is missing."""
        if not self.sessions:
            raise UserError("No session is chosen: go back and tick some.")
        own = {name: value for name, value in self.settings.items() if name != FOR_CLASS}
        resize, rename, classes = own.pop("resize", ""), own.pop("rename", ""), own.pop("classes", "")
        add_classes = own.pop("add_classes", "no") == "yes"
        return GenerateRequest(
            self.method,
            self.sessions,
            Target.parse(f"{self.target_kind}:{self.track}"),
            tuple(self.source.splitlines()),
            self.existing,
            tuple(n.strip() for n in classes.split(",") if n.strip()),
            {name: tuple(value.splitlines()) for name, value in own.items() if value},
            resize,
            tuple(rename.split(",")) if rename else (),
            add_classes,
        )

    def to_json(self) -> dict[str, Any]:
        """For the view state."""
        return asdict(self)

    @staticmethod
    def from_json(data: Mapping[str, Any], sessions: Sequence[str]) -> WizardState | None:
        """The saved state when it fits: the same sessions were chosen, or none in particular."""
        try:
            state = WizardState(**{**data, "sessions": tuple(data["sessions"])})
        except (TypeError, KeyError):
            return None
        if sessions and tuple(sessions) != state.sessions:
            return None
        return state if METHOD <= state.step <= SUMMARY else None
