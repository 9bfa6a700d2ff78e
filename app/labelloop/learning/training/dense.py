"""The dense task: a class and a boundary score for every frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from labelloop.labeling.postprocess import PostSettings
from labelloop.labeling.tuning import Scored, goal
from labelloop.learning.data.prepared import Prepared
from labelloop.learning.data.sampling import Augment, Sampler
from labelloop.learning.networks.description import Network, receptive_field
from labelloop.learning.predicting.scores import dense_scores
from labelloop.learning.training.fit import table_scores

Array = npt.NDArray[Any]
SMOOTHING = 0.05  # of the class targets
BALANCE = 0.25  # exponent of the inverse class frequency
BOUNDARY = 1.0  # weight of the boundary loss


class DenseTask:
    """Learning classes and boundaries of frames from prepared sessions."""

    def __init__(
        self,
        network: Network,
        train: Sequence[Prepared],
        validation: Sequence[Prepared],
        classes: Sequence[str],
        settings: PostSettings,
        seed: int,
        *,
        batch: int = 16,
        length: int = 256,
        augment: Augment | None = None,
        smoothing: float = SMOOTHING,
        emphasis: Array | None = None,
    ) -> None:
        self.network = network
        self._smoothing = smoothing
        self._validation, self._classes, self._settings = validation, classes, settings
        self._weights = class_weights(train, BALANCE)
        if emphasis is not None:
            self._weights = self._weights * emphasis
        reach = receptive_field(network)
        self._sampler = Sampler(train, length, batch, augment or Augment(), reach, seed)

    def draw(self) -> tuple[Array, ...]:
        """x (batch, frames, features), class and boundary targets, weights (batch, frames)."""
        return self._sampler.draw()

    def loss(self, tf: Any, outputs: Sequence[Any], rest: Sequence[Any]) -> tuple[Any, Any]:
        """Weighted cross-entropy of classes plus that of boundaries, mean over frames that count."""
        scores, edges = outputs
        y, b, w = rest
        width = int(y.shape[-1])
        soft = y * (1 - self._smoothing) + self._smoothing / width
        each = -tf.reduce_sum(soft * tf.math.log(scores + 1e-7), -1) * tf.reduce_sum(y * self._weights, -1)
        p = tf.clip_by_value(edges, 1e-6, 1 - 1e-6)
        near = -(b * tf.math.log(p) + (1 - b) * tf.math.log(1 - p)) * (1 + 3 * b)
        total = tf.reduce_sum((each + BOUNDARY * tf.reduce_mean(near, -1)) * w) / (tf.reduce_sum(w) + 1e-6)
        flat = [tf.reshape(tf.argmax(v, -1), [-1]) for v in (y, scores)]
        return total, tf.math.confusion_matrix(*flat, width, tf.reshape(w, [-1]), dtype=tf.float32)

    def measure(self, weights: Mapping[str, Sequence[Array]]) -> dict[str, float]:
        """Loss, accuracy, F1 of frames and event F1 on Validation; without it, later is better."""
        if not self._validation:
            return {"choice": 0.0}
        items: list[Scored] = []
        width = len(self._classes) + 1
        loss, table = 0.0, np.zeros((width, width))
        for s in self._validation:
            scores, edges = dense_scores(self.network, weights, s.x)
            y, w = s.targets.classes, s.targets.weight
            loss -= float(((y * np.log(np.clip(scores, 1e-7, 1))).sum(axis=1) * w).sum())
            np.add.at(table, (y.argmax(axis=1), scores.argmax(axis=1)), w)
            items.append(Scored(scores, edges, s.times, s.truth, s.ignore))
        loss /= max(1.0, float(table.sum()))
        accuracy, f1 = table_scores(table)
        found = goal(items, self._classes, self._settings)
        metric = found - 0.05 * loss
        return {"val_loss": loss, "val_accuracy": accuracy, "val_f1": f1, "event_f1": found, "choice": metric}


def class_weights(sessions: Sequence[Prepared], exponent: float) -> Array:
    """Loss weight of each class, (1 + classes,), by inverse frequency, mean 1 over frames."""
    total = np.sum([(s.targets.classes * s.targets.weight[:, None]).sum(axis=0) for s in sessions], axis=0)
    share = np.maximum(total / max(1.0, total.sum()), 1e-4)
    weight = np.clip((1 / (len(share) * share)) ** exponent, 0.2, 5.0)
    return np.asarray(weight / (weight * share).sum(), dtype=np.float32)
