"""One network that learns to answer like an ensemble, from labelled and from unlabelled sessions.

It takes a part of the ensemble's time to use, and finds events in new recordings as well or better, since it
has also seen how those look (distillation, Hinton et al. 2015; with varied input and unlabelled recordings,
"noisy student", Xie et al. 2020).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from labelloop.contract.channels import is_generic, places
from labelloop.contract.recipes import DISTILLED, rates_alike
from labelloop.contract.training import TrainingJob, UnlabelledSession
from labelloop.errors import UserError
from labelloop.learning.data.channels import Picked
from labelloop.learning.data.frames import FrontEnd, Recording, Targets, features, frame_times, make_targets
from labelloop.learning.data.prepared import Example, Norm, Prepared
from labelloop.learning.data.sessions import Store, at_rate
from labelloop.learning.networks.description import dense_network, receptive_field
from labelloop.learning.predicting.model import Model
from labelloop.learning.predicting.scores import dense_scores, feature_moments
from labelloop.learning.training.candidates import DILATIONS, FeatureCache
from labelloop.learning.training.dense import DenseTask
from labelloop.learning.training.fit import Task
from labelloop.learning.training.presets import ModelSpec

Array = npt.NDArray[Any]
LONGER = 5 / 3  # its epochs, as a share of a member's
WIDER = 4 / 3  # its filters, as a share of a member's
OWN = 0.5  # share of the given labels in what it learns on labelled sessions; the rest is the ensemble's
DROPOUT = 0.1
FRAMES = 20_000  # that are taken from unlabelled sessions in all


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of an unlabelled session: features (frames, groups, channels) and its session's moments.

    cut: whether the session goes on before and behind it.
    """

    name: str
    raw: Array
    moments: tuple[Array, Array]
    cut: tuple[bool, bool] = (False, False)


def distilled_spec(members: Sequence[ModelSpec]) -> ModelSpec:
    """How the one network learns, from how the members did."""
    longest = max(members, key=lambda spec: spec.epochs)
    epochs = max(2, round(LONGER * longest.epochs))
    return replace(longest, name=DISTILLED, epochs=epochs, patience=epochs, variant=900)


def distilling(
    teacher: Model, spec: ModelSpec, cache: FeatureCache, unlabelled: Sequence[Stretch]
) -> tuple[Task, Model]:
    """What is to be learned from an ensemble, and the network, still without weights.

    bench: its Train holds every session whose labels are learned; none are kept for Validation.
    """
    classes = cache.sets.classes
    parts = [
        _labelled(teacher, cache, example, raw)
        for example, raw in zip(cache.examples("train"), cache.raw("train"), strict=True)
    ]
    parts += [_unlabelled(teacher, cache.front, stretch) for stretch in unlabelled]
    width, inputs = round(WIDER * spec.width), int(np.prod(parts[0].x.shape[1:]))
    network = dense_network(inputs, len(classes), width, DILATIONS, DROPOUT)
    seed, batch = cache.seed_of(spec), spec.batch or 8
    task = DenseTask(network, parts, [], classes, teacher.post, seed, batch=batch, smoothing=0.0)
    return task, replace(teacher, name=DISTILLED, network=network, weights={})


def _labelled(teacher: Model, cache: FeatureCache, example: Example, raw: Array) -> Prepared:
    """A labelled session: its labels and the ensemble's opinion, that alone where nothing is known."""
    times, classes = example.recording.times, cache.sets.classes
    given = make_targets(cache.front, times, example.events, classes, example.ignore)
    x = scaled(teacher.norms, raw)
    share = OWN * given.weight[:, None]
    found, edges = dense_scores(teacher.network, teacher.weights, x)
    mixed = Targets(
        np.asarray(share * given.classes + (1 - share) * found, dtype=np.float32),
        np.asarray(share * given.boundary + (1 - share) * edges, dtype=np.float32),
        np.ones(len(x), dtype=np.float32),
    )
    return Prepared(example.name, x, mixed, frame_times(cache.front, times), ())


def _unlabelled(teacher: Model, front: FrontEnd, stretch: Stretch) -> Prepared:
    """An unlabelled stretch with the ensemble's opinion, but at cut ends, where that lacks context."""
    x = scaled([norm.of_session(*stretch.moments) for norm in teacher.norms], stretch.raw)
    found, edges = dense_scores(teacher.network, teacher.weights, x)
    weight = np.ones(len(x), dtype=np.float32)
    reach = receptive_field(teacher.network)
    if stretch.cut[0]:
        weight[:reach] = 0
    if stretch.cut[1]:
        weight[-reach:] = 0
    targets = Targets(found.astype(np.float32), edges.astype(np.float32), weight)
    return Prepared(stretch.name, x, targets, np.arange(len(x) + 1, dtype=np.float64), ())


def scaled(norms: Sequence[Norm], raw: Array) -> Array:
    """Features (frames, groups, channels) in every scaling, one behind the other along the groups."""
    return np.concatenate([norm.apply(raw) for norm in norms], axis=1)


def stretches(job: TrainingJob, store: Store, cache: FeatureCache, seed: int) -> list[Stretch]:
    """Parts of the job's unlabelled sessions, FRAMES frames in all; what does not fit is skipped."""
    rng = np.random.default_rng(seed)
    found = [(session.name, _fitting(session, store, cache)) for session in job.unlabelled]
    recordings = [(name, rec) for name, rec in found if rec is not None]
    out: list[Stretch] = []
    left = FRAMES
    for n, (name, rec) in enumerate(sorted(recordings, key=lambda item: len(item[1].times))):
        most = max(1, left // (len(recordings) - n))  # the shortest first: what they leave goes to the longer
        stretch = _stretch(name, rec, cache.front, most, rng)
        left -= len(stretch.raw)
        out.append(stretch)
    return out


def _fitting(session: UnlabelledSession, store: Store, cache: FeatureCache) -> Recording | None:
    """A session's recording if it can be read and is like those of Train, at their rate."""
    try:
        rec: Recording = store.load(Path(session.source))
    except UserError:
        return None
    if len(rec.times) < 2 or not rec.rate_hz:
        return None
    at = places(list(rec.names), cache.channels)
    if at is None and (len(rec.names) != len(cache.channels) or not is_generic(rec.names)):
        return None
    rec = rec if at is None else Picked(rec, at, cache.channels)
    rec = at_rate(rec, cache.rate_hz)
    return rec if rates_alike(rec.rate_hz, cache.rate_hz) else None


def _stretch(name: str, rec: Recording, front: FrontEnd, most: int, rng: np.random.Generator) -> Stretch:
    """The whole recording, or ``most`` frames of it from a place of chance."""
    frames = front.frames(len(rec.times))
    first = int(rng.integers(frames - most + 1)) if frames > most else 0
    last = min(frames, first + most)
    raw = features(front, rec, first, last)
    return Stretch(name, raw, feature_moments(front, rec), (first > 0, last < frames))
