"""From scores per frame to events: the settings, and the steps that apply them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from labelloop.errors import UserError
from labelloop.labeling.matching import Event

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Array = npt.NDArray[Any]

FLOOR = 1e-3  # smallest probability: one frame alone can't decide an event
NUMBERS = (
    "threshold",
    "min_length_s",
    "max_length_s",
    "gap_s",
    "switch",
    "cut",
    "snap_s",
    "least_score",
)
PER_CLASS = ("threshold", "min_length_s", "max_length_s", "gap_s")


@dataclass(frozen=True, slots=True)
class PostSettings:
    """How scores become events. Lengths in seconds.

    threshold: share of a class against background from which a frame belongs to it, 0 to 1.
    min_length_s, max_length_s: shorter and longer events are dropped; None for no upper limit.
    gap_s: two events of one class with at most this between them become one.
    switch: evidence (sum of log probabilities) that a change of class must bring; it gives each stretch one
        class.
    cut: strength of a boundary (0 to 1) from which an event is split there; None never splits.
    snap_s: how far an edge may move to the nearest peak of the onset or offset score; 0 leaves it.
    per_class: class name to those of the first four that differ for it.
    least_score: events with a lower mean score are dropped.
    """

    threshold: float = 0.5
    min_length_s: float = 0.0
    max_length_s: float | None = None
    gap_s: float = 0.0
    switch: float = 4.0
    cut: float | None = None
    snap_s: float = 0.0
    per_class: dict[str, dict[str, float | None]] = field(default_factory=dict)
    least_score: float = 0.0

    def __post_init__(self) -> None:
        for name in NUMBERS:
            _check(name, getattr(self, name), "")
        for cls, values in self.per_class.items():
            for name, value in values.items():
                if name not in PER_CLASS:
                    raise UserError(
                        f"There is no setting '{name}' for class '{cls}': use {', '.join(PER_CLASS)}."
                    )
                _check(name, value, f" of class '{cls}'")

    def of(self, cls: str, name: str) -> float | None:
        """One of the PER_CLASS settings as it applies to a class."""
        own = self.per_class.get(cls, {})
        value: float | None = own[name] if name in own else getattr(self, name)
        return value

    def merged(self, overrides: Mapping[str, Any]) -> PostSettings:
        """These settings with some replaced; a value for all classes replaces those of single classes too.

        A lower threshold asks for events that are less sure: the least score falls with it.
        """
        known = {f.name for f in fields(self)}
        if unknown := sorted(set(overrides) - known):
            raise UserError(
                f"There is no post-processing setting '{unknown[0]}': use {', '.join(sorted(known))}."
            )
        plain = {k: v for k, v in overrides.items() if k != "per_class"}
        own = {c: {k: v for k, v in d.items() if k not in plain} for c, d in self.per_class.items()}
        for cls, values in dict(overrides.get("per_class") or {}).items():
            own[cls] = {**own.get(cls, {}), **values}
        new = replace(self, **plain, per_class={c: d for c, d in own.items() if d})
        if "least_score" not in plain and new.threshold < self.threshold:
            new = replace(new, least_score=self.least_score * new.threshold / self.threshold)
        return new

    def to_json(self) -> dict[str, Any]:
        """A dict of plain values that ``from_json`` reads back."""
        out = {f.name: getattr(self, f.name) for f in fields(self)}
        out["per_class"] = {c: dict(d) for c, d in self.per_class.items()}
        return out

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> PostSettings:
        """Settings from a dict; what is absent keeps its default."""
        return cls().merged(data)


def _check(name: str, value: object, whose: str) -> None:
    if value is None:
        if name in ("max_length_s", "cut"):
            return
        raise UserError(f"The setting {name}{whose} needs a number.")
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise UserError(f"The setting {name}{whose} is {value!r}; it must be a number.")
    if name == "threshold" and not 0 < value < 1:
        raise UserError(f"The setting threshold{whose} is {value}; it must lie between 0 and 1.")
    if value < 0:
        raise UserError(f"The setting {name}{whose} is {value}; it can't be negative.")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Frames ``first`` up to ``last`` of one class, with edges in frames that may lie within a frame."""

    first: int
    last: int
    cls: int
    start: float
    end: float


