"""One request for generated labels, as the wizard and the command line make it."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from labelloop.errors import UserError, printable
from labelloop.jobs.progress import JobStatus
from labelloop.labeling.postprocess import PER_CLASS
from labelloop.labeling.tracks import KEEP, Adjustment, Adjustments
from labelloop.services.generating.merging import Outcome, Rules, Run, Target, post_settings, split_setting
from labelloop.services.sessions.names import joined

MODEL_OPTIONS = ("threshold", "min_length", "max_length", "gap")
TRACK_OPTIONS = ("offset", "by", "factor", "length", "gap", "min_length", "max_length")


@dataclass(frozen=True, slots=True)
class GenerateRequest:
    """What a user asks for. ``settings`` maps an option to its words, ``value`` or ``CLASS:value``."""

    method: str
    sessions: tuple[str, ...]
    target: Target
    source: tuple[str, ...] = ()
    existing: str = KEEP
    classes: tuple[str, ...] = ()
    settings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    resize: str = ""
    rename: tuple[str, ...] = ()
    add_classes: bool = False
    resample: bool = False
    by_position: bool = False

    @property
    def rules(self) -> Rules:
        """How found events meet the labels that are there. Raises UserError for what is no number."""
        least, _ = split_setting(self.settings.get("min_length", ()), "--min-length")
        return Rules(self.target, self.existing, self.classes, least or 0.0, self.add_classes)

    def number(self, option: str) -> float | None:
        """A setting's value for all classes. Raises UserError when it is no number."""
        return split_setting(self.settings.get(option, ()), "--" + option.replace("_", "-"))[0]

    @property
    def one_source(self) -> str:
        """The only source. Raises UserError when there is none or several."""
        if len(self.source) != 1:
            raise UserError(f"The method {self.method} needs one source.")
        return self.source[0]

    def to_json(self) -> dict[str, Any]:
        """As a run keeps it."""
        return {**asdict(self), "target": str(self.target), "settings": dict(self.settings)}

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> GenerateRequest:
        """What a run kept. Raises UserError when it can't be read."""
        try:
            lists = {n: tuple(data[n]) for n in ("sessions", "source", "classes", "rename")}
            settings = {str(n): tuple(words) for n, words in data["settings"].items()}
            target = Target.parse(data["target"])
            return GenerateRequest(**{**data, **lists, "target": target, "settings": settings})
        except (TypeError, KeyError, AttributeError, ValueError) as error:
            raise UserError("What was asked of the run can't be read: generate the labels anew.") from error

    def words(self, project: Path) -> list[str]:
        """The command that does the same."""
        alone = len(list(project.parent.glob("*.improj"))) == 1
        out = ["labelloop", "generate", str(project.parent if alone else project), "--method", self.method]
        for option, values in (("source", self.source), ("sessions", self.sessions)):
            for value in values:
                out += [f"--{option}", value]
        out += ["--target", str(self.target)]
        if self.existing != KEEP:
            out += ["--existing", self.existing]
        if self.classes:
            out += ["--classes", joined(self.classes)]
        for option in sorted(self.settings):
            for value in self.settings[option]:
                out += [f"--{option.replace('_', '-')}", value]
        if self.resize:
            out += ["--resize", self.resize]
        for value in self.rename:
            out += ["--rename", value]
        flags = (
            ("--add-classes", self.add_classes),
            ("--resample", self.resample),
            ("--channels-by-position", self.by_position),
        )
        return [*out, *(name for name, on in flags if on)]

    def command(self, project: Path) -> str:
        """The same as one line for a shell."""
        return shlex.join(self.words(project))


@dataclass
class Finished:
    """A generation that was done at once."""

    outcome: Outcome
    status: JobStatus | None = None

    def poll(self) -> bool:
        """It is over."""
        return True

    def cancel(self) -> None:
        """There is nothing left to stop."""


def track_adjustments(request: GenerateRequest) -> Adjustments:
    """What a request does to a track's labels. Raises UserError for words that make no sense."""
    options: dict[str, Any] = {name: request.settings.get(name, ()) for name in TRACK_OPTIONS}
    return adjustments({**options, "resize": request.resize, "rename": request.rename})


def model_settings(request: GenerateRequest) -> dict[str, Any]:
    """The post-processing settings that differ from the model's own. Raises UserError for no number."""
    general: dict[str, float | None] = {}
    own: dict[str, dict[str, float]] = {}
    for option, name in zip(MODEL_OPTIONS, PER_CLASS, strict=True):
        general[name], own[name] = split_setting(
            request.settings.get(option, ()), "--" + option.replace("_", "-")
        )
    return post_settings(general, own)


def wait_for_run(run: Run, on_status: Callable[[JobStatus], None] | None = None) -> Outcome:
    """Poll until the run is over. Ctrl+C cancels it and keeps whole sessions.

    Raises:
        UserError: the worker failed.
    """
    try:
        while not run.poll():
            if on_status is not None and run.status is not None:
                on_status(run.status)
            time.sleep(0.05)
    except KeyboardInterrupt:
        run.cancel()
        raise
    return run.outcome


def adjustments(request: Mapping[str, Any]) -> Adjustments:
    """What the words of the command line (``offset``, ``by``, ``rename``, ...) do to labels.

    Raises:
        UserError: a value is no number, or a renaming is not of the form A=B.
    """
    fields = {
        "offset": "offset_s",
        "by": "by_s",
        "factor": "factor",
        "length": "length_s",
        "gap": "gap_s",
        "min_length": "min_length_s",
        "max_length": "max_length_s",
    }
    general: dict[str, Any] = {"resize": request.get("resize") or "end"}
    own: dict[str, dict[str, Any]] = {}
    for option, name in fields.items():
        value, values = split_setting(request.get(option) or (), "--" + option.replace("_", "-"))
        if value is not None:
            general[name] = value
        for cls, number in values.items():
            own.setdefault(cls, {})[name] = number
    for word in request.get("rename") or ():
        old, equals, new = word.partition("=")
        if not equals or not old or not new:
            raise UserError(f"--rename needs OLD=NEW, not '{printable(word)}'.")
        own.setdefault(old, {})["rename"] = new
    default = Adjustment(**general)
    return Adjustments(default, {cls: replace(default, **values) for cls, values in own.items()})
