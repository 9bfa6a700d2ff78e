"""Context length and prediction rate of the windowed family: suggested from the data, and what they do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from labelloop.errors import UserError
from labelloop.project.editor import Applied
from labelloop.project.label import Label
from labelloop.project.models import SetWindows
from labelloop.project.project import Project
from labelloop.project.sets import TRAIN
from labelloop.services.sessions.select import totals
from labelloop.storage.store import ProjectStore

LEAST, MOST, PER_CONTEXT = 8, 512, 8  # samples in a context; predictions in one
UNKNOWN_S = 1.0  # context where no label tells more


@dataclass(frozen=True, slots=True)
class Windows:
    """Two numbers, the rate they are for, and why they were chosen."""

    context_s: float
    prediction_hz: float
    rate_hz: float
    reason: str = ""

    @property
    def step_s(self) -> float:
        """Seconds from one prediction to the next, a whole number of samples."""
        return max(1, round(self.rate_hz / self.prediction_hz)) / self.rate_hz


@dataclass(frozen=True, slots=True)
class Effect:
    """What windows do to labels: how many become one window alone, are drowned out, and how edges move."""

    labels: int
    single: int
    lost: int
    edge_s: float


def seconds(value: float) -> str:
    """A short length of time.

    >>> seconds(0.04), seconds(1.5), seconds(12.34)
    ('40 ms', '1.5 s', '12.3 s')
    """
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.3g} s"


def chosen(project: Project, classes: Sequence[str] = ()) -> Windows:
    """The two numbers that the user chose, here or in Studio, else what is suggested.

    Raises:
        UserError: as ``suggested``.
    """
    kept = kept_windows(project)
    if kept is None:
        return suggested(project, classes)
    where = "here" if project.state.windows else "in the project file's preprocessor"
    return Windows(*kept, usual_rate(project), f"chosen {where}")


def kept_windows(project: Project) -> tuple[float, float] | None:
    """Context length and prediction rate that the user chose: here, else in Studio."""
    return project.state.windows or project.state.studio_windows


def choose(store: ProjectStore, windows: Windows | None) -> Applied:
    """Keep the two numbers with the project; None goes back to what is suggested."""
    kept = (windows.context_s, windows.prediction_hz) if windows else None
    return store.editor.apply(SetWindows(store.project.state.windows, kept))


def suggested(project: Project, classes: Sequence[str] = ()) -> Windows:
    """The two numbers for the labels of Train; without such, for those of other sets, or for the rate alone.

    Raises:
        UserError: no recording has a rate.
    """
    rate = usual_rate(project)
    lengths = [label.length for labels in train_labels(project, classes) for label in labels]
    whose = "a usual label"
    if not lengths:
        lengths, whose = (
            _lengths_elsewhere(project, classes),
            "Train has no labels yet; elsewhere a usual one",
        )
    usual = float(np.median(lengths)) if lengths else 2 * UNKNOWN_S
    samples = int(np.clip(round(usual * rate / 2), LEAST, MOST))
    step = max(1, samples // PER_CONTEXT)
    lasts = f"{whose} lasts {seconds(usual)}"
    if not lengths:
        why = f"there are no labels yet: {seconds(samples / rate)} of signal until they tell more"
    elif samples == LEAST:
        why = f"{lasts}, so {LEAST} samples, the fewest a network can use"
    elif samples == MOST:
        why = f"{lasts}, and {MOST} samples are enough for a network"
    else:
        why = f"{lasts}; half of it fits inside a label wherever it falls"
    return Windows(samples / rate, rate / step, rate, why)


def usual_rate(project: Project) -> float:
    """Samples a second in Train, or in all sets where Train has none. Raises UserError when nothing has."""
    sessions = [s for s in project.in_set(TRAIN) if s.rate_hz > 0 and not s.broken]
    sessions = sessions or [s for s in project.sessions() if s.rate_hz > 0 and not s.broken]
    if not sessions:
        raise UserError(f"{project.name} has no recording to choose windows for: add data first.")
    return float(np.median([s.rate_hz for s in sessions]))


def _lengths_elsewhere(project: Project, classes: Sequence[str]) -> list[float]:
    """The mean length of each session's labels of a class, as last counted: no label file is read."""
    found = [total for s in project.sessions() for total in totals(project, s)]
    return [t.length / t.count for t in found if t.count and (not classes or t.name in classes)]


def train_labels(project: Project, classes: Sequence[str] = ()) -> list[list[Label]]:
    """The labels of Train's sessions."""
    return [
        [x for x in project.track(s.id) if not classes or x.name in classes]
        for s in project.in_set(TRAIN)
        if not s.broken
    ]


def windows_of(label: tuple[float, float], w: Windows, start_s: float = 0.0) -> tuple[int, int]:
    """First and last window that get a label's class, by Studio's rule.

    >>> windows_of((1.0, 2.0), Windows(0.5, 10, 10))
    (10, 16)
    >>> windows_of((1.0, 1.1), Windows(0.5, 10, 10))
    (8, 8)
    """
    span_s = w.context_s - 1 / w.rate_hz
    first = int(np.floor((label[0] - start_s) / w.step_s + 0.5))
    last = int(np.floor((label[1] - span_s - start_s) / w.step_s + 0.5))
    if last < first:
        first = last = (first + last) // 2
    return first, last


def seen_as(label: tuple[float, float], w: Windows, start_s: float = 0.0) -> tuple[float, float]:
    """Start and end of a label after it went through windows: each speaks for a step about its middle."""
    first, last = windows_of(label, w, start_s)
    middle = start_s + w.context_s / 2
    return middle + (first - 0.5) * w.step_s, middle + (last + 0.5) * w.step_s


def effect(labels: Sequence[Sequence[Label]], w: Windows) -> Effect:
    """What becomes of the labels of several sessions."""
    every = single = lost = 0
    edges = [0.0]
    for track in labels:
        taken: dict[int, str] = {}
        for label in track:
            first, last = windows_of((label.start, label.end), w)
            every += 1
            single += first == last
            lost += all(taken.get(i, label.name) != label.name for i in range(first, last + 1))
            taken.update((i, label.name) for i in range(first, last + 1))
            start, end = seen_as((label.start, label.end), w)
            edges += [abs(start - label.start), abs(end - label.end)]
    return Effect(every, single, lost, max(edges))


def sentence(e: Effect, w: Windows) -> str:
    """What the windows do to the labels, in words."""
    if not e.labels:
        return (
            "Train has no labels yet, so what the windows do to them can't be shown: label some events first."
        )
    parts = [f"edges move by up to {seconds(e.edge_s)}"]
    if e.single:
        parts.insert(
            0, f"labels up to {seconds(w.context_s + w.step_s)} become one window: {e.single} of {e.labels}"
        )
    if e.lost:
        parts.insert(0, f"{e.lost} of {e.labels} vanish under a neighbour of another class")
    return "; ".join(parts) + "."
