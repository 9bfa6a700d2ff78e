"""Comparing one label track with another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from labelloop.errors import UserError, printable
from labelloop.labeling import matching
from labelloop.labeling.matching import Event
from labelloop.project.session import Session
from labelloop.storage.store import ProjectStore


def _events(store: ProjectStore, session: Session, track: str) -> list[Event]:
    return [Event(x.start, x.end, x.name) for x in store.project.track(session.id, track)]


def _having(store: ProjectStore, sessions: Iterable[Session], tracks: Sequence[str]) -> list[Session]:
    return [s for s in sessions if set(tracks) <= set(store.project.label_tracks_of(s.id))]


def evaluate(
    store: ProjectStore, sessions: Sequence[Session], truth: str, predicted: str, iou: float
) -> dict[str, Any]:
    """How well one track's labels agree with another's, over all sessions that have both.

    Raises:
        UserError: no session has both tracks, or the IoU is not above 0 and at most 1.
    """
    if not 0 < iou <= 1:
        raise UserError(f"The IoU must be above 0 and at most 1, not {iou}.")
    having = _having(store, sessions, (truth, predicted))
    if not having:
        raise UserError(f"No session has both a track {printable(truth)} and a track {printable(predicted)}.")
    pairs = [(_events(store, s, truth), _events(store, s, predicted)) for s in having]
    names = sorted({event.name for pair in pairs for side in pair for event in side})
    time = sum(
        matching.time_confusion(t, f, names, s.start_s, s.end_s)
        for s, (t, f) in zip(having, pairs, strict=True)
    )
    frames = {"frame_f1": matching.time_f1(np.asarray(time))}
    return {"sessions": len(having), **scores(pairs, iou), **frames}


def scores(pairs: Sequence[tuple[list[Event], list[Event]]], iou: float) -> dict[str, Any]:
    """Event scores of (truth, found) pairs, one a session, summed before they are divided."""
    total = matching.Score(0, 0, 0)
    per_class: dict[str, matching.Score] = {}
    onset, offset = list[float](), list[float]()
    for truth, found in pairs:
        total += matching.event_score(truth, found, iou)
        for name, score in matching.per_class_scores(truth, found, iou).items():
            per_class[name] = per_class.get(name, matching.Score(0, 0, 0)) + score
        for match in matching.match_events(truth, found, iou):
            onset.append(abs(truth[match.truth].start - found[match.found].start))
            offset.append(abs(truth[match.truth].end - found[match.found].end))
    return {
        "event_f1": total.f1,
        "precision": total.precision,
        "recall": total.recall,
        "onset_error_s": sum(onset) / len(onset) if onset else None,
        "offset_error_s": sum(offset) / len(offset) if offset else None,
        **_amounts(total),
        "per_class": {
            name: {"event_f1": s.f1, "precision": s.precision, "recall": s.recall, **_amounts(s)}
            for name, s in sorted(per_class.items())
        },
    }


def _amounts(score: matching.Score) -> dict[str, int]:
    return {"truth": score.truth, "found": score.found}
