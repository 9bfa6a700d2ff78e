"""The usual time step of a signal, and its gaps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from labelloop.storage.signals import SignalStore
from labelloop.storage.timing import GAP, find_gaps, usual_rate
from tests.storage.made_up import write_csv


def _signal(tmp_path: Path, times: list[float]) -> object:
    path = write_csv(tmp_path / "data.csv", np.array(times), np.zeros((1, len(times)), np.float32))
    return SignalStore(tmp_path / "cache").load(path)


def _samples(tmp_path: Path, times: list[float]):  # type: ignore[no-untyped-def]
    return _signal(tmp_path, times)._samples  # type: ignore[attr-defined]


def test_an_even_signal_has_its_rate(tmp_path: Path) -> None:
    assert usual_rate(_samples(tmp_path, [n / 50 for n in range(500)])) == pytest.approx(50)


def test_gaps_do_not_lower_the_rate(tmp_path: Path) -> None:
    times = [n / 50 + (100 if n >= 250 else 0) for n in range(500)]
    samples = _samples(tmp_path, times)
    assert usual_rate(samples) == pytest.approx(50)
    assert find_gaps(samples, GAP / 50) == [(times[249], times[250])]


def test_gaps_are_found_across_marks(tmp_path: Path) -> None:
    cuts = (1023, 1024, 2100)
    times = [n / 10 + 50 * sum(n >= cut for cut in cuts) for n in range(3000)]
    found = find_gaps(_samples(tmp_path, times), 1.0)
    assert found == [(times[cut - 1], times[cut]) for cut in cuts]


def test_one_sample_and_equal_times_have_no_rate(tmp_path: Path) -> None:
    assert usual_rate(_samples(tmp_path, [3.0])) == 0.0
    (tmp_path / "data.csv").unlink()
    assert usual_rate(_samples(tmp_path, [3.0, 3.0, 3.0])) == 0.0