def to_events(
    scores: Array,
    times: Array,
    classes: Sequence[str],
    settings: PostSettings,
    boundary: Array | None = None,
    dropped: dict[str, int] | None = None,
) -> list[Event]:
    """Events, sorted and without overlap, from scores per frame.

    Args:
        scores: (frames, 1 + classes) probabilities, background first.
        times: (frames + 1,) seconds: where each frame starts, and the end of the last one.
        classes: names of the columns after the first.
        settings: how to do it.
        boundary: (frames, 2) nearness of an onset and of an offset, 0 to 1; None when the model has none.
        dropped: counts here how many events which limit dropped.

    Nothing else that is passed is changed. No event leaves ``times[0]`` to ``times[-1]``.
    """
    if len(scores) == 0:
        return []
    edges = np.asarray(times, dtype=np.float64)
    logs = _biased(scores, classes, settings)
    stretches = _stretches(logs, settings.switch)
    strength = None if boundary is None else _strength(boundary)
    if strength is not None and settings.cut is not None:
        stretches = _cut(stretches, strength, edges, classes, settings)
    if boundary is not None and settings.snap_s > 0:
        stretches = _snapped(stretches, boundary, edges, settings.snap_s)
    events = _close_gaps(_as_events(stretches, scores, edges, classes), strength, edges, settings)
    kept: list[Event] = []
    for event in events:
        if limit := limit_of(event, settings):
            if dropped is not None:
                dropped[limit] = dropped.get(limit, 0) + 1
        else:
            kept.append(event)
    return kept


def _biased(scores: Array, classes: Sequence[str], settings: PostSettings) -> Floats:
    """Log probabilities with the threshold turned into a head start of background."""
    logs: Floats = np.log(np.clip(np.asarray(scores, dtype=np.float64), FLOOR, 1.0))
    for k, name in enumerate(classes):
        threshold = settings.of(name, "threshold") or 0.5
        logs[:, k + 1] -= math.log(threshold / (1 - threshold))
    return logs


def _stretches(logs: Floats, switch: float) -> list[Stretch]:
    """The runs of one class that explain the frames best when each change costs ``switch``.

    Frames with the same likeliest class are taken as one piece first, so that the search is short.
    """
    best = np.argmax(logs, axis=1)
    starts = np.concatenate([[0], np.flatnonzero(np.diff(best)) + 1])
    sums = np.add.reduceat(logs, starts, axis=0)
    path = _cheapest(sums, switch) if switch > 0 else best[starts]
    change = np.concatenate([[True], np.diff(path) != 0])
    first = starts[change]
    last = np.concatenate([first[1:], [len(logs)]])
    kinds = path[change].tolist()
    where = [_crossing(logs, f, kinds[n - 1], kinds[n]) if n else 0.0 for n, f in enumerate(first.tolist())]
    where.append(float(len(logs)))
    return [
        Stretch(int(f), int(e), cls, where[n], where[n + 1])
        for n, (f, e, cls) in enumerate(zip(first, last, kinds, strict=True))
        if cls > 0
    ]


def _cheapest(sums: Floats, switch: float) -> Ints:
    """Viterbi over pieces: (pieces, classes) evidence in, the best class of each piece out."""
    count, width = sums.shape
    back = np.zeros((count, width), dtype=np.int64)
    stay = np.arange(width)
    total = sums[0].copy()
    for n in range(1, count):
        top = int(total.argmax())
        moved = total[top] - switch
        back[n] = np.where(total >= moved, stay, top)
        total = np.maximum(total, moved) + sums[n]
    path = np.empty(count, dtype=np.int64)
    path[-1] = int(total.argmax())
    for n in range(count - 1, 0, -1):
        path[n - 1] = back[n, path[n]]
    return path


def _crossing(logs: Floats, frame: int, before: int, after: int) -> float:
    """Where within the two frames around an edge the classes are equally likely, in frames from the start."""
    left = logs[frame - 1, after] - logs[frame - 1, before]
    right = logs[frame, after] - logs[frame, before]
    p, q = 1 / (1 + math.exp(-left)), 1 / (1 + math.exp(-right))
    if p > 0.5 or q < 0.5 or p == q:
        return float(frame)
    return frame - 0.5 + (0.5 - p) / (q - p)


def _strength(boundary: Array) -> Floats:
    """How surely something ends and something starts at the edge before each frame: (frames,), 0 to 1."""
    both: Floats = np.asarray(boundary, dtype=np.float64).mean(axis=1)
    out = both.copy()
    out[1:] = (both[1:] + both[:-1]) / 2
    return out


def _cut(
    stretches: list[Stretch], strength: Floats, times: Floats, classes: Sequence[str], settings: PostSettings
) -> list[Stretch]:
    out: list[Stretch] = []
    for s in stretches:
        least = settings.of(classes[s.cls - 1], "min_length_s") or 0.0
        marks = [s.start, *map(float, _peaks(s, strength, times, settings.cut or 0.0, least)), s.end]
        frames = [s.first, *(int(m) for m in marks[1:-1]), s.last]
        for n in range(len(marks) - 1):
            out.append(Stretch(frames[n], frames[n + 1], s.cls, marks[n], marks[n + 1]))
    return out


