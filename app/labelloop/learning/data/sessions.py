"""The sessions of a training request: read, checked, and put into sets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from labelloop.contract.recipes import GOAL, rates_alike
from labelloop.contract.training import LabelledSession, TrainingJob
from labelloop.errors import UserError, printable
from labelloop.labeling.matching import Event
from labelloop.learning.data.channels import aligned
from labelloop.learning.data.frames import Recording
from labelloop.learning.data.prepared import Example, Warped

Array = npt.NDArray[Any]


class Store(Protocol):
    """Where recordings come from; app.storage's SignalStore is one."""

    def load(self, source: Path) -> Recording:
        """The recording in a file."""


class Span:
    """Samples low to high of a recording."""

    def __init__(self, base: Recording, low: int, high: int) -> None:
        self._base, self._low, self._high = base, low, high
        self.times = base.times[low:high]
        self.names, self.rate_hz = base.names, base.rate_hz

    def read(self, i: int, j: int) -> Array:
        """Samples i to j of the span, (j - i, channels)."""
        return self._base.read(self._low + i, min(self._low + j, self._high))


@dataclass(frozen=True, slots=True)
class Sets:
    """What a training job learns from, is chosen by, and is tested on."""

    train: list[Example]
    validation: list[Example]
    test: list[Example]
    classes: tuple[str, ...]
    weights: Mapping[str, float] = field(default_factory=dict)

    @property
    def emphasis(self) -> Array:
        """How much each class counts in learning, (1 + classes,): background 1, classes 1 in the mean."""
        given = np.array([max(0.0, self.weights.get(c, 1.0)) for c in self.classes], dtype=np.float64)
        mean = given.mean() if len(given) else 0.0
        return np.concatenate([[1.0], given / mean if mean > 0 else np.ones(len(given))]).astype(np.float32)

    @property
    def lengths(self) -> dict[str, list[float]]:
        """Seconds of the known events of each class, in Train and Validation."""
        both = {id(x): x for x in (*self.train, *self.validation)}.values()
        return {c: [e.end - e.start for x in both for e in x.events if e.name == c] for c in self.classes}


def read_sets(job: TrainingJob, store: Store, report: Callable[[str], None]) -> Sets:
    """The sets of a job. What a user should know is told by ``report``.

    Raises:
        UserError: there is nothing to learn from, or the sessions don't fit together.
    """
    parts: dict[str, list[Example]] = {"train": [], "validation": [], "test": []}
    for session in job.sessions:
        if session.set in parts:
            example = _example(session, store)
            if example is None:
                report(f"{printable(session.name)} has fewer than two samples and is left out.")
            else:
                parts[session.set].append(example)
    classes = _classes(job, parts["train"])
    for name, examples in parts.items():
        parts[name] = [_only(x, classes) for x in examples]
    everything = [x for examples in parts.values() for x in examples]
    alike = aligned(everything, job.by_position, report)
    parts = {name: [alike[id(x)] for x in examples] for name, examples in parts.items()}
    if job.resample:
        rate = usual_rate([x for examples in parts.values() for x in examples])
        for name, examples in parts.items():
            parts[name] = [replace(x, recording=at_rate(x.recording, rate)) for x in examples]
    _check_rates([x for examples in parts.values() for x in examples])
    if not any(x.events for x in parts["validation"]):
        parts["train"], parts["validation"] = hold_out(parts["train"], report)
    lacking = [c for c in classes if not any(e.name == c for x in parts["validation"] for e in x.events)]
    if lacking:
        names = ", ".join(printable(c) for c in lacking)
        report(f"Validation has no events of {names}: settings for them follow from the other classes.")
    if unlearned := [c for c in classes if job.class_weights.get(c, 1.0) <= 0]:
        names = ", ".join(map(printable, unlearned))
        report(f"The weight of {names} is 0: nothing is learned of it.")
    return Sets(parts["train"], parts["validation"], parts["test"], classes, dict(job.class_weights))


def _example(session: LabelledSession, store: Store) -> Example | None:
    recording = store.load(Path(session.source))
    times = recording.times
    if len(times) < 2:
        return None
    low, high = float(times[0]), float(times[-1])
    events = [Event(max(low, a), min(high, b), c) for a, b, c in session.labels]
    ignore = list(session.ignore)
    if session.ignore_after is not None:
        ignore.append((session.ignore_after, float(np.nextafter(high, np.inf))))
    good = tuple(sorted(e for e in events if e.end > e.start))
    return Example(session.name, recording, good, tuple(ignore), session.id)


