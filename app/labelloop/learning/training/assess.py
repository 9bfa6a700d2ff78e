"""How good a model's events are on a set of sessions: metrics, confusion, counts, the events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from labelloop.labeling.matching import (
    Event,
    Score,
    confusion,
    edge_errors,
    event_score,
    match_events,
    time_accuracy,
    time_confusion,
    time_f1,
)
from labelloop.learning.data.prepared import Example, known

IOU = 0.5  # of the matches behind confusion and edge errors


def assess(
    examples: Sequence[Example], found: Sequence[Sequence[Event]], classes: Sequence[str]
) -> tuple[dict[str, float], dict[str, Any]]:
    """Metrics and statistics of found events, one list a session, against the examples' own."""
    pairs = []
    for example, events in zip(examples, found, strict=True):
        truth = [e for e in known(example.events, example.ignore) if e.name in classes]
        pairs.append((example, truth, known(events, example.ignore)))
    return _metrics(pairs, classes), _statistics(pairs, classes)


Pairs = Sequence[tuple[Example, list[Event], list[Event]]]


def _metrics(pairs: Pairs, classes: Sequence[str]) -> dict[str, float]:
    out: dict[str, float] = {}
    for iou in (0.3, 0.5, 0.7):
        total = sum((event_score(t, f, iou) for _, t, f in pairs), Score(0, 0, 0))
        out[f"event_f1_{round(iou * 100)}"] = round(total.f1, 6)
        if iou == IOU:
            out["precision"], out["recall"] = round(total.precision, 6), round(total.recall, 6)
    table = np.zeros((len(classes) + 1, len(classes) + 1))
    for example, truth, events in pairs:
        times = example.recording.times
        end = min([float(times[-1]), *(a for a, b in example.ignore if b >= times[-1])])
        table += time_confusion(truth, events, classes, float(times[0]), max(end, float(times[0])))
    out["accuracy"], out["f1"] = round(time_accuracy(table), 6), round(time_f1(table), 6)
    return out


def _statistics(pairs: Pairs, classes: Sequence[str]) -> dict[str, Any]:
    table = np.zeros((len(classes) + 1, len(classes) + 1), dtype=np.int64)
    onset: list[float] = []
    offset: list[float] = []
    rows: list[dict[str, Any]] = []
    for example, truth, events in pairs:
        table += confusion(truth, events, classes, IOU)
        matches = match_events(truth, events, IOU)
        errors = edge_errors(truth, events, matches)
        if errors.onset_s is not None and errors.offset_s is not None:
            onset += [errors.onset_s] * len(matches)
            offset += [errors.offset_s] * len(matches)
        rows += _rows(example, truth, events)
    return {
        "classes": list(classes),
        "confusion": table.tolist(),
        "onset_error_s": float(np.mean(onset)) if onset else None,
        "offset_error_s": float(np.mean(offset)) if offset else None,
        "actual": {c: sum(e.name == c for _, t, _ in pairs for e in t) for c in classes},
        "predicted": {c: sum(e.name == c for _, _, f in pairs for e in f) for c in classes},
        "events": rows,
    }


def _rows(example: Example, truth: Sequence[Event], found: Sequence[Event]) -> list[dict[str, Any]]:
    """One row for each event: what it is and what was found, None for missed and false ones."""
    matches = match_events(truth, found, IOU, classes=False)
    hit_truth, hit_found = {m.truth for m in matches}, {m.found for m in matches}
    pairs: list[tuple[Event | None, Event | None]] = [(truth[m.truth], found[m.found]) for m in matches]
    pairs += [(e, None) for i, e in enumerate(truth) if i not in hit_truth]
    pairs += [(None, e) for j, e in enumerate(found) if j not in hit_found]
    rows = []
    for actual, predicted in pairs:
        event = actual or predicted
        assert event is not None
        rows.append(
            {
                "session": example.id or example.name,
                "start": event.start,
                "end": event.end,
                "actual": actual.name if actual else None,
                "predicted": predicted.name if predicted else None,
            }
        )
    return sorted(rows, key=lambda row: float(row["start"]))
