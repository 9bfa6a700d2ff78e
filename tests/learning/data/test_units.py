"""Preprocessors give the same windows wherever a recording is cut, and those that Studio's own give."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from labelloop.learning.data.units import Chain, apply, mel_filters
from labelloop.learning.predicting.model_io import load_model
from labelloop.storage.signals import SignalStore
from tests.learning.made import Made
from tests.where import SHARED, needs_shared

MODELS = SHARED / "studio" / "models"
SPECTRA = {
    "channels": 1,
    "levels": [
        {
            "shape": [64],
            "stride": 16,
            "ops": [
                {"op": "hann", "sym": True, "axis": 0},
                {"op": "rfft"},
                {"op": "abs"},
                {"op": "mel", "filters": 5, "bins": 33, "rate": 1000.0, "low": 20.0, "high": 500.0},
                {"op": "add", "value": 1.0},
                {"op": "log", "base": 0.0},
            ],
        },
        {"shape": [8, 5], "stride": 10, "ops": []},
    ],
}


def noise(samples: int, channels: int = 1) -> Made:
    x = np.random.default_rng(0).normal(size=(samples, channels))
    return Made(np.arange(samples) / 1000, x)


def test_a_flat_window_takes_numbers_in_their_order() -> None:
    chain = Chain.from_json({"channels": 6, "levels": [{"shape": [100, 3], "stride": 60, "ops": []}]})
    rec = noise(200, 6)
    assert (chain.count(200), chain.stride, chain.window) == (16, 10.0, 50.0)
    x = chain.cut(rec, 2, 4)
    assert x.shape == (2, 100, 3)
    assert np.array_equal(x[1].reshape(-1), rec.x[30:80].reshape(-1))


def test_windows_of_spectra_are_those_of_the_formula() -> None:
    chain, rec = Chain.from_json(SPECTRA), noise(1000)
    assert chain.count(1000) == ((1000 - 64) // 16 + 1) * 5 // 10 - 3
    assert (chain.stride, chain.window) == (32.0, 7 * 16 + 64)
    frame = rec.x[3 * 16 : 3 * 16 + 64, 0] * np.hanning(64)
    expected = np.log(np.abs(np.fft.rfft(frame)) @ mel_filters(5, 33, 1000.0, 20.0, 500.0) + 1)
    assert chain.cut(rec, 0, 1)[0, 3] == pytest.approx(expected, abs=1e-5)


def test_any_cut_gives_the_same_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    chain, rec = Chain.from_json(SPECTRA), noise(1000)
    whole = chain.cut(rec, 0, chain.count(1000))
    assert Chain.from_json(chain.to_json()) == chain
    monkeypatch.setattr("labelloop.learning.data.units.AT_ONCE", 150)
    assert np.array_equal(chain.cut(rec, 0, chain.count(1000)), whole)
    assert np.array_equal(chain.cut(rec, 5, 9), whole[5:9])


def test_behind_the_end_are_zeros() -> None:
    chain = Chain.from_json({"channels": 1, "levels": [{"shape": [10, 1], "stride": 10, "ops": []}]})
    assert chain.count(5) == 0
    assert chain.cut(noise(5), 0, 1)[0, 5:].tolist() == [[0.0]] * 5


def test_steps_one_by_one() -> None:
    x = np.array([[1.0, 4.0]])
    assert apply({"op": "clip", "min": 2, "max": 3}, x).tolist() == [[2, 3]]
    assert apply({"op": "log", "base": 2.0}, x).tolist() == [[0, 2]]
    assert apply({"op": "multiply", "value": 2.0}, x).tolist() == [[2, 8]]
    assert np.isfinite(apply({"op": "log", "base": 0.0}, np.zeros((1, 2)))).all()
    with pytest.raises(ValueError, match="odd"):
        apply({"op": "odd"}, x)


def published(path: Path) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """The classes' answers in one of Studio's output files, without time and duration."""
    with path.open() as file:
        rows = [row for row in csv.reader(file) if row and row[0][:1].isdigit()]
    return np.array(rows, dtype=np.float64)[:, 2:]


@needs_shared
@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("TouchDetection", 5e-5),
        ("DrillMaterialDetectionIMU", 5e-5),
        ("DrillMaterialDetectionMicrophone", 5e-5),
        ("BabyCryDetection", 1e-3),
    ],
)
def test_models_of_studio_answer_as_studio_says(tmp_path: Path, name: str, most: float) -> None:
    folder = MODELS / name
    model = load_model(next(folder.glob("*.h5")))
    recording = SignalStore(tmp_path).load(next(p for p in folder.iterdir() if "_input." in p.name))
    scores, boundary, times = model.scores(recording)
    expected = published(next(folder.glob("*_output.data")))
    count = min(len(scores), len(expected))
    assert count > 40
    assert np.abs(scores[:count] - expected[:count]).max() < most
    assert boundary is None
    assert (len(times), times[-1]) == (len(scores) + 1, recording.times[-1])
    assert (np.diff(times) >= 0).all()