def _classes(job: TrainingJob, train: Sequence[Example]) -> tuple[str, ...]:
    if not train:
        raise UserError("Train has no sessions: assign some labelled ones to it.")
    present = {e.name for x in train for e in x.events}
    wanted = job.classes or tuple(sorted(present))
    if not present & set(wanted):
        which = " of " + ", ".join(printable(c) for c in wanted) if wanted else ""
        raise UserError(f"Train has no labels{which}: label some events (about {GOAL}) first.")
    return tuple(c for c in wanted if c in present)


def _only(example: Example, classes: Sequence[str]) -> Example:
    return replace(example, events=tuple(e for e in example.events if e.name in classes))


def usual_rate(examples: Sequence[Example]) -> float:
    """The median of the recordings' rates, in Hz."""
    return float(np.median([x.recording.rate_hz for x in examples]))


def at_rate(recording: Recording, rate_hz: float) -> Recording:
    """The recording itself when its rate is like this one, else resampled to it (linear interpolation)."""
    if rates_alike(recording.rate_hz, rate_hz) or not recording.rate_hz:
        return recording
    return Warped(recording, rate_hz / recording.rate_hz)


def _check_rates(examples: Sequence[Example]) -> None:
    """All sessions have like rates. Raises UserError naming one that has not."""
    rate = usual_rate(examples)
    for x in examples:
        if not rates_alike(x.recording.rate_hz, rate):
            raise UserError(
                f"Sessions with different rates can't train one model: {printable(x.name)} has "
                f"{x.recording.rate_hz:.4g} samples a second and most have {rate:.4g}; --resample "
                f"brings them to one rate."
            )


def hold_out(train: list[Example], report: Callable[[str], None]) -> tuple[list[Example], list[Example]]:
    """Train and a part of it as validation: about a quarter of the sessions, or the end of a single one."""
    labelled = [x for x in train if x.events]
    if len(labelled) > 1:
        held = _sessions_to_hold(labelled)
        names = ", ".join(printable(x.name) for x in held)
        report(
            f"Validation has no labels: {names} of Train {'is' if len(held) == 1 else 'are'} held out "
            f"instead."
        )
        return [x for x in train if x not in held], held
    only = labelled[0]
    if len(only.events) < 2:
        report(
            "There is only one event: it has to serve for training and validation, so the figures mean "
            "little."
        )
        return train, [only]
    events = sorted(only.events)
    k = max(1, len(events) - max(1, len(events) // 4))
    cut = (max(e.end for e in events[:k]) + events[k].start) / 2
    at = int(np.clip(np.searchsorted(only.recording.times, cut), 1, len(only.recording.times) - 1))
    report(
        f"Validation has no labels: the end of {printable(only.name)} from {cut:.6g} s on is held out "
        f"instead."
    )
    parts = [part_of(only, 0, at), part_of(only, at, len(only.recording.times))]
    return [x for x in train if x is not only] + parts[:1], parts[1:]


def _sessions_to_hold(labelled: list[Example]) -> list[Example]:
    """About a quarter of the sessions, such that the rest keeps every class where that is possible."""
    held: list[Example] = []
    everything = {e.name for x in labelled for e in x.events}
    while len(held) < max(1, round(len(labelled) / 4)):
        rest = [x for x in labelled if x not in held]
        seen = {e.name for x in held for e in x.events}
        fits = [x for x in rest if {e.name for y in rest if y is not x for e in y.events} >= everything]
        fits = fits or ([] if held else rest)
        if not fits or len(rest) < 2:
            break
        held.append(max(fits, key=lambda x: (len({e.name for e in x.events} - seen), -len(x.events))))
    return held


def part_of(example: Example, low: int, high: int) -> Example:
    """The samples low to high of an example, with the events whose centre lies in them."""
    span = Span(example.recording, low, high)
    a, b = float(span.times[0]), float(span.times[-1])
    events = [
        e._replace(start=max(a, e.start), end=min(b, e.end))
        for e in example.events
        if a <= (e.start + e.end) / 2 < b
    ]
    return replace(example, recording=span, events=tuple(e for e in events if e.end > e.start))
