"""How features are brought to one scale."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from labelloop.learning.data.prepared import GLOBAL, KNEE, LIMIT, SESSION, Norm, squashed

VALUES = st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=30)


@given(VALUES)
def test_squashing_keeps_order_sign_and_what_is_usual(values: list[float]) -> None:
    x = np.sort(np.array(values, dtype=np.float32))
    y = squashed(x.copy())
    usual = np.abs(x) <= KNEE
    np.testing.assert_array_equal(y[usual], x[usual])
    assert (np.diff(y) >= 0).all()
    assert (np.abs(y) <= LIMIT).all()
    assert (np.sign(y) == np.sign(x)).all()


def test_a_session_is_scaled_by_its_own_figures_only_when_asked() -> None:
    x = np.random.default_rng(0).normal(5, 2, (500, 1, 3)).astype(np.float32)
    mean, spread = np.full((1, 3), 4.0), np.full((1, 3), 2.0)
    own = Norm(SESSION, mean, spread).apply(x)
    np.testing.assert_allclose(own.mean(axis=0), 0, atol=0.05)
    every = Norm(GLOBAL, mean, spread).apply(x)
    np.testing.assert_allclose(every.mean(axis=0), (x.mean(axis=0) - 4) / 2, atol=0.02)
    np.testing.assert_allclose(x.mean(), 5, atol=0.2)  # the features themselves are left as they were
