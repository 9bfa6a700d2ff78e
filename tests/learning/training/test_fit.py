"""The training loop: how long it goes on, what it keeps, who may end it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from labelloop.learning.networks.description import Graph, Network, initial_weights
from labelloop.learning.training.fit import Fitted, Schedule, Watch, fit, table_scores


def _network() -> Network:
    g = Graph()
    x = g.add("InputLayer", name="frames", shape=[2])
    x = g.add("Dense", [x], name="last", units=2, activation="softmax")
    return Network(tuple(g.nodes), (x,))


class _Signs:
    """The sign of the first of two numbers; Validation's metric follows a script."""

    def __init__(self, *metrics: float) -> None:
        self.network, self._metrics = _network(), list(metrics)
        self._rng = np.random.default_rng(0)

    def draw(self) -> tuple[Any, ...]:
        x = self._rng.normal(size=(32, 2)).astype(np.float32)
        return x, (x[:, 0] > 0).astype(np.int64)

    def loss(self, tf: Any, outputs: Sequence[Any], rest: Sequence[Any]) -> tuple[Any, Any]:
        y = tf.one_hot(rest[0], 2)
        found = tf.argmax(outputs[0], -1)
        table = tf.math.confusion_matrix(rest[0], found, 2, dtype=tf.float32)
        return -tf.reduce_mean(tf.reduce_sum(y * tf.math.log(outputs[0] + 1e-7), -1)), table

    def measure(self, weights: Mapping[str, Sequence[Any]]) -> dict[str, float]:
        return {"choice": self._metrics.pop(0) if self._metrics else 0.0}


FAST = Schedule(epochs=4, steps=8, rate=0.3, average=0.0)


def test_it_learns_and_tells_each_epoch() -> None:
    rows: list[int] = []

    def told(row: dict[str, float], _: Fitted) -> bool:
        rows.append(int(row["epoch"]))
        return True

    watch = Watch(epoch=told)
    out = fit(_Signs(1, 2, 3, 4), FAST, 1, watch)
    assert rows == [1, 2, 3, 4]
    assert out.history[-1]["accuracy"] > 0.9
    assert out.history[-1]["loss"] < out.history[0]["loss"]


def test_the_best_epoch_is_kept_of_equals_the_later() -> None:
    kept: list[Any] = []

    def told(_: dict[str, float], fitted: Fitted) -> bool:
        kept.append(fitted.last["last"][0].copy())
        return True

    watch = Watch(epoch=told)
    out = fit(_Signs(1, 5, 5, 2), FAST, 1, watch)
    assert out.best == 5
    np.testing.assert_array_equal(out.weights["last"][0], kept[2])
    np.testing.assert_array_equal(out.last["last"][0], kept[3])


def test_it_ends_when_nothing_gets_better() -> None:
    out = fit(_Signs(5, 1, 1, 1, 1, 1), Schedule(epochs=6, steps=2, patience=1), 1)
    assert len(out.history) == 3


def test_a_broken_epoch_is_not_counted() -> None:
    seen: list[int] = []

    def batch(number: int, steps: int) -> bool:
        seen.append(number)
        return len(seen) < 12

    out = fit(_Signs(1, 2), FAST, 1, Watch(batch=batch))
    assert len(out.history) == 1


def test_it_goes_on_where_another_run_was() -> None:
    first = fit(_Signs(1, 2), Schedule(epochs=2, steps=2), 1)
    start = Fitted(first.weights, history=list(first.history), best=first.best)
    out = fit(_Signs(0, 0), Schedule(epochs=4, steps=2), 1, start=start)
    assert [row["epoch"] for row in out.history] == [1, 2, 3, 4]
    assert out.best == 2


def test_nothing_left_to_learn_leaves_what_there_was() -> None:
    start = Fitted(initial_weights(_network(), 3), history=[{"epoch": 1.0}] * 2, best=7)
    out = fit(_Signs(), Schedule(epochs=2, steps=2), 1, start=start)
    assert out.best == 7
    np.testing.assert_array_equal(out.weights["last"][0], initial_weights(_network(), 3)["last"][0])


@pytest.mark.parametrize(
    ("table", "accuracy", "f1"),
    [
        ([[2, 0], [0, 2]], 1.0, 1.0),
        ([[2, 2], [0, 0]], 0.5, (4 / 6 + 0) / 2),
        ([[3, 0], [0, 0]], 1.0, 1.0),
        ([[0, 0], [0, 0]], 0.0, 1.0),
    ],
)
def test_scores_of_a_table(table: list[list[int]], accuracy: float, f1: float) -> None:
    assert table_scores(np.array(table)) == pytest.approx((accuracy, f1))
