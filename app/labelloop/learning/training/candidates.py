"""What the models of one training job share, and how a model of the list is set up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from labelloop.contract.recipes import DENSE
from labelloop.labeling.postprocess import PostSettings
from labelloop.labeling.tuning import default_settings
from labelloop.learning.data.frames import FrontEnd, choose_front_end, features, fit_front_end, make_targets
from labelloop.learning.data.prepared import (
    GLOBAL,
    SESSION,
    Example,
    Norm,
    Prepared,
    Warped,
    fit_norm,
    prepare,
)
from labelloop.learning.data.sessions import Sets
from labelloop.learning.networks.description import Network, dense_network, ensemble, ensemble_weights
from labelloop.learning.networks.studio import windowed_network
from labelloop.learning.predicting.model import Model
from labelloop.learning.training.changes import with_changes
from labelloop.learning.training.dense import DenseTask
from labelloop.learning.training.fit import Task
from labelloop.learning.training.presets import ModelSpec
from labelloop.learning.training.windowed import WindowTask, choose_windowing

Array = npt.NDArray[Any]
WARPS = (1.0, 0.75, 1.3)  # Train is also seen this much slower and faster
DILATIONS = (1, 2, 4, 8, 16, 32)


@dataclass(slots=True)
class FeatureCache:
    """A job's sets with what is computed from them once: front end, features, prepared sessions."""

    sets: Sets
    seed: int
    report: Callable[[str], None]
    context_s: float | None = None  # of the windowed families, where the user chose it
    prediction_hz: float | None = None
    _front: FrontEnd | None = None
    _raw: dict[str, list[Array]] = field(default_factory=dict)
    _ready: dict[tuple[str, str], list[Prepared]] = field(default_factory=dict)
    _warped: list[Example] = field(default_factory=list)
    _norms: dict[str, Norm] = field(default_factory=dict)
    _both: FeatureCache | None = None

    @property
    def rate_hz(self) -> float:
        """The sessions' usual rate."""
        return float(np.median([x.recording.rate_hz for x in self.sets.train]))

    @property
    def channels(self) -> tuple[str, ...]:
        """Channel names."""
        return tuple(self.sets.train[0].recording.names)

    @property
    def every_length(self) -> list[float]:
        """Seconds of all of Train's events."""
        return [v for values in self.sets.lengths.values() for v in values]

    def seed_of(self, spec: ModelSpec) -> int:
        """The seed of one model of the list."""
        return self.seed * 1000 + spec.variant

    @property
    def front(self) -> FrontEnd:
        """The front end, fitted to Train."""
        if self._front is None:
            front = choose_front_end(self.rate_hz, self.every_length, len(self.channels))
            front = fit_front_end(front, [x.recording for x in self.sets.train])
            self._front = with_changes(front, self.sets.train, self.sets.validation, self.sets.classes)
            if self._front.changes:
                self.report("The change of the signal tells more than its values: it is looked at, too.")
            still = [n for n, s in zip(self.channels, still_channels(self.sets.train), strict=True) if s]
            if gaps := gaps_of(self.sets.train):
                self.report(gaps)
            if still:
                self.report(
                    f"Channel {', '.join(still)} never changes in Train, so nothing is learned from it."
                )
        return self._front

    def raw(self, part: str) -> list[Array]:
        """Features of a set's sessions, for Train also of their warped versions, which come last."""
        if part not in self._raw:
            self._raw[part] = [
                features(self.front, x.recording, 0, self.front.frames(len(x.recording.times)))
                for x in self.examples(part)
            ]
        return self._raw[part]

    def examples(self, part: str) -> list[Example]:
        """The sessions of a set, for Train also warped ones."""
        if part != "train":
            return self.sets.validation
        if not self._warped:
            for w in WARPS:
                self._warped += [
                    x if w == 1 else replace(x, recording=Warped(x.recording, w)) for x in self.sets.train
                ]
        return self._warped

    def norm(self, mode: str) -> Norm:
        """A normalisation fitted to Train's features."""
        if mode not in self._norms:
            inside = [1 - self._cover(x) for x in self.sets.train]
            self._norms[mode] = fit_norm(mode, self.raw("train")[: len(self.sets.train)], inside)
        return self._norms[mode]

    def _cover(self, x: Example) -> Array:
        """The share of each frame that is background, (frames,)."""
        return make_targets(self.front, x.recording.times, x.events, self.sets.classes).classes[:, 0]

    def with_validation(self) -> FeatureCache:
        """A bench whose Train holds Validation too, with the same front end and normalisation."""
        if self._both is None:
            both = replace(self.sets, train=[*self.sets.train, *self.sets.validation], validation=[])
            norms = {mode: self.norm(mode) for mode in (GLOBAL, SESSION)}
            self._both = FeatureCache(both, self.seed + 500, self.report, _front=self.front, _norms=norms)
        return self._both

    def release(self) -> None:
        """Give back the memory of prepared sessions; who needs them again waits for them again."""
        self._ready.clear()
        if self._both is not None:
            self._both.release()

    def prepared(self, part: str, mode: str) -> list[Prepared]:
        """The sessions of a set as a network sees them."""
        key = (part, mode)
        if key not in self._ready:
            norm = self.norm(mode)
            self._ready[key] = [
                prepare(self.front, norm, x, self.sets.classes, raw)
                for x, raw in zip(self.examples(part), self.raw(part), strict=True)
            ]
        return self._ready[key]


