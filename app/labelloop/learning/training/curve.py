"""The learning curve: what a small model reaches on Validation from a part of Train's labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from labelloop.contract.recipes import IOUS
from labelloop.contract.training import CurvePoint
from labelloop.learning.data.prepared import Example
from labelloop.learning.data.sessions import Sets, part_of
from labelloop.learning.training.candidates import FeatureCache, make_task
from labelloop.learning.training.fit import Schedule, Watch, fit
from labelloop.learning.training.judging import judge
from labelloop.learning.training.presets import ModelSpec

SHARES = (0.25, 0.5, 1.0)
SPEC = ModelSpec("curve", size="small", epochs=12, steps=12)

Report = Callable[[str], None]


def learning_curve(
    sets: Sets, seed: int, report: Report, stopped: Callable[[], bool], told: Callable[[CurvePoint], None]
) -> list[CurvePoint]:
    """Points with the number of events and the Validation scores; each is told when it is known."""
    points: list[CurvePoint] = []
    for share in SHARES:
        part = share_of(sets, share, seed)
        events = sum(len(x.events) for x in part.train)
        if not events or (points and events == points[-1].events) or stopped():
            continue
        report(f"learning from {events} of {sum(len(x.events) for x in sets.train)} events")
        features = FeatureCache(part, seed, lambda _: None)
        task, model = make_task(SPEC, features)
        schedule = Schedule(SPEC.epochs, SPEC.steps, SPEC.patience, SPEC.learn_rate)
        watch = Watch(batch=lambda *_: not stopped())
        fitted = fit(task, schedule, features.seed_of(SPEC), watch)
        if stopped():
            break
        found = judge(replace(model, weights=fitted.weights), part, fitted.history).row["validation"]
        points.append(CurvePoint(events, *(found[f"event_f1_{iou}"] for iou in IOUS)))
        told(points[-1])
    return points


def share_of(sets: Sets, share: float, seed: int) -> Sets:
    """Sets whose Train ends where a share of its events is reached, its sessions in an order of chance."""
    order = np.random.default_rng(seed).permutation(len(sets.train))
    left = round(share * sum(len(x.events) for x in sets.train))
    chosen: list[Example] = []
    for k in order.tolist():
        example = sets.train[k]
        if left <= 0:
            break
        chosen.append(example if len(example.events) <= left else _beginning(example, left))
        left -= len(example.events)
    return replace(sets, train=chosen, test=[])


def _beginning(example: Example, events: int) -> Example:
    """An example up to the middle between its event of that number and the next one."""
    known = sorted(example.events)
    edge = (max(e.end for e in known[:events]) + known[events].start) / 2
    times = example.recording.times
    return part_of(example, 0, int(np.clip(np.searchsorted(times, edge), 2, len(times))))
