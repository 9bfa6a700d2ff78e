"""The dense task: how classes weigh, and what Validation measures."""

from __future__ import annotations

import numpy as np
import pytest

from labelloop.labeling.postprocess import PostSettings
from labelloop.learning.networks.description import dense_network, initial_weights
from labelloop.learning.training.dense import DenseTask, class_weights
from tests.learning.data.test_sampling import _session


def test_weights_have_a_mean_of_one_over_frames() -> None:
    weights = class_weights([_session()], 0.25)
    share = np.array([0.9, 0.1, 0.0])
    assert float((weights * share).sum()) == pytest.approx(1, abs=1e-3)
    assert weights[1] > weights[0]


def test_without_an_exponent_all_weigh_the_same() -> None:
    weights = class_weights([_session()], 0.0)
    assert weights.tolist() == pytest.approx([1.0, 1.0, 1.0], abs=1e-3)


def _task(validation: bool) -> DenseTask:
    network = dense_network(1, 2, 8, (1, 2), 0.0)
    held = [_session()] if validation else []
    return DenseTask(network, [_session()], held, ("up", "down"), PostSettings(), 1, batch=2, length=32)


def test_a_batch_has_what_the_loss_needs() -> None:
    x, y, b, w = _task(True).draw()
    assert (x.shape, y.shape, b.shape, w.shape) == ((2, 32, 1), (2, 32, 3), (2, 32, 2), (2, 32))


def test_validation_is_measured() -> None:
    task = _task(True)
    found = task.measure(initial_weights(task.network, 1))
    assert found["val_loss"] > 0
    assert 0 <= found["val_accuracy"] <= 1
    assert found["choice"] == pytest.approx(found["event_f1"] - 0.05 * found["val_loss"])


def test_without_validation_later_is_better() -> None:
    task = _task(False)
    assert task.measure(initial_weights(task.network, 1)) == {"choice": 0.0}


def test_the_user_s_weights_come_on_top() -> None:
    network, settings = dense_network(1, 2, 8, (1, 2), 0.0), PostSettings()
    plain = DenseTask(network, [_session()], [], ("up", "down"), settings, 1)
    given = np.array([1.0, 2.0, 0.0], dtype=np.float32)
    weighed = DenseTask(network, [_session()], [], ("up", "down"), settings, 1, emphasis=given)
    assert weighed._weights.tolist() == pytest.approx((plain._weights * given).tolist())