def _peaks(s: Stretch, strength: Floats, times: Floats, cut: float, least: float) -> list[int]:
    """Frames within a stretch where it is cut, such that no piece is shorter than ``least`` seconds."""
    inner = strength[s.first + 1 : s.last]
    if len(inner) == 0:
        return []
    padded = np.concatenate(
        [[strength[s.first]], inner, [strength[s.last] if s.last < len(strength) else 0.0]]
    )
    top = (padded[1:-1] >= padded[:-2]) & (padded[1:-1] > padded[2:]) & (inner >= cut)
    found: list[int] = []
    for k in sorted(np.flatnonzero(top).tolist(), key=lambda k: -inner[k]):
        frame = s.first + 1 + k
        fences = [s.first, s.last, *found]
        if all(abs(times[frame] - times[f]) >= least for f in fences) and frame not in fences:
            found.append(frame)
    return sorted(found)


def _snapped(stretches: list[Stretch], boundary: Array, times: Floats, reach_s: float) -> list[Stretch]:
    """Edges moved to the centre of the nearest peak of the onset or offset score within reach."""
    step = float(np.median(np.diff(times))) or 1e-9
    reach = max(1, round(reach_s / step))
    out: list[Stretch] = []
    for n, s in enumerate(stretches):
        low = out[-1].end if n else 0.0
        high = stretches[n + 1].start if n + 1 < len(stretches) else float(len(boundary))
        start = max(low, _pull(boundary[:, 0], s.start, reach))
        end = min(high, _pull(boundary[:, 1], s.end, reach))
        out.append(
            replace(s, start=start, end=end) if end - start > 0.5 else replace(s, start=max(low, s.start))
        )
    return out


def _pull(score: Array, edge: float, reach: int) -> float:
    """The weighted centre of a score's peak within ``reach`` frames of an edge, or the edge itself."""
    low, high = max(0, round(edge) - reach), min(len(score), round(edge) + reach)
    if high <= low or edge <= 0 or edge >= len(score):
        return edge
    part = np.asarray(score[low:high], dtype=np.float64)
    top = int(part.argmax())
    if part[top] < 0.3:
        return edge
    a, b = max(0, top - 1), min(len(part), top + 2)
    return float(low + (np.arange(a, b) + 0.5) @ part[a:b] / part[a:b].sum())


def _as_events(stretches: list[Stretch], scores: Array, times: Floats, classes: Sequence[str]) -> list[Event]:
    grid = np.arange(len(times))
    out = []
    for s in stretches:
        start, end = np.interp([s.start, s.end], grid, times)
        if end > start:
            confidence = float(np.mean(scores[s.first : s.last, s.cls])) if s.last > s.first else 0.0
            out.append(Event(float(start), float(end), classes[s.cls - 1], min(1.0, max(0.0, confidence))))
    return out


def _close_gaps(
    events: list[Event], strength: Floats | None, times: Floats, settings: PostSettings
) -> list[Event]:
    """Neighbours of one class made one where little lies between them and no boundary speaks against it."""
    out: list[Event] = []
    for event in events:
        last = out[-1] if out else None
        gap = settings.of(event.name, "gap_s") or 0.0
        if last is not None and last.name == event.name and 0 < event.start - last.end <= gap:
            low, high = np.searchsorted(times, (last.end, event.start))
            inside = None if strength is None else strength[max(0, low - 1) : high + 1]
            if settings.cut is None or inside is None or len(inside) == 0 or inside.max() < settings.cut:
                out[-1] = _joined(last, event)
                continue
        out.append(event)
    return out


def _joined(a: Event, b: Event) -> Event:
    weight = (a.end - a.start) + (b.end - b.start)
    confidence = ((a.end - a.start) * a.confidence + (b.end - b.start) * b.confidence) / weight
    return Event(a.start, b.end, a.name, confidence)


def limit_of(event: Event, settings: PostSettings) -> str:
    """The limit that drops an event: least_score, min_length or max_length; empty when none does."""
    length = event.end - event.start
    most = settings.of(event.name, "max_length_s")
    if event.confidence < settings.least_score:
        return "least_score"
    if length < (settings.of(event.name, "min_length_s") or 0.0):
        return "min_length"
    return "max_length" if most is not None and length > most else ""
