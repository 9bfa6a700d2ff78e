"""Context length and prediction rate of the windowed family: suggested from the data, and what they do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.errors import UserError
from app.project.label import Label
from app.project.project import Project
from app.project.sets import TRAIN

LEAST, MOST, PER_CONTEXT = 8, 512, 8  # samples in a context; predictions in one


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


def suggested(project: Project, classes: Sequence[str] = ()) -> Windows:
    """The two numbers for the labels of Train. Raises UserError when there are none."""
    lengths = [label.length for labels in train_labels(project, classes) for label in labels]
    rates = [s.rate_hz for s in project.in_set(TRAIN) if s.rate_hz > 0]
    if not lengths or not rates:
        raise UserError("Train has no labels yet, so nothing can be suggested: label some events first.")
    rate, usual = float(np.median(rates)), float(np.median(lengths))
    samples = int(np.clip(round(usual * rate / 2), LEAST, MOST))
    step = max(1, samples // PER_CONTEXT)
    why = f"a usual label lasts {seconds(usual)}; half of it fits inside a label wherever it falls"
    if samples == LEAST:
        why = f"a usual label lasts {seconds(usual)}, so {LEAST} samples, the fewest a network can use"
    elif samples == MOST:
        why = f"{MOST} samples are enough for a network; a usual label lasts {seconds(usual)}"
    return Windows(samples / rate, rate / step, rate, why)


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
    parts = [f"edges move by up to {seconds(e.edge_s)}"]
    if e.single:
        parts.insert(
            0, f"labels up to {seconds(w.context_s + w.step_s)} become one window: {e.single} of {e.labels}"
        )
    if e.lost:
        parts.insert(0, f"{e.lost} of {e.labels} vanish under a neighbour of another class")
    return "; ".join(parts) + "."
