"""The windowed task: a class for each window, for compatibility with Studio's families."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from labelloop.labeling.postprocess import PostSettings
from labelloop.labeling.tuning import Scored, goal
from labelloop.learning.data.prepared import Example, known
from labelloop.learning.data.windows import Windowing, window_scores, window_targets, windows
from labelloop.learning.networks.description import Network
from labelloop.learning.training.fit import table_scores

Array = npt.NDArray[Any]
MOST_WINDOWS = 60_000  # in Train; more are thinned out evenly, those with a class kept


def choose_windowing(
    rate_hz: float,
    lengths_s: Sequence[float],
    context_s: float | None = None,
    prediction_hz: float | None = None,
) -> Windowing:
    """Windows of ``context_s`` seconds, ``prediction_hz`` of them a second.

    Where they are not given: about half a usual event, at most 512 samples, and eight predictions in each.
    """
    length = float(np.median(lengths_s)) * rate_hz
    window = int(np.clip(round(length / 2), 8, 512))
    if context_s is not None:
        window = max(2, round(context_s * rate_hz))
    stride = max(1, window // 8)
    if prediction_hz is not None:
        stride = int(np.clip(round(rate_hz / prediction_hz), 1, window))
    return Windowing(window, stride)


class WindowTask:
    """Learning the classes of windows."""

    def __init__(
        self,
        network: Network,
        w: Windowing,
        train: Sequence[Example],
        validation: Sequence[Example],
        classes: Sequence[str],
        settings: PostSettings,
        seed: int,
        batch: int = 32,
        emphasis: Array | None = None,
    ) -> None:
        self.network = network
        self._w, self._validation, self._classes, self._settings = w, validation, classes, settings
        self._rng = np.random.default_rng(seed)
        self._batch = batch
        parts = [_labelled(w, x, classes) for x in train]
        x, y = np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])
        keep = self._rng.random(len(y)) < MOST_WINDOWS / max(1, len(y))
        keep |= y > 0
        self._x, self._y = x[keep], y[keep]
        share = np.bincount(self._y, minlength=len(classes) + 1) / max(1, len(self._y))
        self._weights = np.clip(1 / np.sqrt(len(share) * np.maximum(share, 1e-4)), 0.2, 5).astype(np.float32)
        if emphasis is not None:
            self._weights = self._weights * emphasis

    @property
    def steps(self) -> int:
        """Batches that cover all windows once, within reason."""
        return int(np.clip(-(-len(self._y) // self._batch), 4, 200))

    def draw(self) -> tuple[Array, ...]:
        """Windows (batch, samples, channels) and their class numbers."""
        at = self._rng.integers(len(self._y), size=self._batch)
        return self._x[at], self._y[at]

    def loss(self, tf: Any, outputs: Sequence[Any], rest: Sequence[Any]) -> tuple[Any, Any]:
        """Categorical cross-entropy, rarer classes weighing more."""
        y = tf.one_hot(rest[0], len(self._weights))
        each = -tf.reduce_sum(y * self._weights * tf.math.log(outputs[0] + 1e-7), -1)
        found = tf.argmax(outputs[0], -1)
        return tf.reduce_mean(each), tf.math.confusion_matrix(
            rest[0], found, len(self._weights), dtype=tf.float32
        )

    def measure(self, weights: Mapping[str, Sequence[Array]]) -> dict[str, float]:
        """Loss, accuracy and F1 of windows and event F1 on the validation sessions."""
        items: list[Scored] = []
        width = len(self._classes) + 1
        loss, table = 0.0, np.zeros((width, width))
        for x in self._validation:
            scores, times = window_scores(self._w, self.network, weights, x.recording)
            y = window_targets(self._w, x.recording.times, x.events, self._classes, x.recording.rate_hz)
            loss -= float(np.log(np.clip(scores[np.arange(len(y)), y], 1e-7, 1)).sum())
            np.add.at(table, (y, scores.argmax(axis=1)), 1)
            items.append(Scored(scores, None, times, known(x.events, x.ignore), x.ignore))
        loss /= max(1.0, float(table.sum()))
        accuracy, f1 = table_scores(table)
        found = goal(items, self._classes, self._settings)
        metric = found - 0.05 * loss
        return {"val_loss": loss, "val_accuracy": accuracy, "val_f1": f1, "event_f1": found, "choice": metric}


def _labelled(w: Windowing, example: Example, classes: Sequence[str]) -> tuple[Array, Array]:
    """All windows of a session outside the ignored stretches, and their class numbers."""
    rec = example.recording
    count = max(1, w.count(len(rec.times)))
    y = window_targets(w, rec.times, example.events, classes, rec.rate_hz)
    middle = np.minimum(np.arange(count) * w.stride + w.window // 2, len(rec.times) - 1)
    keep = np.ones(count, dtype=bool)
    for start, end in example.ignore:
        keep &= ~((rec.times[middle] >= start) & (rec.times[middle] < end))
    return windows(w, rec, 0, count)[keep], y[keep]
