"""Training one network: the loop, and the selection of the best epoch by validation."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from labelloop.learning.networks.description import Network, initial_weights
from labelloop.learning.networks.keras_build import build, set_weights, start_tensorflow

Array = npt.NDArray[Any]
Weights = dict[str, list[Array]]


class Task(Protocol):
    """What is learned: where batches come from, what is lost, and how good weights are."""

    network: Network

    def draw(self) -> tuple[Array, ...]:
        """A batch: the input, then what ``loss`` needs."""

    def loss(self, tf: Any, outputs: Sequence[Any], rest: Sequence[Any]) -> tuple[Any, Any]:
        """The loss of a batch and its table of (true, found) frame counts, as tensors."""

    def measure(self, weights: Mapping[str, Sequence[Array]]) -> dict[str, float]:
        """val_loss, val_accuracy, val_f1, event_f1 on Validation, and 'choice', the selection metric."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how fast to learn. ``steps`` are batches an epoch."""

    epochs: int = 24
    steps: int = 16
    patience: int = 20
    rate: float = 3e-3
    decay: float = 1e-2
    average: float = 0.98  # of the running average of the weights


@dataclass(slots=True)
class Fitted:
    """The weights of the best epoch and of the last, what each epoch brought, and how good the best was."""

    weights: Weights
    last: Weights = field(default_factory=dict)
    history: list[dict[str, float]] = field(default_factory=list)
    best: float = -np.inf


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told of progress; ``epoch`` and ``batch`` answer whether to go on."""

    epoch: Callable[[dict[str, float], Fitted], bool] = lambda row, fitted: True
    batch: Callable[[int, int], bool] = lambda number, steps: True


def fit(
    task: Task, schedule: Schedule, seed: int, watch: Watch | None = None, start: Fitted | None = None
) -> Fitted:
    """Train until the schedule ends, validation gets no better, or the watch says stop.

    The epoch with the best selection metric is kept, of equals the later. ``start`` goes on where another
    run was.
    """
    watch = watch or Watch()
    tf = start_tensorflow()
    tf.keras.utils.set_random_seed(seed)
    model = build(task.network, start.weights if start else initial_weights(task.network, seed))
    averages = [tf.Variable(v.value) for v in model.weights]
    out = start or Fitted(initial_weights(task.network, seed))
    done = len(out.history)
    step = _make_step(tf, model, averages, task, schedule, done)
    waited = 0
    for epoch in range(done, schedule.epochs):
        row, whole = _epoch(step, task, schedule, watch)
        if not whole:
            break
        now = _averaged(model, averages)
        row |= {"epoch": epoch + 1, **task.measure(now)}
        out.history.append(row)
        out.last = now
        waited += 1
        if row["choice"] >= out.best - 1e-9:
            out.weights, out.best, waited = now, row["choice"], 0
        if not watch.epoch(row, out) or waited > schedule.patience:
            break
    return out


def _epoch(step: Any, task: Task, schedule: Schedule, watch: Watch) -> tuple[dict[str, float], bool]:
    """One epoch's mean loss, accuracy and F1 of frames, and whether it came to its end."""
    began = time.perf_counter()
    total = 0.0
    table: Array = np.zeros(1)
    for number in range(schedule.steps):
        loss, counts = step(*task.draw())
        total += float(loss)
        table = table + np.asarray(counts)
        if not watch.batch(number + 1, schedule.steps):
            return {}, False
    accuracy, f1 = table_scores(np.asarray(table))
    took = time.perf_counter() - began
    return {"loss": total / schedule.steps, "accuracy": accuracy, "f1": f1, "seconds": took}, True


def table_scores(table: Array) -> tuple[float, float]:
    """Accuracy and mean F1 over the classes that occur, from a table of (true, found) counts."""
    right, both = np.diag(table), table.sum(axis=0) + table.sum(axis=1)
    seen = both > 0
    f1 = float(np.mean(2 * right[seen] / both[seen])) if seen.any() else 1.0
    return float(right.sum() / max(1e-9, table.sum())), f1


def _make_step(tf: Any, model: Any, averages: list[Any], task: Task, schedule: Schedule, done: int) -> Any:
    """A compiled training step: a batch in, its loss and table of counts out."""
    import keras

    total = schedule.epochs * schedule.steps
    warm = max(1, total // 10)
    rates = keras.optimizers.schedules.CosineDecay(
        schedule.rate / 20, max(1, total - warm), warmup_target=schedule.rate, warmup_steps=warm
    )
    optimizer = keras.optimizers.AdamW(rates, weight_decay=schedule.decay, clipnorm=1.0)
    variables = model.trainable_variables
    optimizer.build(variables)
    optimizer.iterations.assign(done * schedule.steps)

    def step(x: Any, *rest: Any) -> Any:
        with tf.GradientTape() as tape:
            outputs = model(x, training=True)
            loss, counts = task.loss(tf, outputs if isinstance(outputs, (list, tuple)) else [outputs], rest)
        gradients = tape.gradient(loss, variables)
        optimizer.apply_gradients(zip(gradients, variables, strict=True))
        for mean, now in zip(averages, model.weights, strict=True):
            mean.assign(mean * schedule.average + now.value * (1 - schedule.average))
        return loss, counts

    return tf.function(step, autograph=False)


def _averaged(model: Any, averages: Sequence[Any]) -> Weights:
    """The running averages of a model's weights, by layer name."""
    by_id = {id(v): np.array(mean) for v, mean in zip(model.weights, averages, strict=True)}
    return {layer.name: [by_id[id(v)] for v in layer.weights] for layer in model.layers if layer.weights}


__all__ = ["Fitted", "Schedule", "Task", "Watch", "Weights", "fit", "set_weights", "table_scores"]
