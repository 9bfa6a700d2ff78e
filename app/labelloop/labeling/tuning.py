"""Choosing post-processing on recordings whose events are known, by event F1."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from labelloop.labeling.lengths import longest, shortest
from labelloop.labeling.matching import Event, Score, event_score, match_events
from labelloop.labeling.postprocess import PostSettings, to_events

Array = npt.NDArray[Any]
PRICE = 0.004  # F1 that a step away from the defaults must bring
CLASS_PRICE = 0.006  # the same for a setting of one class
KNOWN_EVENTS = 8  # events that a limit for outliers needs
LOWER_CONFIDENCE, ENOUGH_CONFIDENCE = (
    0.65,
    0.45,
)  # times the least sure right event's score is too little; never above
MARGIN = 0.9  # of a true event's length: the limit that it widens stays that far from it
CLASS_EVENTS = 6  # known events that a class needs for settings of its own


@dataclass(frozen=True, slots=True)
class Scored:
    """A recording with scores and its true events; arrays as ``to_events`` takes them.

    Of the stretches ``ignore`` (start, end in seconds) nothing is known: events there count nowhere.
    """

    scores: Array
    boundary: Array | None
    times: Array
    truth: Sequence[Event]
    ignore: Sequence[tuple[float, float]] = ()


def goal(items: Sequence[Scored], classes: Sequence[str], settings: PostSettings) -> float:
    """Mean event F1 at IoU 0.3, 0.5 and 0.7 over all recordings together, 0 to 1."""
    totals = {iou: Score(0, 0, 0) for iou in (0.3, 0.5, 0.7)}
    for item in items:
        found = to_events(item.scores, item.times, classes, settings, item.boundary)
        if item.ignore:
            found = [e for e in found if not any(a <= (e.start + e.end) / 2 < b for a, b in item.ignore)]
        for iou in totals:
            totals[iou] += event_score(item.truth, found, iou)
    return sum(s.f1 for s in totals.values()) / len(totals)


def tune(
    items: Sequence[Scored],
    classes: Sequence[str],
    lengths: Mapping[str, Sequence[float]],
    touching: bool = True,
) -> PostSettings:
    """Settings with a high goal, by coordinate search from defaults that follow from the events' lengths.

    What is good for all classes comes first, then what single classes need otherwise.

    Args:
        items: recordings that the model has not learned from.
        classes: class names.
        lengths: seconds of the known events of each class.
        touching: whether events of one class may touch, so that splitting at boundaries is worth a try.
    """
    every = np.array([x for values in lengths.values() for x in values] or [1.0])
    usual = float(np.median(every))
    least = shortest(lengths)
    start = replace(default_settings(lengths), cut=0.5 if touching else None)
    best, value = start, goal(items, classes, start)
    for _ in range(2):
        before = best
        for options in _options(usual, least, touching):
            for cost, change in options:
                trial = replace(best, **change)
                if trial == best:
                    continue
                score = goal(items, classes, trial) - PRICE * cost
                if score > value + 1e-9:
                    best, value = trial, score
        if best == before:
            break
    best = _by_class(items, classes, lengths, best, value)
    return _spared(items, classes, _without_outliers(items, classes, lengths, best))


def _by_class(
    items: Sequence[Scored],
    classes: Sequence[str],
    lengths: Mapping[str, Sequence[float]],
    best: PostSettings,
    value: float,
) -> PostSettings:
    """Settings that differ by class where a class has enough events; ``value`` is the goal of ``best``.

    Steps are small and few: a handful of events can't tell a far setting from luck.
    """
    counts, least = Counter(e.name for item in items for e in item.truth), shortest(lengths)
    for name in classes:
        if counts[name] < CLASS_EVENTS or not lengths.get(name):
            continue
        for cost, change in _class_options(best, least.get(name, 0.0), float(np.median(lengths[name]))):
            own = {**best.per_class.get(name, {}), **change}
            trial = replace(best, per_class={**best.per_class, name: own})
            score = goal(items, classes, trial) - CLASS_PRICE * cost
            if score > value + 1e-9:
                best, value = trial, score
    return best


def _without_outliers(
    items: Sequence[Scored],
    classes: Sequence[str],
    lengths: Mapping[str, Sequence[float]],
    best: PostSettings,
) -> PostSettings:
    """Drop what is far less sure than every right event, and far longer than every known one of its class.

    Where a recording holds movements that nobody labelled, the network finds such events. The limits are
    left out when Validation has too few events to tell, or loses right ones by them.
    """
    value = goal(items, classes, best)
    per_class = dict(best.per_class)
    for name, most in longest(lengths, KNOWN_EVENTS).items():
        per_class[name] = {**per_class.get(name, {}), "max_length_s": round(most, 6)}
    trial = replace(best, per_class=per_class)
    if goal(items, classes, trial) >= value:
        best = trial
    confidence = _right_scores(items, classes, best)
    if len(confidence) >= KNOWN_EVENTS:
        best = replace(best, least_score=round(min(ENOUGH_CONFIDENCE, LOWER_CONFIDENCE * min(confidence)), 4))
    return best


def _spared(items: Sequence[Scored], classes: Sequence[str], best: PostSettings) -> PostSettings:
    """Limits widened where they drop an event of Validation that would else be found rightly.

    What the wider limit lets in is weighed against that.
    """
    free = replace(
        best,
        per_class={c: {**v, "min_length_s": 0.0, "max_length_s": None} for c, v in best.per_class.items()},
    )
    value, lost = goal(items, classes, best), dict[str, list[float]]()
    for item in items:
        found = to_events(item.scores, item.times, classes, free, item.boundary)
        for match in match_events(item.truth, found, 0.5):
            event = found[match.found]
            lost.setdefault(event.name, []).append(event.end - event.start)
    for name, lengths in lost.items():
        least, most = best.of(name, "min_length_s") or 0.0, best.of(name, "max_length_s")
        wider: dict[str, float | None] = {}
        if min(lengths) < least:
            wider["min_length_s"] = round(MARGIN * min(lengths), 6)
        if most is not None and max(lengths) > most:
            wider["max_length_s"] = round(max(lengths) / MARGIN, 6)
        if not wider:
            continue
        own = {**best.per_class.get(name, {}), **wider}
        trial = replace(best, per_class={**best.per_class, name: own})
        score = goal(items, classes, trial)
        if score >= value:
            best, value = trial, score
    return best


def _right_scores(items: Sequence[Scored], classes: Sequence[str], settings: PostSettings) -> list[float]:
    """The mean scores of the events that are found rightly."""
    out: list[float] = []
    for item in items:
        found = to_events(item.scores, item.times, classes, settings, item.boundary)
        out += [found[pair[1]].confidence for pair in match_events(item.truth, found, 0.3)]
    return out


def _class_options(
    settings: PostSettings, short: float, usual: float
) -> list[tuple[float, dict[str, float | None]]]:
    """What to try for one class, with the steps it lies away from what holds for all."""
    odds = math.log(settings.threshold / (1 - settings.threshold))
    out: list[tuple[float, dict[str, float | None]]] = []
    for step in (-2, -1, 1, 2):
        out.append((abs(step), {"threshold": round(1 / (1 + math.exp(-odds - 0.4 * step)), 4)}))
    out += [(1, {"min_length_s": round(short * share, 6)}) for share in (0.25, 0.75)]
    out += [(1, {"gap_s": round(usual * share, 6)}) for share in (0.1, 0.25)]
    return out


def default_settings(lengths: Mapping[str, Sequence[float]]) -> PostSettings:
    """Settings that follow from the lengths (seconds) of the known events of each class alone."""
    return PostSettings(per_class=_least_lengths(shortest(lengths), 0.5))


def _least_lengths(least: Mapping[str, float], share: float) -> dict[str, dict[str, float | None]]:
    return {c: {"min_length_s": round(v * share, 6)} for c, v in least.items()} if share else {}


def _options(
    usual: float, least: Mapping[str, float], touching: bool
) -> list[list[tuple[float, dict[str, Any]]]]:
    """For each setting what to try, with the steps it lies away from the default."""
    cuts = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8) if touching else ()
    return [
        [(abs(n - 2), {"switch": v}) for n, v in enumerate((0.0, 1.5, 4.0, 8.0, 16.0))],
        [
            (abs(n - 4) / 2, {"threshold": v})
            for n, v in enumerate((0.15, 0.25, 0.35, 0.42, 0.5, 0.58, 0.65, 0.75))
        ],
        [(abs((v or 0.5) - 0.5) * 5, {"cut": v}) for v in (*cuts, None)],
        [(n, {"gap_s": usual * v}) for n, v in enumerate((0.0, 0.1, 0.25, 0.5))],
        [(abs(n - 2), {"per_class": _least_lengths(least, v)}) for n, v in enumerate((0.0, 0.25, 0.5, 0.75))],
        [(n, {"snap_s": usual * v}) for n, v in enumerate((0.0, 0.1, 0.2))],
    ]