def still_channels(train: Sequence[Example]) -> list[bool]:
    """Which channels have one value only in all of Train."""
    low = np.min([np.nanmin(_sampled(x), axis=0) for x in train], axis=0)
    high = np.max([np.nanmax(_sampled(x), axis=0) for x in train], axis=0)
    return [bool(v) for v in ~(high > low)]


def gaps_of(train: Sequence[Example]) -> str:
    """Where Train lacks numbers, in a sentence; empty when it has all."""
    shares = {x.name: _missing(x) for x in train}
    worst = max(shares, key=lambda name: float(shares[name].max()), default="")
    if not worst or not shares[worst].any():
        return ""
    channel = next(x for x in train if x.name == worst).recording.names[int(shares[worst].argmax())]
    more = sum(bool(share.any()) for share in shares.values()) - 1
    others = f", and {more} more session{' has' if more == 1 else 's have'} gaps" if more else ""
    return (
        f"{100 * shares[worst].max():.3g} % of channel {channel} in {worst} are no numbers{others}: gaps are "
        f"filled between their neighbours."
    )


def _missing(example: Example) -> Array:
    """The share of samples that are no numbers, by channel."""
    x = example.recording.read(0, len(example.recording.times))
    return np.asarray((~np.isfinite(x)).mean(axis=0))


def _sampled(example: Example) -> Array:
    x = np.asarray(example.recording.read(0, len(example.recording.times)), dtype=np.float32)
    return np.where(np.isfinite(x), x, np.nan) if np.isfinite(x).any(axis=0).all() else np.nan_to_num(x)


def make_task(spec: ModelSpec, cache: FeatureCache) -> tuple[Task, Model]:
    """What is to be learned for a model of the list, and the model, still without weights."""
    settings = default_settings(cache.sets.lengths)
    if spec.family != DENSE:
        return _windowed(spec, cache, settings)
    front = cache.front
    classes = cache.sets.classes
    network = dense_network(
        front.groups * len(cache.channels), len(classes), spec.width, DILATIONS, spec.dropout
    )
    train, validation = cache.prepared("train", spec.norm), cache.prepared("validation", spec.norm)
    task = DenseTask(
        network,
        train,
        validation,
        classes,
        settings,
        cache.seed_of(spec),
        batch=spec.batch or 8,
        emphasis=cache.sets.emphasis,
    )
    return task, _model(spec, cache, front, (cache.norm(spec.norm),), network, settings)


def _windowed(spec: ModelSpec, cache: FeatureCache, settings: PostSettings) -> tuple[Task, Model]:
    front = cache.front
    w = choose_windowing(cache.rate_hz, cache.every_length, cache.context_s, cache.prediction_hz)
    w = replace(w, centre=front.centre, scale=front.scale)
    classes = cache.sets.classes
    number = spec.variant if spec.layers is None else spec.layers
    network = windowed_network(w.window, len(cache.channels), len(classes), number, spec.layout)
    task = WindowTask(
        network,
        w,
        cache.sets.train,
        cache.sets.validation,
        classes,
        settings,
        cache.seed_of(spec),
        spec.batch or 32,
        cache.sets.emphasis,
    )
    return task, _model(spec, cache, w, (), network, settings)


def _model(
    spec: ModelSpec,
    cache: FeatureCache,
    front: Any,
    norms: tuple[Norm, ...],
    network: Network,
    settings: PostSettings,
) -> Model:
    return Model(
        spec.name,
        spec.family,
        cache.sets.classes,
        cache.channels,
        cache.rate_hz,
        front,
        norms,
        network,
        {},
        settings,
    )


def combine(models: Sequence[Model]) -> Model:
    """The ensemble of dense models: one network whose input holds the features in every scaling they need."""
    if len(models) == 1:
        return models[0]
    modes = sorted({m.norms[0].mode for m in models})
    norms = tuple(next(m.norms[0] for m in models if m.norms[0].mode == mode) for mode in modes)
    members, weights = [], []
    for m in models:
        member, own = _widened(m, modes)
        members.append(member)
        weights.append(own)
    base = models[0]
    return replace(
        base,
        name=f"{base.family}-ensemble",
        norms=norms,
        network=ensemble(members),
        weights=ensemble_weights(weights),
    )


def _widened(model: Model, modes: Sequence[str]) -> tuple[Network, dict[str, list[Array]]]:
    """A dense network and its weights for an input that holds the features in several scalings."""
    width = model.network.nodes[0]["config"]["shape"][-1]
    place = list(modes).index(model.norms[0].mode)
    nodes = [dict(n) for n in model.network.nodes]
    nodes[0]["config"] = {"shape": [None, width * len(modes)]}
    first = next(n["name"] for n in nodes if n["layer"] == "Conv1D")
    weights = {name: list(arrays) for name, arrays in model.weights.items()}
    kernel = weights[first][0]
    wide = np.zeros((kernel.shape[0], width * len(modes), kernel.shape[2]), dtype=np.float32)
    wide[:, place * width : (place + 1) * width] = kernel
    weights[first][0] = wide
    return Network(tuple(nodes), model.network.outputs), weights
