"""The rows that are read already, while another process reads on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from labelloop.storage.signals import Signal, SignalStore
from tests.storage.made_up import jittered, write_csv


@pytest.fixture
def store(tmp_path: Path) -> SignalStore:
    return SignalStore(tmp_path / "project" / ".labelloop" / "cache")


def test_the_part_that_was_read_can_be_drawn(store: SignalStore, tmp_path: Path) -> None:
    times, samples = jittered(60_000, 3)
    path = write_csv(tmp_path / "data.csv", times, samples)
    found: list[Signal] = []

    def look(rows: int, total: int) -> None:
        if part := store.partial(path):
            found.append(part)

    store.load(path, look)
    part = found[0]
    assert not part.complete
    assert part.total == 60_000
    assert part.rate_hz == pytest.approx(100, rel=0.05)
    np.testing.assert_array_equal(part.read(0, part.n), samples[:, : part.n].T)
    low, high = part.envelope_at(0, np.linspace(times[0], times[-1], 50))
    assert np.isfinite(low[0])
    assert np.isnan(high[-1])
    assert store.partial(path) is None
